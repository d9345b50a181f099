import type { Indicator } from "@/lib/domain/indicator";
import { lit, type Queryable } from "@/lib/platform";
import type { RecordChange } from "@/lib/records";
import type { HuntDocument, HunterKind } from "../define";
import { BATCH_DOCUMENTS, distinctIds, inBatches, inRuns, type Weighed } from "./batches";
import { readNamed } from "./mentions";
import { sourceWords } from "./sources";

type Row = Record<string, unknown>;

/** How records of one row each become documents. */
export interface TableReading {
	tracker: string;
	/** table and alias, `news n` */
	from: string;
	/** further tables of `select` */
	joins?: string;
	alias: string;
	/** column of the record's own date, with an index of its own */
	time: string;
	/** columns that hold long texts: what a batch weighs */
	long: readonly string[];
	/** columns of a row; `id` and `source` are read anyway */
	select: string;
	/** what a document says; fields `source` and what names it are added */
	document(row: Row, named: readonly Indicator[]): Omit<HuntDocument, "record" | "source">;
	/** the record itself is the indicator: nothing is read of mentions */
	isSighting?: boolean;
}

/** A record that names very many long texts is read alone; anything else goes by hundreds. */
function sizeOf({ alias, long }: TableReading): string {
	return long.length === 0 ? "0" : long.map((column) => `COALESCE(OCTET_LENGTH(${alias}.${column}), 0)`).join(" + ");
}

async function read(db: Queryable, table: TableReading, ids: readonly Buffer[]): Promise<HuntDocument[]> {
	const list = ids.map((id) => lit(id)).join(",");
	const rows = await db.query<Row>(`SELECT ${table.alias}.id, ${table.alias}.source, ${table.select} FROM ${table.from} ${table.joins ?? ""} WHERE ${table.alias}.id IN (${list})`);
	const named = table.isSighting === true ? new Map<string, Indicator[]>() : await readNamed(db, table.tracker, ids);
	const words = await sourceWords(
		db,
		rows.map(({ source }) => Number(source)),
	);
	const byId = new Map(rows.map((row) => [(row.id as Buffer).toString("latin1"), row]));
	return ids.flatMap((id) => {
		const row = byId.get(id.toString("latin1"));
		if (row === undefined) return [];
		const made = table.document(row, named.get(id.toString("latin1")) ?? []);
		return [{ ...made, record: id, source: Number(row.source), fields: { ...made.fields, source: words.get(Number(row.source)) } }];
	});
}

async function* batchesOf(db: Queryable, table: TableReading, rows: readonly Weighed[]): AsyncGenerator<readonly HuntDocument[]> {
	for (const batch of inBatches(rows)) {
		const documents = await read(
			db,
			table,
			batch.map(({ id }) => id),
		);
		if (documents.length > 0) yield documents;
	}
}

function weighed(rows: readonly Row[]): Weighed[] {
	return rows.map(({ id, size }) => ({ id: id as Buffer, size: Number(size) }));
}

/**
 * The two readers of a kind whose records are rows of one table. What is read at once is bounded: first ids and the size of their
 * texts, then as many rows as fit.
 */
export function tableReaders(table: TableReading): Pick<HunterKind, "documents" | "window"> {
	const { alias, time } = table;
	return {
		async *documents(db: Queryable, changes: readonly RecordChange[]) {
			for (const ids of inRuns(distinctIds(changes.map(({ record }) => record)))) {
				const rows = await db.query<Row>(`SELECT ${alias}.id, ${sizeOf(table)} AS size FROM ${table.from} WHERE ${alias}.id IN (${ids.map((id) => lit(id)).join(",")})`);
				yield* batchesOf(db, table, weighed(rows));
			}
		},
		async *window(db: Queryable, from: Date, to: Date, sources?: readonly number[]) {
			if (sources?.length === 0) return;
			const only = sources === undefined ? "" : ` AND ${alias}.source IN (${sources.join(",")})`;
			let before = `${alias}.${time} < ${lit(to)}`;
			for (;;) {
				const rows = await db.query<Row>(
					`SELECT ${alias}.id, ${alias}.${time} AS at, ${sizeOf(table)} AS size FROM ${table.from} WHERE ${alias}.${time} >= ${lit(from)} AND ${before}${only} ORDER BY ${alias}.${time} DESC, ${alias}.id DESC LIMIT ${BATCH_DOCUMENTS}`,
				);
				yield* batchesOf(db, table, weighed(rows));
				const last = rows.at(-1);
				if (last === undefined || rows.length < BATCH_DOCUMENTS) return;
				const at = lit(last.at as Date);
				before = `${alias}.${time} <= ${at} AND (${alias}.${time} < ${at} OR ${alias}.id < ${lit(last.id as Buffer)})`;
			}
		},
	};
}
