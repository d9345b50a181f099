import type { Queryable } from "@/lib/platform";
import { readByIds, type StoreContext, type StoreCounts } from "@/lib/records";
import type { ThreatItem } from "@/lib/sources/threat/event";
import { mispUpload } from "@/lib/sources/threat/misp-upload";
import { NO_DIGEST } from "./identity";
import { type PreparedEvent, prepareEvent } from "./prepare";
import { isServer } from "./write-events";

/** What is stored of an event that comes again. */
export interface KnownEvent {
	id: Buffer;
	number: number;
	source: number;
	digest: Buffer;
	attribute_count: number;
	object_count: number;
	modified_at: Date;
	published_at: Date;
	deleted_at: Date | null;
	created_at: Date;
}

export type Located<Item> = { item: Item; where: string };

/** An event that is to be written, with what is stored of it. */
export interface ChosenEvent {
	event: PreparedEvent;
	known: KnownEvent | undefined;
}

async function readKnown(tx: Queryable, events: readonly PreparedEvent[]): Promise<ReadonlyMap<string, KnownEvent>> {
	const rows = await readByIds<KnownEvent>(
		tx,
		events.map(({ id }) => id),
		(list) => `SELECT id, number, source, digest, attribute_count, object_count, modified_at, published_at, deleted_at, created_at FROM threat_event WHERE id IN (${list})`,
	);
	return new Map(rows.map((row) => [row.id.toString("latin1"), row]));
}

/** Sources whose word counts for events of others as well: the team's own server, and files that somebody of the team imports. */
function isTrusted(context: StoreContext): boolean {
	return isServer(context) || context.source.number === mispUpload.number;
}

/** Whether an event brings less than what is stored: an older state of it, or only its line of a listing. */
function saysLess(event: PreparedEvent, known: KnownEvent, context: StoreContext): boolean {
	const { item } = event;
	if (item.incomplete === true && item.attributes.length === 0 && item.objects.length === 0) return true;
	if (item.modifiedAt.getTime() < known.modified_at.getTime()) return true;
	// An event belongs to the source that brought it first: a public feed must not rewrite what the team's own server says under
	// the same UUID. The team's server and what an analyst imports may.
	return Number(known.source) !== context.source.number && known.deleted_at === null && !isTrusted(context);
}

/** Each event once, the newest state of it. */
function distinct(items: ReadonlyArray<Located<ThreatItem>>, context: StoreContext): PreparedEvent[] {
	const found = new Map<string, Located<ThreatItem>>();
	for (const one of items) {
		const before = found.get(one.item.uuid);
		if (before === undefined || before.item.modifiedAt <= one.item.modifiedAt) found.set(one.item.uuid, one);
	}
	return [...found.values()].map(({ item, where }) => prepareEvent(item, where, isServer(context))).sort((a, b) => a.id.compare(b.id));
}

/** Whether this very run began to write an event in portions: it counted it as new then. */
function wasBegun(known: KnownEvent, context: StoreContext): boolean {
	return known.digest.equals(NO_DIGEST) && known.deleted_at === null && known.created_at.getTime() === context.at.getTime();
}

/** The events of some items that are to be written, ascending by id, and what the others count for. */
export async function chooseEvents(tx: Queryable, items: ReadonlyArray<Located<ThreatItem>>, context: StoreContext): Promise<{ chosen: ChosenEvent[]; counts: StoreCounts }> {
	const events = distinct(items, context);
	const stored = await readKnown(tx, events);
	const counts: StoreCounts = { new: 0, updated: 0, unchanged: 0, duplicates: items.length - events.length, setAside: [] };
	const chosen: ChosenEvent[] = [];
	for (const event of events) {
		const known = stored.get(event.id.toString("latin1"));
		if (known !== undefined && (known.digest.equals(event.digest) || saysLess(event, known, context))) {
			counts.unchanged++;
			continue;
		}
		if (known === undefined) counts.new++;
		else if (!wasBegun(known, context)) counts.updated++;
		chosen.push({ event, known });
	}
	return { chosen, counts };
}

/** A clock may be wrong by a day; an event from further ahead would be the newest for good. */
const AHEAD_MS = 26 * 3600_000;

/** Parts events that can be stored from those of the future. */
export function partFuture(items: ReadonlyArray<Located<ThreatItem>>, context: StoreContext): { present: Array<Located<ThreatItem>>; future: Array<Located<ThreatItem>> } {
	const latest = context.at.getTime() + AHEAD_MS;
	const present: Array<Located<ThreatItem>> = [];
	const future: Array<Located<ThreatItem>> = [];
	for (const one of items) {
		const { modifiedAt, publishedAt } = one.item;
		(modifiedAt.getTime() > latest || (publishedAt !== undefined && publishedAt.getTime() > latest) ? future : present).push(one);
	}
	return { present, future };
}
