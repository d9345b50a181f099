import type { Category } from "@/lib/domain/category";
import { recordSources } from "@/lib/sources";
import { importedSources } from "@/lib/sources/imported";
import type { AnyRecordSource, RecordTracker } from "@/lib/sources/record";

/** What the original's dead reputation sources listed; those that live on say so themselves. */
export const FORMER_CATEGORIES: Readonly<Record<number, Category>> = {
	201: "malware",
	211: "botnet-c2",
	212: "botnet-c2",
	221: "suspicious",
	222: "suspicious",
	223: "suspicious",
	231: "malware",
	251: "botnet-c2",
	252: "botnet-c2",
	291: "malware",
};

export type RecordOwner = AnyRecordSource;

/** Sources of today that read what the original read without a number of its own: its MISP server, its timeline. */
const SUCCESSORS: Readonly<Partial<Record<RecordTracker, string>>> = { threat: "misp-server", twitter: "x-home" };

/**
 * The source that owns a record of the original: the one of today that took over its number, else one that only names where the
 * record came from. Null for a number that the original did not have.
 */
export function ownerOf(tracker: RecordTracker, former: number): RecordOwner | null {
	const isOwner = (source: AnyRecordSource): boolean => source.tracker === tracker && (source.formerNumbers?.includes(former) === true || (former === 0 && source.id === SUCCESSORS[tracker]));
	return recordSources.find(isOwner) ?? importedSources.find(isOwner) ?? null;
}
