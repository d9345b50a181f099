import { operationAlert } from "@/lib/alerts/operation";
import { lit, type Queryable } from "@/lib/platform";
import type { SourceBasics } from "@/lib/sources/define";
import { everySource, type IngestContext, ingestContext, secretOf } from "./context";
import { readState, type StateRow, toState } from "./run-store";

/**
 * Tells the operators of sources in trouble and of those that are well again: once for each change, and only of what has lasted for
 * two runs or an hour, so that a source which fails now and then tells nobody. `told_state` remembers what was said, in the
 * transaction that says it.
 */

const LASTS_MS = 3600_000;
const DAY_MS = 24 * 3600_000;

const isBad = (state: string): boolean => state === "failing" || state === "suspect";
const isWell = (state: string): boolean => state === "ok" || state === "unchanged";

interface News {
	was: string;
	state: string;
	reason: string | null;
	since: Date;
}

async function say(tx: Queryable, source: SourceBasics, news: News, channel: string, now: Date): Promise<void> {
	const trouble = news.state === "ok" ? null : news.state;
	await tx.execute(`UPDATE source_state SET told_state = ${lit(trouble)} WHERE source = ${source.number}`);
	await operationAlert(tx, channel, { source: source.number, name: source.name, was: news.was, state: news.state, reason: news.reason, since: news.since.toISOString() }, now);
}

/** After a bad run, in its transaction; `before` is the state as it was. Nobody is told where no channel is set. */
export async function tellBad(tx: Queryable, source: SourceBasics, before: StateRow, bad: { state: string; reason: string }, context: IngestContext): Promise<void> {
	if (context.operations === undefined || before.toldState !== null || before.failures < 1) return;
	const now = context.now();
	await say(tx, source, { was: before.lastOkAt === null ? "new" : "ok", ...bad, since: before.lastOkAt ?? now }, context.operations, now);
}

/** After a good run, in its transaction: the second in a row ends what was told. */
export async function tellWell(tx: Queryable, source: SourceBasics, before: StateRow, context: IngestContext): Promise<void> {
	if (context.operations === undefined || before.toldState === null || !isWell(before.state)) return;
	const now = context.now();
	await say(tx, source, { was: before.toldState, state: "ok", reason: null, since: before.lastOkAt ?? now }, context.operations, now);
}

/** What is to be said of a source at this moment, apart from its runs. */
function newsOf(source: SourceBasics, state: StateRow, now: Date): News | null {
	const lasted = state.lastRunAt !== null && now.getTime() - state.lastRunAt.getTime() >= LASTS_MS;
	if (state.toldState === null && isBad(state.state) && (lasted || state.failures > 1)) {
		return { was: state.lastOkAt === null ? "new" : "ok", state: state.state, reason: state.reason, since: state.lastOkAt ?? state.lastRunAt ?? now };
	}
	const patience = Math.max(DAY_MS, source.everyMinutes * 60_000 * 3);
	const stale = state.lastOkAt !== null && now.getTime() - state.lastOkAt.getTime() > patience;
	if (state.toldState === null && stale) {
		return { was: "ok", state: "stale", reason: `It has brought nothing good for ${Math.floor(patience / DAY_MS)} days or more.`, since: state.lastOkAt as Date };
	}
	// A stale source that was read once more is well: its silence is over.
	if (state.toldState !== null && !stale && isWell(state.state) && (lasted || state.toldState === "stale")) {
		return { was: state.toldState, state: "ok", reason: null, since: state.lastOkAt ?? now };
	}
	return null;
}

/** Tells what no run tells: sources nobody reads any more, and single bad or good runs that have lasted. Returns how many. One read where there is nothing. */
export async function tellSources(context: IngestContext = ingestContext()): Promise<number> {
	const { operations, database } = context;
	if (operations === undefined) return 0;
	const now = context.now();
	const rows = await database.query("SELECT * FROM source_state WHERE enabled = 1");
	const states = new Map(rows.map((row) => [Number(row.source), toState(row)]));
	let told = 0;
	for (const source of await everySource(context)) {
		const state = states.get(source.number);
		const keyless = source.unusable !== undefined || (source.secret?.required === true && secretOf(source, context) === undefined);
		if (state === undefined || keyless || newsOf(source, state, now) === null) continue;
		told += await database.transaction(async (tx) => {
			const current = await readState(tx, source.number, true);
			const news = current === null || !current.enabled ? null : newsOf(source, current, now);
			if (news === null) return 0;
			await say(tx, source, news, operations, now);
			return 1;
		});
	}
	return told;
}
