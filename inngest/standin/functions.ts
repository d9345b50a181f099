import { Cron } from "croner";
import { type FunctionConfig, type Limit, type StoredEvent, UNSUPPORTED } from "./protocol";

/** A registered function as this stand-in uses it. */
export interface StandinFunction {
	id: string;
	crons: string[];
	/** events that start it; `failedOf`: only failures of that function */
	events: Array<{ name: string; failedOf?: string }>;
	/** tries altogether, for each step */
	attempts: number;
	limits: Array<{ limit: number; path: string[] | null }>;
}

const KEY = /^event\.data(\.[A-Za-z_]\w*)+$/;
const FAILED_OF = /^event\.data\.function_id == '([^']+)'$/;

/** Name of the event that is sent when a function is given up. */
export const FUNCTION_FAILED = "inngest/function.failed";

function limitOf(fn: string, given: number | Limit): StandinFunction["limits"][number] {
	const { limit, key, scope }: Limit = typeof given === "number" ? { limit: given } : given;
	if (scope !== undefined && scope !== "fn") throw new Error(`${fn}: a concurrency scope "${scope}" is not supported here, only "fn".`);
	if (key !== undefined && !KEY.test(key)) throw new Error(`${fn}: the concurrency key ${key} is not supported here, only event.data.<name>.`);
	return { limit, path: key === undefined ? null : key.split(".").slice(1) };
}

/** Reads a function's configuration. Throws where it asks for something this stand-in does not do. */
export function readFunction(config: FunctionConfig): StandinFunction {
	for (const option of UNSUPPORTED) {
		const value = config[option];
		if (value !== undefined && value !== null) throw new Error(`${config.id}: the option ${option} is not supported by the stand-in.`);
	}
	const fn: StandinFunction = { id: config.id, crons: [], events: [], attempts: (config.steps.step?.retries?.attempts ?? 3) + 1, limits: [] };
	for (const { cron, event, expression } of config.triggers) {
		if (cron !== undefined) {
			nextCron(cron, 0);
			fn.crons.push(cron);
		} else if (event !== undefined) {
			const failedOf = expression === undefined ? undefined : FAILED_OF.exec(expression)?.[1];
			if (expression !== undefined && (failedOf === undefined || event !== FUNCTION_FAILED)) {
				throw new Error(`${config.id}: the expression ${expression} is not supported by the stand-in.`);
			}
			fn.events.push(failedOf === undefined ? { name: event } : { name: event, failedOf });
		}
	}
	const limits = config.concurrency === undefined ? [] : Array.isArray(config.concurrency) ? config.concurrency : [config.concurrency];
	fn.limits = limits.map((limit) => limitOf(config.id, limit));
	return fn;
}

/** Whether an event starts a function. */
export function startedBy(fn: StandinFunction, event: StoredEvent): boolean {
	return fn.events.some(({ name, failedOf }) => name === event.name && (failedOf === undefined || event.data.function_id === failedOf));
}

/** The keys a step of this run counts under: one for each of the function's limits. */
export function limitKeys(fn: StandinFunction, event: StoredEvent): string[] {
	return fn.limits.map(({ path }, at) => {
		let value: unknown = path === null ? null : event;
		for (const name of path ?? []) value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
		return `${fn.id}/${at}/${JSON.stringify(value) ?? "null"}`;
	});
}

/** First time a cron expression fires after `after`, epoch milliseconds, in UTC. */
export function nextCron(expression: string, after: number): number {
	const next = new Cron(expression.replace(/^TZ=\S+\s+/, ""), { timezone: "UTC", paused: true }).nextRun(new Date(after));
	if (next === null) throw new Error(`The cron expression ${expression} never fires.`);
	return next.getTime();
}
