import type { Functions } from "./events";
import { nextCron } from "./functions";
import type { Store } from "./store";

/** Name of the event a cron starts a function with, as Inngest calls it. */
const TIMER = "inngest/scheduled.timer";

/** A schedule that fires at least this often is one of minutes. */
const EAGER_PERIOD_MS = 5 * 60_000;

function firstTime(expression: string, now: number, eager: boolean): number {
	const first = nextCron(expression, now);
	return eager && nextCron(expression, first) - first <= EAGER_PERIOD_MS ? now : first;
}

/** Notes the crons of the functions: a known one keeps its next time, so a restart or a new registration misses no tick. */
export function noteCrons(store: Store, functions: Functions, now: number, eager: boolean): void {
	const known = new Set<string>();
	for (const { fn, expression } of store.crons()) {
		if (functions.get(fn)?.crons.includes(expression) === true) known.add(`${fn} ${expression}`);
		else store.dropCron(fn, expression);
	}
	for (const fn of functions.values()) {
		for (const expression of fn.crons) if (!known.has(`${fn.id} ${expression}`)) store.setCron(fn.id, expression, firstTime(expression, now, eager));
	}
}

/**
 * Starts what is due. However many ticks were missed, one run makes up for them; and while the function's last run is not
 * over a tick is left out, so that runs never pile up behind a slow one or an app that is away.
 */
export function fireCrons(store: Store, now: number): void {
	const due = store.crons().filter(({ nextAt }) => nextAt <= now);
	if (due.length === 0) return;
	store.transaction(() => {
		for (const { fn, expression, nextAt } of due) {
			store.setCron(fn, expression, nextCron(expression, now));
			if (store.isRunning(fn)) continue;
			store.addRun(fn, { id: `cron.${fn}.${expression}.${nextAt}`, name: TIMER, data: { cron: expression }, ts: nextAt }, now);
		}
	});
}
