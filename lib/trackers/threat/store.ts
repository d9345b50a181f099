import type { Queryable } from "@/lib/platform";
import { lit } from "@/lib/platform";
import { type Mention, type RecordStore, readByIds, type SetAsideItem, type StoreContext, type StoreCounts, writeMentions, writeRecordText } from "@/lib/records";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { mispUpload } from "@/lib/sources/threat/misp-upload";
import { MentionReader } from "./mentions";
import { type PreparedEvent, prepareEvent } from "./prepare";
import { removeMissing } from "./roster";
import { isServer, moveDays, writeEventRows } from "./write-events";
import { type PartChanges, writeParts } from "./write-parts";

/** What is stored of an event that comes again. */
export interface KnownEvent {
	id: Buffer;
	number: number;
	source: number;
	digest: Buffer;
	modified_at: Date;
	published_at: Date;
	deleted_at: Date | null;
}

type Located<Item> = { item: Item; where: string };

async function readKnown(tx: Queryable, events: readonly PreparedEvent[]): Promise<ReadonlyMap<string, KnownEvent>> {
	const rows = await readByIds<KnownEvent>(
		tx,
		events.map(({ id }) => id),
		(list) => `SELECT id, number, source, digest, modified_at, published_at, deleted_at FROM threat_event WHERE id IN (${list})`,
	);
	return new Map(rows.map((row) => [row.id.toString("latin1"), row]));
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

/** Sources whose word counts for events of others as well: the team's own server, and files that somebody of the team imports. */
function isTrusted(context: StoreContext): boolean {
	return isServer(context) || context.source.number === mispUpload.number;
}

/** A clock may be wrong by a day; an event from further ahead would be the newest for good. */
const AHEAD_MS = 26 * 3600_000;

function fromTheFuture({ modifiedAt, publishedAt }: ThreatItem, context: StoreContext): boolean {
	const latest = context.at.getTime() + AHEAD_MS;
	return modifiedAt.getTime() > latest || (publishedAt !== undefined && publishedAt.getTime() > latest);
}

/** Each event once, the newest state of it. */
function distinct(items: ReadonlyArray<Located<ThreatItem>>, context: StoreContext): PreparedEvent[] {
	const found = new Map<string, PreparedEvent>();
	for (const { item, where } of items) {
		const before = found.get(item.uuid);
		if (before === undefined || before.item.modifiedAt <= item.modifiedAt) found.set(item.uuid, prepareEvent(item, where, isServer(context)));
	}
	return [...found.values()].sort((a, b) => a.id.compare(b.id));
}

/** What word search reads of an event: its title first, then who and what, then its values as far as they fit. */
function textOf({ item, attributes }: PreparedEvent): string[] {
	const clusters = item.galaxies.flatMap(({ name, clusters: named }) => [name, ...named.map(({ value }) => value)]);
	const values = attributes.filter(({ deleted }) => !deleted).map((attribute) => attribute.item.value);
	return [item.info, [item.orgc?.name, item.org?.name].filter((name) => name !== undefined).join(" "), item.tags.map(({ name }) => name).join(" "), clusters.join(" "), ...values.slice(0, 2000)];
}

async function writeNamed(tx: Queryable, event: PreparedEvent, known: KnownEvent | undefined, changes: PartChanges, reader: MentionReader, context: StoreContext): Promise<number> {
	const record = lit(event.id);
	if (known !== undefined) {
		const parts = [Buffer.alloc(16), ...changes.changed.map(({ id }) => id), ...changes.gone];
		for (let at = 0; at < parts.length; at += 1000) {
			const list = parts
				.slice(at, at + 1000)
				.map((id) => lit(id))
				.join(",");
			await tx.execute(`DELETE FROM mention WHERE record_id = ${record} AND tracker = 'threat' AND part IN (${list})`);
		}
		if (known.published_at.getTime() !== event.publishedAt.getTime()) await tx.execute(`UPDATE mention SET at = ${lit(event.publishedAt)} WHERE record_id = ${record} AND tracker = 'threat'`);
	}
	const mentions: Mention[] = [...reader.title(event), ...[...changes.fresh, ...changes.changed].flatMap((attribute) => reader.attribute(attribute))];
	return writeMentions(tx, "threat", [{ id: event.id, at: event.publishedAt, mentions }], [], context);
}

async function storeEvents(tx: Queryable, items: ReadonlyArray<Located<ThreatItem>>, context: StoreContext): Promise<StoreCounts> {
	const events = distinct(items, context);
	const known = await readKnown(tx, events);
	const counts: StoreCounts = { new: 0, updated: 0, unchanged: 0, duplicates: items.length - events.length, setAside: [] };
	const written: Array<{ event: PreparedEvent; known: KnownEvent | undefined }> = [];
	for (const event of events) {
		const before = known.get(event.id.toString("latin1"));
		if (before !== undefined && (before.digest.equals(event.digest) || saysLess(event, before, context))) {
			counts.unchanged++;
			continue;
		}
		if (before === undefined) counts.new++;
		else counts.updated++;
		written.push({ event, known: before });
	}
	if (written.length === 0) return counts;
	const changes = await writeParts(tx, written);
	await writeEventRows(tx, written, changes, context);
	const reader = new MentionReader(context.ownDomains);
	let indicators = 0;
	for (const [at, { event, known: before }] of written.entries()) indicators += await writeNamed(tx, event, before, changes[at] as PartChanges, reader, context);
	await writeRecordText(
		tx,
		"threat",
		written.map(({ event }) => ({ id: event.id, at: event.publishedAt, text: textOf(event), values: [] })),
	);
	await moveDays(tx, written, indicators, context);
	return counts;
}

/**
 * The store of MISP events: an event is written when its digest changed and it is not older than what is stored, and of its parts
 * only those that changed. Parts that are gone from a complete event stay as deleted. A roster marks events that are gone.
 */
export const threatStore: RecordStore<ThreatItem | ThreatRoster> = {
	async store(tx, items, context) {
		const all = items.filter((one): one is Located<ThreatItem> => one.item.kind === "event");
		const events = all.filter(({ item }) => !fromTheFuture(item, context));
		const rosters = items.filter((one): one is Located<ThreatRoster> => one.item.kind === "roster");
		const counts = await storeEvents(tx, events, context);
		const setAside: SetAsideItem[] = [...counts.setAside];
		for (const { item, where } of all)
			if (fromTheFuture(item, context)) setAside.push({ where, reason: `its timestamp ${item.modifiedAt.toISOString()} lies in the future`, excerpt: item.info.slice(0, 200) });
		for (const { item, where } of rosters) {
			const { removed, refused } = await removeMissing(tx, item, context);
			counts.updated += removed;
			if (refused !== null) setAside.push({ where, reason: refused, excerpt: "" });
		}
		return { ...counts, setAside };
	},
};
