import { measureGrams } from "@/lib/indicators/gram-frequency";
import { lit } from "@/lib/platform";
import { trackers } from "@/lib/trackers";
import { everySource, type IngestContext, ingestContext } from "./context";

/** Runs of a source that are kept for its history, in days. */
const KEEP_RUNS_DAYS = 90;
const KEEP_SET_ASIDE_DAYS = 30;
const BATCH = 2000;

type Task = (context: IngestContext, deadline: number) => Promise<boolean>;

async function inBatches(context: IngestContext, statement: string, deadline: number): Promise<boolean> {
	for (;;) {
		const { affected } = await context.database.execute(`${statement} LIMIT ${BATCH}`);
		if (affected < BATCH) return true;
		if (Date.now() > deadline) return false;
	}
}

function daysAgo(context: IngestContext, days: number): string {
	return lit(new Date(context.now().getTime() - days * 86_400_000));
}

/** Listings of window feeds that were not repeated within the source's own time are listed no longer. */
const expireWindows: Task = async (context, deadline) => {
	for (const source of await everySource(context)) {
		if (source.tracker !== "reputation" || source.lists.mode !== "window") continue;
		const before = daysAgo(context, source.lists.expiresAfterDays);
		const statement = `UPDATE sighting SET listed = 0 WHERE source = ${source.number} AND present = 0 AND listed = 1 AND left_at < ${before}`;
		if (!(await inBatches(context, statement, deadline))) return false;
	}
	return true;
};

/** Blocks of runs that are over: a worker that died between closing a run and clearing up leaves some. */
const dropOrphanBlocks: Task = async (context, deadline) => {
	const rows = await context.database.query<{ run: Buffer }>(
		"SELECT DISTINCT b.run FROM run_block b LEFT JOIN source_run r ON r.id = b.run LEFT JOIN source_state s ON s.held_run = b.run WHERE s.held_run IS NULL AND (r.id IS NULL OR r.state <> 'running')",
	);
	for (const { run } of rows) {
		if (!(await inBatches(context, `DELETE FROM run_block WHERE run = ${lit(run)}`, deadline))) return false;
	}
	return true;
};

const dropOldRuns: Task = async (context, deadline) => {
	const setAside = `DELETE FROM set_aside WHERE run IN (SELECT id FROM source_run WHERE started_at < ${daysAgo(context, KEEP_SET_ASIDE_DAYS)})`;
	if (!(await inBatches(context, setAside, deadline))) return false;
	return inBatches(context, `DELETE FROM source_run WHERE started_at < ${daysAgo(context, KEEP_RUNS_DAYS)} AND state <> 'running'`, deadline);
};

/**
 * Recomputes what is counted as it happens, so that drift heals: per source in one transaction, by index only. A source
 * that is being read is left for tomorrow.
 */
const recount: Task = async (context, deadline) => {
	for (const source of await everySource(context)) {
		const counted = trackers.find(({ name }) => name === source.tracker)?.counted;
		if (counted === undefined) continue;
		if (Date.now() > deadline) return false;
		await context.database.transaction(async (tx) => {
			const state = await tx.query<{ lease_run: Buffer | null }>(`SELECT lease_run FROM source_state WHERE source = ${source.number} FOR UPDATE`);
			if (state[0] === undefined || state[0].lease_run !== null) return;
			const days = await tx.query<{ day: string; records: number; present: number }>(
				`SELECT DATE_FORMAT(${counted.at}, '%Y-%m-%d') AS day, COUNT(*) AS records, ${counted.present ?? "COUNT(*)"} AS present FROM ${counted.table} WHERE source = ${source.number}${counted.where === undefined ? "" : ` AND ${counted.where}`} GROUP BY day`,
			);
			// EPSS has scores and no records: its own count stays.
			if (days.length === 0 && source.tracker === "vuln") return;
			let total = 0;
			let present = 0;
			for (const day of days) {
				total += Number(day.records);
				present += Number(day.present);
			}
			await tx.execute(`UPDATE source_state SET sighting_count = ${total}, present_count = ${present} WHERE source = ${source.number}`);
			await tx.execute(`UPDATE daily_count SET records = 0 WHERE tracker = ${lit(source.tracker)} AND source = ${source.number}`);
			for (let at = 0; at < days.length; at += 1000) {
				const values = days.slice(at, at + 1000).map((day) => `(${lit(source.tracker)},${source.number},${lit(day.day)},${Number(day.records)},0)`);
				await tx.execute(`INSERT INTO daily_count (tracker, source, day, records, indicators) VALUES ${values.join(",")} ON DUPLICATE KEY UPDATE records = VALUES(records)`);
			}
		});
	}
	return true;
};

const TASKS: ReadonlyArray<{ name: string; task: Task }> = [
	{ name: "expire-windows", task: expireWindows },
	{ name: "orphan-blocks", task: dropOrphanBlocks },
	{ name: "old-runs", task: dropOldRuns },
	{ name: "recount", task: recount },
	{ name: "gram-frequency", task: (context) => measureGrams(context.database).then(() => true) },
	{ name: "gram-frequency-records", task: (context) => measureGrams(context.database, "records").then(() => true) },
	{ name: "gram-frequency-attributes", task: (context) => measureGrams(context.database, "attributes").then(() => true) },
];

/**
 * Daily work in slices: call with the task it stopped at until `done`. Every task is safe to repeat.
 */
export async function housekeeping(budget: { milliseconds: number; from?: string }, context: IngestContext = ingestContext()): Promise<{ done: boolean; next: string | null }> {
	const deadline = Date.now() + budget.milliseconds;
	const start = Math.max(
		0,
		TASKS.findIndex(({ name }) => name === budget.from),
	);
	for (const { name, task } of TASKS.slice(start)) {
		if (Date.now() > deadline) return { done: false, next: name };
		if (!(await task(context, deadline))) return { done: false, next: name };
	}
	return { done: true, next: null };
}
