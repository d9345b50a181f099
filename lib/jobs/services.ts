import type { RunResult } from "@/lib/capture";
import type { Progress, StartResult, Trigger } from "@/lib/ingest";

/** What the jobs need done, by others. Tests hand in their own. */
export interface JobServices {
	now(): Date;
	dueSources(now: Date): Promise<number[]>;
	startRun(source: number, options: { trigger: Trigger }): Promise<StartResult>;
	/** id of the run of a source that is under way, or null */
	runningRun(source: number): Promise<string | null>;
	advanceRun(run: string, budget: { milliseconds: number }): Promise<Progress>;
	failRun(run: string, reason: string): Promise<void>;
	runCapture(capture: string, options: { again: boolean }): Promise<RunResult>;
	failCapture(capture: string, reason: string): Promise<boolean>;
	/** puts alerts of sources that turned bad or well without a run saying so; how many */
	tellSources(): Promise<number>;
	/** whether news waits to be held against the hunters */
	hasNews(now: Date): Promise<boolean>;
	/** holds news against the hunters; `left`: batches that still wait */
	judge(budget: { milliseconds: number }): Promise<{ records: number; hits: number; alerts: number; left: number }>;
	/** whether something in the outbox is due */
	alertsDue(now: Date): Promise<boolean>;
	/** tells what is due; times are ISO 8601, since the answer travels as JSON */
	deliverAlerts(budget: { milliseconds: number }): Promise<{ sent: number; failed: number; unknown: number; left: number; nextAt: string | null }>;
	housekeeping(budget: { milliseconds: number; from?: string }): Promise<{ done: boolean; next: string | null }>;
}

/** Names of the tasks that clear up captures, after hunters and alerts, before those of the sources. */
const CAPTURES = "captures";
const HUNTERS = "hunters";
const ALERTS = "alerts";

async function clearUp({ milliseconds, from }: { milliseconds: number; from?: string }): Promise<{ done: boolean; next: string | null }> {
	const end = Date.now() + milliseconds;
	const left = (): { milliseconds: number } => ({ milliseconds: Math.max(0, end - Date.now()) });
	const ours = [
		{ name: CAPTURES, task: async () => (await import("@/lib/capture")).captureHousekeeping(left()) },
		{ name: HUNTERS, task: async () => (await import("@/lib/hunters")).hunterHousekeeping(left()) },
		{ name: ALERTS, task: async () => (await import("@/lib/alerts")).alertHousekeeping(left()) },
	];
	const first = from === undefined ? 0 : ours.findIndex(({ name }) => name === from);
	for (const { name, task } of first < 0 ? [] : ours.slice(first)) if (!(await task()).done) return { done: false, next: name };
	return (await import("@/lib/ingest")).housekeeping({ ...left(), ...(first < 0 && from !== undefined ? { from } : {}) });
}

/** The services of this installation. Loaded at the first use: registering jobs needs no database. */
export const jobServices: JobServices = {
	now: () => new Date(),
	dueSources: async (now) => (await import("@/lib/ingest")).dueSources(now),
	startRun: async (source, options) => (await import("@/lib/ingest")).startRun(source, options),
	runningRun: async (source) => {
		const [newest] = await (await import("@/lib/health")).sourceRuns(source, 1);
		return newest?.state === "running" ? newest.run : null;
	},
	advanceRun: async (run, budget) => (await import("@/lib/ingest")).advanceRun(run, budget),
	failRun: async (run, reason) => (await import("@/lib/ingest")).failRun(run, reason),
	runCapture: async (capture, options) => (await import("@/lib/capture")).runCapture(capture, options),
	failCapture: async (capture, reason) => (await import("@/lib/capture")).failCapture(capture, reason),
	tellSources: async () => (await import("@/lib/ingest")).tellSources(),
	hasNews: async (now) => (await import("@/lib/hunters")).hasNews(now),
	judge: async (budget) => (await import("@/lib/hunters")).judge(budget),
	alertsDue: async (now) => (await import("@/lib/alerts")).hasDue(now),
	deliverAlerts: async (budget) => {
		const { deliver, deliveryParts } = await import("@/lib/alerts");
		const { kindOf } = await import("@/lib/hunters");
		const { nextAt, ...counts } = await deliver(budget, deliveryParts(kindOf));
		return { ...counts, nextAt: nextAt?.toISOString() ?? null };
	},
	housekeeping: clearUp,
};
