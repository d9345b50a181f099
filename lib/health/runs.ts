import { ExistError } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { type IngestContext, ingestContext } from "@/lib/ingest/context";
import { toRun } from "@/lib/ingest/run-store";
import { lit } from "@/lib/platform";

export interface RunSummary {
	run: string;
	source: number;
	trigger: string;
	state: string;
	phase: string;
	startedAt: Date;
	finishedAt: Date | null;
	httpStatus: number | null;
	bytes: number;
	read: number;
	new: number;
	updated: number;
	unchanged: number;
	relisted: number;
	delisted: number;
	duplicates: number;
	setAside: number;
	reason: string | null;
}

export interface RunDetail extends RunSummary {
	/** what the body looked like: counts by type, newest date */
	shape: Record<string, unknown> | null;
	/** the first 1,000 rows that could not be used */
	setAsideRows: Array<{ line: number; reason: string; excerpt: string }>;
}

function toSummary(raw: Record<string, unknown>): RunSummary {
	const run = toRun(raw);
	return {
		run: run.id,
		source: run.source,
		trigger: run.trigger,
		state: run.state,
		phase: run.phase,
		startedAt: run.startedAt,
		finishedAt: (raw.finished_at as Date | null) ?? null,
		httpStatus: raw.http_status === null ? null : Number(raw.http_status),
		bytes: Number(raw.bytes),
		read: Number(raw.rows_read),
		new: run.new,
		updated: run.updated,
		unchanged: run.unchanged,
		relisted: run.relisted,
		delisted: run.delisted,
		duplicates: Number(raw.rows_duplicate),
		setAside: run.setAside,
		reason: run.reason,
	};
}

/** The newest runs of a source, newest first. */
export async function sourceRuns(source: number, limit = 50, context: IngestContext = ingestContext()): Promise<RunSummary[]> {
	const rows = await context.database.query(`SELECT * FROM source_run WHERE source = ${source} ORDER BY started_at DESC, id DESC LIMIT ${limit}`);
	return rows.map(toSummary);
}

/** One run with the rows it set aside. Throws `not_found` naming the id. */
export async function runDetail(run: string, context: IngestContext = ingestContext()): Promise<RunDetail> {
	const id = parseId(run);
	const rows = id === null ? [] : await context.database.query(`SELECT * FROM source_run WHERE id = ${lit(id)}`);
	const raw = rows[0];
	if (raw === undefined || id === null) throw new ExistError("not_found", `There is no run ${run.slice(0, 40)}.`);
	const aside = await context.database.query<{ line: number; reason: string; excerpt: string }>(`SELECT line, reason, excerpt FROM set_aside WHERE run = ${lit(id)} ORDER BY seq LIMIT 1000`);
	return {
		...toSummary(raw),
		shape: typeof raw.shape === "string" ? (JSON.parse(raw.shape) as Record<string, unknown>) : null,
		setAsideRows: aside.map((row) => ({ line: Number(row.line), reason: row.reason, excerpt: row.excerpt })),
	};
}
