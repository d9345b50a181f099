import type { Indicator } from "@/lib/domain/indicator";
import { lit, type Queryable } from "@/lib/platform";
import type { RecordChange } from "@/lib/records";
import type { ThreatTag } from "@/lib/sources/threat/event";
import { raw } from "@/lib/trackers/record-tracker";
import { MentionReader } from "@/lib/trackers/threat/mentions";
import { EVENT_ALONE } from "@/lib/trackers/threat/news";
import { analysisName, levelName } from "@/lib/trackers/threat/words";
import type { HuntDocument, HunterKind } from "../define";
import { BATCH_DOCUMENTS, distinctIds, inBatches, inRuns } from "./batches";
import { field, oneLine } from "./columns";
import { sourceWords } from "./sources";

type Row = Record<string, unknown>;
type Galaxies = Array<{ name: string; clusters: Array<{ value: string; tag?: string }> }>;

/** An event as the documents of its attributes carry it. */
interface HuntedEvent {
	document: HuntDocument;
	tags: readonly string[];
}

/** A part of an event that is to be read. */
interface Part {
	event: Buffer;
	id: Buffer;
	size: number;
}

const key = (id: Buffer): string => id.toString("latin1");

function named(mentions: ReadonlyArray<{ indicator: Indicator; mark?: string | null }>): Indicator[] {
	return mentions.filter(({ mark }) => (mark ?? null) === null).map(({ indicator }) => indicator);
}

const EVENT_COLUMNS = "e.id, e.source, e.info, e.level, e.analysis, e.published, e.published_at, e.created_at, e.org, e.orgc, e.tags, e.galaxies";

function eventOf(row: Row, words: readonly string[] | undefined, own: readonly string[]): HuntedEvent {
	const info = String(row.info);
	const tags = raw.json<ThreatTag[]>(row.tags, []).map(({ name }) => name);
	const galaxies = raw.json<Galaxies>(row.galaxies, []);
	const document: HuntDocument = {
		record: row.id as Buffer,
		source: Number(row.source),
		at: row.published_at as Date,
		arrived: row.created_at as Date,
		title: oneLine(info, "An event without a title"),
		path: `/threat/event/${raw.hex(row.id)}`,
		fields: {
			info,
			org: [...new Set([raw.text(row.orgc), raw.text(row.org)].filter((name) => name !== null))],
			tag: tags,
			galaxy: galaxies.flatMap(({ name, clusters }) => [name, ...clusters.map(({ value }) => value)]),
			level: levelName(Number(row.level)),
			analysis: analysisName(Number(row.analysis)),
			source: words,
		},
		indicators: named(new MentionReader(own).title({ item: { info } })),
	};
	return { document, tags };
}

/** Events by id (latin1), without those that are deleted or gone. */
async function readEvents(db: Queryable, ids: readonly Buffer[], own: readonly string[]): Promise<Map<string, HuntedEvent>> {
	if (ids.length === 0) return new Map();
	const rows = await db.query<Row>(`SELECT ${EVENT_COLUMNS} FROM threat_event e WHERE e.id IN (${ids.map((id) => lit(id)).join(",")}) AND e.deleted_at IS NULL`);
	const words = await sourceWords(
		db,
		rows.map(({ source }) => Number(source)),
	);
	return new Map(rows.map((row) => [key(row.id as Buffer), eventOf(row, words.get(Number(row.source)), own)]));
}

const SIZE = "OCTET_LENGTH(a.value) + COALESCE(OCTET_LENGTH(a.comment), 0) AS size";

function toPart({ event_id, id, size }: Row): Part {
	return { event: event_id as Buffer, id: id as Buffer, size: Number(size) };
}

/** All attributes of some events, a run after the other, however many one event has. */
async function* partsOf(db: Queryable, events: readonly Buffer[]): AsyncGenerator<Part[]> {
	const ask = async (where: string): Promise<Part[]> => {
		const rows = await db.query<Row>(`SELECT a.event_id, a.id, ${SIZE} FROM threat_attribute a WHERE ${where} AND a.deleted = 0 ORDER BY a.event_id, a.id LIMIT ${BATCH_DOCUMENTS}`);
		return rows.map(toPart);
	};
	let left = [...events].sort((a, b) => a.compare(b));
	while (left.length > 0) {
		let parts = await ask(`a.event_id IN (${left.map((id) => lit(id)).join(",")})`);
		if (parts.length > 0) yield parts;
		const cut = parts.length < BATCH_DOCUMENTS ? undefined : parts.at(-1)?.event;
		if (cut === undefined) return;
		while (parts.length === BATCH_DOCUMENTS) {
			const last = parts.at(-1) as Part;
			parts = await ask(`a.event_id = ${lit(last.event)} AND a.id > ${lit(last.id)}`);
			if (parts.length > 0) yield parts;
		}
		left = left.filter((id) => id.compare(cut) > 0);
	}
}

/** `(event = … AND id IN (…)) OR …`: not every server reads pairs by their index. */
function partCondition(parts: ReadonlyArray<Pick<Part, "event" | "id">>): string {
	const byEvent = Map.groupBy(parts, ({ event }) => key(event));
	const conditions = [...byEvent.values()].map((own) => `(a.event_id = ${lit((own[0] as Part).event)} AND a.id IN (${own.map(({ id }) => lit(id)).join(",")}))`);
	return `(${conditions.join(" OR ")})`;
}

function attributeOf(row: Row, { document, tags }: HuntedEvent, reader: MentionReader): HuntDocument {
	const [type, value, comment] = [String(row.type), String(row.value), field.text(row.comment)];
	const item = { type, value, ...(comment === undefined ? {} : { comment }) };
	return {
		...document,
		isPart: true,
		fields: {
			...document.fields,
			attribute: value,
			comment,
			type,
			category: field.text(row.category),
			ids: field.flag(row.to_ids),
			tag: [...new Set([...tags, ...field.names(row.tags)])],
		},
		// Read from the attribute as ingest does: what a large event names is asked for once a run, not once a page.
		indicators: [...document.indicators, ...named(reader.attribute({ id: row.id as Buffer, deleted: false, item }))],
	};
}

async function* attributeDocuments(db: Queryable, parts: readonly Part[], events: ReadonlyMap<string, HuntedEvent>, own: readonly string[]): AsyncGenerator<HuntDocument[]> {
	for (const batch of inBatches(parts)) {
		const rows = await db.query<Row>(`SELECT a.event_id, a.id, a.type, a.category, a.value, a.comment, a.to_ids, a.tags FROM threat_attribute a WHERE ${partCondition(batch)} AND a.deleted = 0`);
		const reader = new MentionReader(own);
		const documents = rows.flatMap((row) => {
			const event = events.get(key(row.event_id as Buffer));
			return event === undefined ? [] : [attributeOf(row, event, reader)];
		});
		if (documents.length > 0) yield documents;
	}
}

/** Events alone, then with each of their attributes. */
async function* wholeEvents(db: Queryable, ids: readonly Buffer[], own: readonly string[]): AsyncGenerator<HuntDocument[]> {
	const events = await readEvents(db, ids, own);
	if (events.size === 0) return;
	yield [...events.values()].map(({ document }) => document);
	const there = [...events.values()].map(({ document }) => document.record);
	for await (const parts of partsOf(db, there)) yield* attributeDocuments(db, parts, events, own);
}

/** Attributes that changed by themselves, without those of events that are read whole. */
async function* changedParts(db: Queryable, changes: readonly RecordChange[], own: readonly string[]): AsyncGenerator<HuntDocument[]> {
	for (const run of inRuns(changes)) {
		const events = await readEvents(db, distinctIds(run.map(({ record }) => record)), own);
		const alone = run.filter(({ part }) => part?.equals(EVENT_ALONE) === true);
		const documents = distinctIds(alone.map(({ record }) => record)).flatMap((id) => events.get(key(id))?.document ?? []);
		if (documents.length > 0) yield documents;
		const asked = run.flatMap(({ record, part }) => (part === undefined || part.equals(EVENT_ALONE) ? [] : [{ event: record, id: part }]));
		if (asked.length === 0) continue;
		const rows = await db.query<Row>(`SELECT a.event_id, a.id, ${SIZE} FROM threat_attribute a WHERE ${partCondition(asked)} AND a.deleted = 0`);
		yield* attributeDocuments(db, rows.map(toPart), events, own);
	}
}

/** Events whose documents are made together: their own lines lie in memory meanwhile. */
const EVENTS = 100;

/**
 * The two readers of events. A document is an event alone, or with one of its attributes, so that all words of a clause are about the
 * same thing. `ownDomains`: hosts whose mention is no find.
 */
export function eventReaders(ownDomains: () => readonly string[]): Pick<HunterKind, "documents" | "window"> {
	return {
		async *documents(db, changes) {
			const whole = distinctIds(changes.filter(({ part }) => part === undefined).map(({ record }) => record));
			const isWhole = new Set(whole.map(key));
			for (const ids of inRuns(whole, EVENTS)) yield* wholeEvents(db, ids, ownDomains());
			const parts = changes.filter(({ record, part }) => part !== undefined && !isWhole.has(key(record)));
			yield* changedParts(db, parts, ownDomains());
		},
		async *window(db, from, to, sources) {
			if (sources?.length === 0) return;
			const only = sources === undefined ? "" : ` AND e.source IN (${sources.join(",")})`;
			let before = `e.published_at < ${lit(to)}`;
			for (;;) {
				const rows = await db.query<{ id: Buffer; at: Date }>(
					`SELECT e.id, e.published_at AS at FROM threat_event e WHERE e.published_at >= ${lit(from)} AND ${before} AND e.deleted_at IS NULL${only} ORDER BY e.published_at DESC, e.id DESC LIMIT ${EVENTS}`,
				);
				yield* wholeEvents(
					db,
					rows.map(({ id }) => id),
					ownDomains(),
				);
				const last = rows.at(-1);
				if (last === undefined || rows.length < EVENTS) return;
				before = `e.published_at <= ${lit(last.at)} AND (e.published_at < ${lit(last.at)} OR e.id < ${lit(last.id)})`;
			}
		},
	};
}
