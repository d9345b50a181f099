import { gramsOf } from "@/lib/indicators/grams";
import { lit, type Queryable } from "@/lib/platform";
import { insertInto } from "@/lib/records";
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

interface Diff<Part extends PreparedPart> {
	fresh: Part[];
	changed: Part[];
	gone: Buffer[];
	active: number;
}

/** Characters of a value that word search reads. */
const MAX_SEARCHED = 4000;

/** Nothing equals it: what is marked so is written again when it comes back. */
export const NO_DIGEST = Buffer.alloc(8);

function update(columns: string): string {
	const names = columns.split(",").slice(2);
	return `ON DUPLICATE KEY UPDATE ${names.map((name) => `${name} = VALUES(${name})`).join(", ")}`;
}

function diff<Part extends PreparedPart>(parts: readonly Part[], known: ReadonlyMap<string, KnownPart>, incomplete: boolean): Diff<Part> {
	const found: Diff<Part> = { fresh: [], changed: [], gone: [], active: 0 };
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
		if (seen.has(key) || Number(before.deleted) === 1) continue;
		// What could not be read is not gone.
		if (incomplete) found.active++;
		else found.gone.push(before.id);
	}
	return found;
}

type Known = ReadonlyMap<string, ReadonlyMap<string, KnownPart>>;

/** Ids and digests of the parts of some events, by event. */
async function readParts(tx: Queryable, table: string, events: readonly Buffer[]): Promise<Known> {
	const found = new Map<string, Map<string, KnownPart>>();
	for (let at = 0; at < events.length; at += 50) {
		const list = events
			.slice(at, at + 50)
			.map((id) => lit(id))
			.join(",");
		for (const row of await tx.query<KnownPart>(`SELECT event_id, id, digest, deleted FROM ${table} WHERE event_id IN (${list})`)) {
			const key = row.event_id.toString("latin1");
			const parts = found.get(key) ?? new Map<string, KnownPart>();
			parts.set(row.id.toString("latin1"), row);
			found.set(key, parts);
		}
	}
	return found;
}

/** Runs a statement for lists of a thousand ids. */
async function inLists(ids: readonly Buffer[], run: (list: string) => Promise<unknown>): Promise<void> {
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

async function markGone(tx: Queryable, table: string, event: Buffer, gone: readonly Buffer[]): Promise<void> {
	await inLists(gone, (list) => tx.execute(`UPDATE ${table} SET deleted = 1, digest = ${lit(NO_DIGEST)} WHERE event_id = ${lit(event)} AND id IN (${list})`));
	if (table === "threat_attribute") await dropTexts(tx, event, gone);
}

function textTuple(event: Buffer, { id, item }: PreparedAttribute): string {
	const text = item.value.slice(0, MAX_SEARCHED).toWellFormed().toLowerCase().replace(/\s+/g, " ");
	return `(${lit(event)},${lit(id)},${lit(text)},${lit(gramsOf(text).join(" "))})`;
}

/** Drops the texts of what was deleted and gives the tuples of what is to be written. */
async function writeTexts(tx: Queryable, event: Buffer, { fresh, changed }: Pick<PartChanges, "fresh" | "changed">): Promise<string[]> {
	await dropTexts(
		tx,
		event,
		changed.filter(({ deleted }) => deleted).map(({ id }) => id),
	);
	return [...fresh, ...changed].filter(({ deleted }) => !deleted).map((attribute) => textTuple(event, attribute));
}

interface Written {
	event: PreparedEvent;
	known: unknown;
}

/** Brings one kind of part of some events up to date and gives what was done for each. */
async function writeKind<Part extends PreparedPart>(
	tx: Queryable,
	events: readonly Written[],
	kind: { table: string; columns: string; partsOf: (event: PreparedEvent) => readonly Part[] },
): Promise<Array<Diff<Part>>> {
	const known = await readParts(
		tx,
		kind.table,
		events.filter((one) => one.known !== undefined).map(({ event }) => event.id),
	);
	const diffs = events.map(({ event }) => diff(kind.partsOf(event), known.get(event.id.toString("latin1")) ?? new Map<string, KnownPart>(), event.item.incomplete === true));
	const written = diffs.flatMap(({ fresh, changed }) => [...fresh, ...changed]);
	await insertInto(
		tx,
		`INSERT INTO ${kind.table} (${kind.columns}) VALUES`,
		written.map((part) => part.tuple()),
		update(kind.columns),
	);
	for (const [at, { gone }] of diffs.entries()) await markGone(tx, kind.table, (events[at] as Written).event.id, gone);
	return diffs;
}

/** Writes attributes, objects and references of some events, those that changed only. Gives what became of them, event by event. */
export async function writeParts(tx: Queryable, events: readonly Written[]): Promise<PartChanges[]> {
	const attributes = await writeKind<PreparedAttribute>(tx, events, { table: "threat_attribute", columns: ATTRIBUTE_COLUMNS, partsOf: (event) => event.attributes });
	const objects = await writeKind(tx, events, { table: "threat_object", columns: OBJECT_COLUMNS, partsOf: (event) => event.objects });
	await writeKind(tx, events, { table: "threat_reference", columns: REFERENCE_COLUMNS, partsOf: (event) => event.references });
	const texts: string[] = [];
	for (const [at, done] of attributes.entries()) texts.push(...(await writeTexts(tx, (events[at] as Written).event.id, done)));
	await insertInto(tx, "INSERT INTO threat_attribute_text (event_id,id,text,grams) VALUES", texts, "ON DUPLICATE KEY UPDATE text = VALUES(text), grams = VALUES(grams)");
	return attributes.map(({ fresh, changed, gone, active }, at) => ({ fresh, changed, gone, attributes: active, objects: objects[at]?.active ?? 0 }));
}
