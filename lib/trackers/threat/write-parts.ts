import { gramsOf } from "@/lib/indicators/grams";
import { lit, type Queryable } from "@/lib/platform";
import { insertInto } from "@/lib/records";
import { NO_DIGEST } from "./identity";
import { ATTRIBUTE_COLUMNS, OBJECT_COLUMNS, type PreparedAttribute, type PreparedEvent, type PreparedPart, REFERENCE_COLUMNS } from "./prepare";

/** What became of an event's attributes. */
export interface PartChanges {
	fresh: PreparedAttribute[];
	changed: PreparedAttribute[];
	/** ids of those that the event no longer has: kept as deleted */
	gone: Buffer[];
	/** attributes and objects that are not deleted, after this */
	attributes: number;
	objects: number;
}

interface KnownPart {
	event_id: Buffer;
	id: Buffer;
	digest: Buffer;
	deleted: number | boolean;
}

/** What an event says of one kind of its parts, against what is stored. */
interface Diff<Part extends PreparedPart> {
	fresh: Part[];
	changed: Part[];
	gone: Buffer[];
	/** that are not deleted, afterwards and before */
	active: number;
	activeBefore: number;
	/** whether a part is stored and not deleted */
	wasActive: (part: Part) => boolean;
}

interface Kind<Part extends PreparedPart> {
	table: string;
	columns: string;
	partsOf: (event: PreparedEvent) => readonly Part[];
}

export const ATTRIBUTES: Kind<PreparedAttribute> = { table: "threat_attribute", columns: ATTRIBUTE_COLUMNS, partsOf: (event) => event.attributes };
export const OBJECTS: Kind<PreparedPart> = { table: "threat_object", columns: OBJECT_COLUMNS, partsOf: (event) => event.objects };
export const REFERENCES: Kind<PreparedPart> = { table: "threat_reference", columns: REFERENCE_COLUMNS, partsOf: (event) => event.references };

/** Characters of a value that word search reads. */
const MAX_SEARCHED = 4000;

function update(columns: string): string {
	const names = columns.split(",").slice(2);
	return `ON DUPLICATE KEY UPDATE ${names.map((name) => `${name} = VALUES(${name})`).join(", ")}`;
}

function diff<Part extends PreparedPart>(parts: readonly Part[], known: ReadonlyMap<string, KnownPart>, incomplete: boolean): Diff<Part> {
	const isActive = (before: KnownPart | undefined): boolean => before !== undefined && Number(before.deleted) !== 1;
	const found: Diff<Part> = { fresh: [], changed: [], gone: [], active: 0, activeBefore: 0, wasActive: (part) => isActive(known.get(part.id.toString("latin1"))) };
	const seen = new Set<string>();
	for (const part of parts) {
		const key = part.id.toString("latin1");
		seen.add(key);
		if (!part.deleted) found.active++;
		const before = known.get(key);
		if (before === undefined) found.fresh.push(part);
		else if (!before.digest.equals(part.digest)) found.changed.push(part);
	}
	for (const [key, before] of known) {
		if (!isActive(before)) continue;
		found.activeBefore++;
		if (seen.has(key)) continue;
		// What could not be read is not gone.
		if (incomplete) found.active++;
		else found.gone.push(before.id);
	}
	return found;
}

type Known = ReadonlyMap<string, ReadonlyMap<string, KnownPart>>;

/** Rows of one answer: PlanetScale gives 100,000 at most. */
const ANSWER_ROWS = 20_000;

/** Rows of the parts of some events, ascending by event and part. No answer is longer than `ANSWER_ROWS`, however large an event is. */
async function* knownParts(tx: Queryable, table: string, events: readonly Buffer[]): AsyncGenerator<KnownPart[]> {
	const read = (where: string): Promise<KnownPart[]> => tx.query<KnownPart>(`SELECT event_id, id, digest, deleted FROM ${table} WHERE ${where} ORDER BY event_id, id LIMIT ${ANSWER_ROWS}`);
	let left = [...events].sort((a, b) => a.compare(b));
	while (left.length > 0) {
		const asked = left.slice(0, 50);
		let rows = await read(`event_id IN (${asked.map((id) => lit(id)).join(",")})`);
		yield rows;
		const cutIn = rows.length < ANSWER_ROWS ? undefined : rows.at(-1)?.event_id;
		while (rows.length === ANSWER_ROWS) {
			const last = rows[rows.length - 1] as KnownPart;
			rows = await read(`event_id = ${lit(last.event_id)} AND id > ${lit(last.id)}`);
			yield rows;
		}
		left = cutIn === undefined ? left.slice(asked.length) : left.filter((id) => id.compare(cutIn) > 0);
	}
}

/** Ids and digests of the parts of some events, by event. */
async function readParts(tx: Queryable, table: string, events: readonly Buffer[]): Promise<Known> {
	const found = new Map<string, Map<string, KnownPart>>();
	for await (const rows of knownParts(tx, table, events)) {
		for (const row of rows) {
			const key = row.event_id.toString("latin1");
			const parts = found.get(key) ?? new Map<string, KnownPart>();
			parts.set(row.id.toString("latin1"), row);
			found.set(key, parts);
		}
	}
	return found;
}

/** Ids of an event's parts of one kind that `wanted` says yes to. */
export async function partIds(tx: Queryable, table: string, event: Buffer, wanted: (part: { digest: Buffer; deleted: boolean }) => boolean): Promise<Buffer[]> {
	const found: Buffer[] = [];
	for await (const rows of knownParts(tx, table, [event])) for (const { id, digest, deleted } of rows) if (wanted({ digest, deleted: Number(deleted) === 1 })) found.push(id);
	return found;
}

/** Runs a statement for lists of a thousand ids. */
export async function inLists(ids: readonly Buffer[], run: (list: string) => Promise<unknown>): Promise<void> {
	for (let at = 0; at < ids.length; at += 1000) {
		await run(
			ids
				.slice(at, at + 1000)
				.map((id) => lit(id))
				.join(","),
		);
	}
}

function dropTexts(tx: Queryable, event: Buffer, attributes: readonly Buffer[]): Promise<void> {
	return inLists(attributes, (list) => tx.execute(`DELETE FROM threat_attribute_text WHERE event_id = ${lit(event)} AND id IN (${list})`));
}

/** Keeps parts as deleted that their event no longer has. */
export async function markGone(tx: Queryable, table: string, event: Buffer, gone: readonly Buffer[]): Promise<void> {
	await inLists(gone, (list) => tx.execute(`UPDATE ${table} SET deleted = 1, digest = ${lit(NO_DIGEST)} WHERE event_id = ${lit(event)} AND id IN (${list})`));
	if (table === "threat_attribute") await dropTexts(tx, event, gone);
}

function textTuple(event: Buffer, { id, item }: PreparedAttribute): string {
	const text = item.value.slice(0, MAX_SEARCHED).toWellFormed().toLowerCase().replace(/\s+/g, " ");
	return `(${lit(event)},${lit(id)},${lit(text)},${lit(gramsOf(text).join(" "))})`;
}

/** Writes what word search reads of attributes, and drops it for those that were deleted. */
export async function writeTexts(tx: Queryable, written: ReadonlyArray<{ event: Buffer; changes: Pick<PartChanges, "fresh" | "changed"> }>): Promise<void> {
	const texts: string[] = [];
	for (const { event, changes } of written) {
		await dropTexts(
			tx,
			event,
			changes.changed.filter(({ deleted }) => deleted).map(({ id }) => id),
		);
		for (const attribute of [...changes.fresh, ...changes.changed]) if (!attribute.deleted) texts.push(textTuple(event, attribute));
	}
	await insertInto(tx, "INSERT INTO threat_attribute_text (event_id,id,text,grams) VALUES", texts, "ON DUPLICATE KEY UPDATE text = VALUES(text), grams = VALUES(grams)");
}

interface Written {
	event: PreparedEvent;
	known: unknown;
}

/** Compares one kind of part of some events with what is stored, event by event. */
export async function compareParts<Part extends PreparedPart>(tx: Queryable, events: readonly Written[], kind: Kind<Part>): Promise<Array<Diff<Part>>> {
	const known = await readParts(
		tx,
		kind.table,
		events.filter((one) => one.known !== undefined).map(({ event }) => event.id),
	);
	return events.map(({ event }) => diff(kind.partsOf(event), known.get(event.id.toString("latin1")) ?? new Map<string, KnownPart>(), event.item.incomplete === true));
}

/** Writes parts of one kind, whatever events they are of. */
export async function upsertParts(tx: Queryable, kind: Pick<Kind<PreparedPart>, "table" | "columns">, parts: readonly PreparedPart[]): Promise<void> {
	await insertInto(
		tx,
		`INSERT INTO ${kind.table} (${kind.columns}) VALUES`,
		parts.map((part) => part.tuple()),
		update(kind.columns),
	);
}

/** Brings one kind of part of some events up to date and gives what was done for each. */
async function writeKind<Part extends PreparedPart>(tx: Queryable, events: readonly Written[], kind: Kind<Part>): Promise<Array<Diff<Part>>> {
	const diffs = await compareParts(tx, events, kind);
	await upsertParts(
		tx,
		kind,
		diffs.flatMap(({ fresh, changed }) => [...fresh, ...changed]),
	);
	for (const [at, { gone }] of diffs.entries()) await markGone(tx, kind.table, (events[at] as Written).event.id, gone);
	return diffs;
}

/** Writes attributes, objects and references of some events, those that changed only. Gives what became of them, event by event. */
export async function writeParts(tx: Queryable, events: readonly Written[]): Promise<PartChanges[]> {
	const attributes = await writeKind(tx, events, ATTRIBUTES);
	const objects = await writeKind(tx, events, OBJECTS);
	await writeKind(tx, events, REFERENCES);
	await writeTexts(
		tx,
		attributes.map((changes, at) => ({ event: (events[at] as Written).event.id, changes })),
	);
	return attributes.map(({ fresh, changed, gone, active }, at) => ({ fresh, changed, gone, attributes: active, objects: objects[at]?.active ?? 0 }));
}
