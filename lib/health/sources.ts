import { everySource, type IngestContext, ingestContext, keyMissing, secretOf } from "@/lib/ingest/context";
import { type RunRow, type StateRow, toRun, toState } from "@/lib/ingest/run-store";
import { database, lit, remembered } from "@/lib/platform";
import type { AnySource } from "@/lib/sources";
import type { Licence } from "@/lib/sources/define";
import type { CredentialLimit } from "@/lib/sources/record";

export type SourceState = "new" | "ok" | "unchanged" | "suspect" | "failing" | "disabled" | "no-key" | "running";

export interface SourceHealth {
	id: string;
	name: string;
	number: number;
	tracker: string;
	homepage: string;
	licence: Licence;
	everyMinutes: number;
	state: SourceState;
	enabled: boolean;
	/** in words, where the state needs it */
	reason: string | null;
	/** no good answer for three intervals (at least a day) */
	stale: boolean;
	failures: number;
	lastRunAt: Date | null;
	lastOkAt: Date | null;
	lastChangeAt: Date | null;
	nextRunAt: Date | null;
	/** listings in the newest good body, and ever */
	present: number;
	sightings: number;
	/** one number a UTC day, 30 of them, today last: 0 no run, 1 well, 2 suspect, 3 failing */
	days: number[];
	/** what the provider grants each credential; empty where it never said */
	limits: readonly CredentialLimit[];
	/** hex id of a run that waits for a decision */
	heldRun: string | null;
	running: { run: string; phase: string; cursor: number; blocks: number } | null;
	lastRun: { run: string; state: string; seconds: number | null; new: number; updated: number; unchanged: number; delisted: number; setAside: number } | null;
}

const DAYS = 30;
const DAY_MS = 86_400_000;

async function readDays(context: IngestContext, now: Date): Promise<Map<number, number[]>> {
	const first = new Date(now.getTime() - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
	const rows = await context.database.query<{ source: number; day: string; worst: number }>(`SELECT source, day, worst FROM source_day WHERE day >= ${lit(first)}`);
	const start = Date.parse(`${first}T00:00:00Z`);
	const days = new Map<number, number[]>();
	for (const row of rows) {
		const source = Number(row.source);
		const cells = days.get(source) ?? new Array<number>(DAYS).fill(0);
		const at = Math.round((Date.parse(`${row.day}T00:00:00Z`) - start) / DAY_MS);
		if (at >= 0 && at < DAYS) cells[at] = Number(row.worst);
		days.set(source, cells);
	}
	return days;
}

interface LastRun extends RunRow {
	finishedAt: Date | null;
}

async function readLastRuns(context: IngestContext): Promise<Map<number, LastRun>> {
	const rows = await context.database.query(
		"SELECT r.* FROM source_run r JOIN (SELECT source, MAX(started_at) AS newest FROM source_run GROUP BY source) n ON n.source = r.source AND n.newest = r.started_at",
	);
	return new Map(rows.map((raw) => [Number(raw.source), { ...toRun(raw), finishedAt: (raw.finished_at as Date | null) ?? null }]));
}

function stateOf(source: AnySource, state: StateRow | undefined, context: IngestContext): { state: SourceState; reason: string | null } {
	if (state !== undefined ? !state.enabled : source.enabledByDefault === false) {
		return { state: "disabled", reason: state?.reason ?? source.offReason ?? null };
	}
	if (source.unusable !== undefined) return { state: "no-key", reason: source.unusable };
	if (source.secret?.required === true && secretOf(source, context) === undefined) {
		return { state: "no-key", reason: keyMissing(source) };
	}
	if (state === undefined) return { state: "new", reason: null };
	const known = state.state === "no-key" ? "new" : (state.state as SourceState);
	return { state: known, reason: state.reason };
}

function health(
	source: AnySource,
	state: StateRow | undefined,
	last: LastRun | undefined,
	days: number[],
	lastChangeAt: Date | null,
	lastRunAt: Date | null,
	now: Date,
	context: IngestContext,
): SourceHealth {
	const running = last !== undefined && last.state === "running" && state?.leaseRun === last.id;
	const told = stateOf(source, state, context);
	const patience = Math.max(DAY_MS, source.everyMinutes * 60_000 * 3);
	const lastOkAt = state?.lastOkAt ?? null;
	return {
		id: source.id,
		name: source.name,
		number: source.number,
		tracker: source.tracker,
		homepage: source.homepage,
		licence: source.licence,
		everyMinutes: source.everyMinutes,
		...told,
		enabled: state?.enabled ?? source.enabledByDefault !== false,
		stale: told.state !== "disabled" && told.state !== "no-key" && lastOkAt !== null && now.getTime() - lastOkAt.getTime() > patience,
		failures: state?.failures ?? 0,
		lastRunAt,
		lastOkAt,
		lastChangeAt,
		nextRunAt: told.state === "disabled" || told.state === "no-key" ? null : (state?.nextRunAt ?? null),
		present: state?.presentCount ?? 0,
		sightings: state?.sightingCount ?? 0,
		days,
		limits: state?.limits ?? [],
		heldRun: state?.heldRun ?? null,
		running: running ? { run: last.id, phase: last.phase, cursor: last.cursor, blocks: last.blocks } : null,
		lastRun:
			last === undefined
				? null
				: {
						run: last.id,
						state: last.state,
						seconds: last.finishedAt === null ? null : (last.finishedAt.getTime() - last.startedAt.getTime()) / 1000,
						new: last.new,
						updated: last.updated + last.relisted,
						unchanged: last.unchanged,
						delisted: last.delisted,
						setAside: last.setAside,
					},
	};
}

/** How every known source is doing, in the order of the catalogue. Four queries, whatever their number. */
export async function sourceHealth(context: IngestContext = ingestContext()): Promise<SourceHealth[]> {
	const now = context.now();
	const [sources, rawStates, days, last] = await Promise.all([everySource(context), context.database.query("SELECT * FROM source_state"), readDays(context, now), readLastRuns(context)]);
	const states = new Map(rawStates.map((raw) => [Number(raw.source), raw]));
	return sources.map((source) => {
		const raw = states.get(source.number);
		return health(
			source,
			raw === undefined ? undefined : toState(raw),
			last.get(source.number),
			days.get(source.number) ?? new Array<number>(DAYS).fill(0),
			(raw?.last_change_at as Date | null | undefined) ?? null,
			(raw?.last_run_at as Date | null | undefined) ?? null,
			now,
			context,
		);
	});
}

/** How old the rail's numbers may be, seconds. */
const WELL_SECONDS = 10;

/** How many of the sources that are asked are well: for every page's frame, some seconds old at most. */
export function sourcesWell(read: () => Promise<SourceHealth[]> = sourceHealth): Promise<{ well: number; asked: number }> {
	return remembered(database(), "sources well", WELL_SECONDS, async () => {
		const asked = (await read()).filter(({ state }) => state !== "disabled" && state !== "no-key");
		return { well: asked.filter(({ state, stale }) => !stale && (state === "ok" || state === "unchanged")).length, asked: asked.length };
	});
}
