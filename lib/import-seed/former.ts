import { type AnySource, allSources } from "@/lib/sources";
import type { Category, SourceBasics } from "@/lib/sources/define";

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

export type RecordOwner = SourceBasics & { tracker: AnySource["tracker"] };

/** Numbers of records whose source is gone, or was the original as a whole. Never used again. */
const IMPORTED: Readonly<Record<string, { number: number; id: string; name: string }>> = {
	"threat 0": { number: 1299, id: "imported-misp", name: "MISP (imported)" },
	"twitter 0": { number: 1399, id: "imported-twitter", name: "Twitter (imported)" },
	"news 0": { number: 1499, id: "imported-news", name: "News (imported)" },
	"vuln 101": { number: 1599, id: "imported-vulndb", name: "VulnDB" },
	"vuln 201": { number: 1598, id: "imported-jvn", name: "JVN" },
};

/** Sources of today that read what the original read without a number of its own: its MISP server, its timeline. */
const SUCCESSORS: Readonly<Record<string, string>> = { "threat 0": "misp-server", "twitter 0": "x-home" };

/**
 * The source that owns a record of the original: the one of today that took over its number, else one that only names where the
 * record came from. Null for a number that the original did not have.
 */
export function ownerOf(tracker: AnySource["tracker"], former: number): RecordOwner | null {
	const key = `${tracker} ${former}`;
	const today = allSources.find((source) => source.tracker === tracker && (source.formerNumbers?.includes(former) === true || source.id === SUCCESSORS[key]));
	if (today !== undefined) return today;
	const imported = IMPORTED[key];
	if (imported === undefined) return null;
	return { ...imported, tracker, homepage: "https://github.com/nict-csl/exist", everyMinutes: 1440, licence: { name: "as imported", redistributable: false } };
}
