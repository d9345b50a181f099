import { describe, expect, it } from "vitest";
import type { Progress, StartResult } from "@/lib/ingest";
import { catalogue, type JobEvent, type JobServices, type Steps } from "@/lib/jobs";
import { alertsDeliver } from "@/lib/jobs/alerts-deliver";
import { deliveryEvent, judgingEvent, sourceRunEvent } from "@/lib/jobs/events";
import { housekeeping } from "@/lib/jobs/housekeeping";
import { huntersJudge } from "@/lib/jobs/hunters-judge";
import { requestRun } from "@/lib/jobs/request-run";
import { sourceRun } from "@/lib/jobs/source-run";
import { sourcesSchedule } from "@/lib/jobs/sources-schedule";

const NOW = new Date("2026-11-24T12:00:00Z");

/** Steps that remember results, as Inngest does: a job that is run again gets them instead of doing the work twice. */
function memory() {
	const results = new Map<string, unknown>();
	const sent: JobEvent[] = [];
	const done: string[] = [];
	const steps: Steps = {
		run: async <T>(id: string, work: () => Promise<T>): Promise<T> => {
			if (results.has(id)) return results.get(id) as T;
			const result = await work();
			// What travels is JSON.
			results.set(id, JSON.parse(JSON.stringify(result ?? null)));
			done.push(id);
			return results.get(id) as T;
		},
		sleep: async () => {},
		sendEvent: async (id, events) => {
			if (results.has(id)) return;
			results.set(id, null);
			sent.push(...events);
		},
	};
	return { steps, sent, done };
}

function services(extra: Partial<JobServices> = {}): JobServices {
	const missing = async (): Promise<never> => {
		throw new Error("not expected");
	};
	return {
		now: () => NOW,
		dueSources: missing,
		startRun: missing,
		runningRun: missing,
		advanceRun: missing,
		failRun: missing,
		runCapture: missing,
		failCapture: missing,
		tellSources: async () => 0,
		hasNews: async () => false,
		judge: missing,
		alertsDue: async () => false,
		deliverAlerts: missing,
		housekeeping: missing,
		...extra,
	};
}

const progress = (done: boolean): Progress => ({ done, state: done ? "ok" : "running", phase: "apply", cursor: 1, blocks: 9 });

describe("the catalogue", () => {
	it("names every job once, with a trigger, bounded retries and limits", () => {
		expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
		for (const job of catalogue) {
			expect("cron" in job || "event" in job).toBe(true);
			expect(job.retries).toBeLessThanOrEqual(5);
			expect(job.concurrency.length).toBeGreaterThan(0);
		}
	});

	it("runs one source at a time by the source's own key", () => {
		expect(sourceRun.concurrency).toContainEqual({ limit: 1, key: "event.data.source" });
	});
});

describe("the schedule", () => {
	it("asks for a run of every due source, once a slot however often it is run", async () => {
		const { steps, sent } = memory();
		const given = services({ dueSources: async () => [1001, 241] });
		for (let turn = 0; turn < 3; turn++) await sourcesSchedule.run({ data: {} as never, step: steps, services: given, attempt: turn });
		expect(sent.map(({ data }) => data.source)).toEqual([1001, 241]);
		const [first] = sent;
		expect(first?.id).toBe(sourceRunEvent(1001, "schedule", new Date(NOW.getTime() + 60_000)).id);
		expect(first?.id).not.toBe(sourceRunEvent(1001, "schedule", new Date(NOW.getTime() + 600_000)).id);
	});

	it("does nothing in a minute in which nothing is due", async () => {
		const { steps, sent } = memory();
		expect(await sourcesSchedule.run({ data: {} as never, step: steps, services: services({ dueSources: async () => [] }), attempt: 0 })).toEqual({
			requested: 0,
			news: false,
			alerts: false,
		});
		expect(sent).toEqual([]);
	});

	it("costs one step in a minute in which nothing is due, and asks for what is", async () => {
		const idle = memory();
		await sourcesSchedule.run({ data: {} as never, step: idle.steps, services: services({ dueSources: async () => [] }), attempt: 0 });
		expect(idle.done).toEqual(["due"]);
		const busy = memory();
		const given = services({ dueSources: async () => [1001], hasNews: async () => true, tellSources: async () => 1 });
		await sourcesSchedule.run({ data: {} as never, step: busy.steps, services: given, attempt: 0 });
		expect(busy.sent.map(({ name }) => name)).toEqual(["source/run.requested", "hunters/requested", "alerts/requested"]);
	});

	it("asks once more where a part cannot answer, and goes on without it then", async () => {
		const { steps, sent } = memory();
		const given = services({ dueSources: () => Promise.reject(new Error("no catalogue")), hasNews: async () => true });
		const run = (attempt: number) => sourcesSchedule.run({ data: {} as never, step: steps, services: given, attempt });
		await expect(run(0)).rejects.toThrow("no catalogue");
		expect(sent).toEqual([]);
		await expect(run(1)).rejects.toThrow("Not everything could be asked. sources: no catalogue");
		expect(sent.map(({ name }) => name)).toEqual(["hunters/requested"]);
	});
});

describe("judging", () => {
	it("goes on in steps until nothing waits, and asks for delivery whenever there is something to tell", async () => {
		const { steps, sent, done } = memory();
		const slices = [
			{ records: 500, hits: 3, alerts: 2, left: 1 },
			{ records: 20, hits: 0, alerts: 0, left: 0 },
		];
		const given = services({ judge: async () => slices[done.length] as (typeof slices)[number] });
		const run = () => huntersJudge.run({ data: { requestedAt: NOW.toISOString() }, step: steps, services: given, attempt: 0 });
		expect(await run()).toEqual({ records: 520, hits: 3, alerts: 2, steps: 2 });
		expect([sent.map(({ name }) => name), done]).toEqual([["alerts/requested"], ["judge-1", "judge-2"]]);
		expect(await run()).toMatchObject({ steps: 2 });
		expect(sent).toHaveLength(1);
	});

	it("is asked for once in two seconds, however many runs end then", () => {
		const at = (milliseconds: number) => judgingEvent(new Date(NOW.getTime() + milliseconds)).id;
		expect([at(0), at(1999), at(2000)].map((id) => id === at(0))).toEqual([true, true, false]);
	});
});

describe("a run of a source", () => {
	const data = { source: 1001, trigger: "schedule" as const, requestedAt: NOW.toISOString() };
	const started = (extra: Partial<StartResult> = {}): StartResult => ({ started: true, run: "r1", resumed: false, ...extra }) as StartResult;

	it("goes on in steps until it is done, and a repeat does none of them again", async () => {
		const { steps, done } = memory();
		let calls = 0;
		const given = services({ startRun: async () => started(), advanceRun: async () => progress(++calls === 75) });
		expect(await sourceRun.run({ data, step: steps, services: given, attempt: 0 })).toMatchObject({ run: "r1", state: "ok", steps: 75 });
		expect(await sourceRun.run({ data, step: steps, services: given, attempt: 1 })).toMatchObject({ steps: 75 });
		expect([calls, done.length]).toEqual([75, 76]);
	});

	it.each([true, false])("asks for judging at its end where it brought news: %s", async (news) => {
		const { steps, sent, done } = memory();
		let slices = 0;
		const given = services({ startRun: async () => started(), advanceRun: async () => progress(++slices === 2), hasNews: async () => news });
		expect(await sourceRun.run({ data, step: steps, services: given, attempt: 0 })).toMatchObject({ state: "ok", steps: 2 });
		expect([sent.map(({ name }) => name), done]).toEqual([news ? ["hunters/requested"] : [], ["start", "advance-1", "advance-2"]]);
	});

	it.each(["disabled", "no-key", "not-due", "running"] as const)("is skipped where the source is %s", async (reason) => {
		const { steps } = memory();
		const given = services({ startRun: async () => ({ started: false, reason, message: "no" }) });
		expect(await sourceRun.run({ data, step: steps, services: given, attempt: 0 })).toEqual({ skipped: reason, message: "no" });
	});

	it("takes up its own run when the answer to its start was lost", async () => {
		const { steps } = memory();
		const given = services({ startRun: async () => ({ started: false, reason: "running", message: "no" }), runningRun: async () => "r9", advanceRun: async () => progress(true) });
		expect(await sourceRun.run({ data, step: steps, services: given, attempt: 1 })).toMatchObject({ run: "r9" });
	});

	it("is not acted upon a day later", async () => {
		const { steps } = memory();
		const late = services({ now: () => new Date(NOW.getTime() + 25 * 3600_000) });
		expect(await sourceRun.run({ data, step: steps, services: late, attempt: 0 })).toMatchObject({ skipped: "stale" });
	});

	it("gives up a run that never ends, and marks it as failed", async () => {
		const { steps } = memory();
		const given = services({ startRun: async () => started(), advanceRun: async () => progress(false) });
		await expect(sourceRun.run({ data, step: steps, services: given, attempt: 0 })).rejects.toThrow("not over");
		const failed: string[] = [];
		const failing = services({ runningRun: async () => "r1", failRun: async (run, reason) => void failed.push(`${run} ${reason}`) });
		await sourceRun.onFailure?.({ data, reason: "boom", step: memory().steps, services: failing });
		expect(failed).toEqual(["r1 boom"]);
	});

	it.each([{}, { source: "1001" }, { source: -1, trigger: "schedule", requestedAt: NOW.toISOString() }, { ...{ source: 1, trigger: "evil", requestedAt: NOW.toISOString() } }])(
		"refuses the poisoned event %j",
		(event) => {
			expect("schema" in sourceRun && sourceRun.schema.safeParse(event).success).toBe(false);
		},
	);
});

describe("the delivery of alerts", () => {
	const slice = (left: number, wait: number | null) => ({ sent: 1, failed: 0, unknown: 0, left, nextAt: wait === null ? null : new Date(NOW.getTime() + wait).toISOString() });
	const run = async (slices: ReturnType<typeof slice>[]) => {
		const { steps, done } = memory();
		const slept: number[] = [];
		const waiting: Steps = { ...steps, sleep: async (_id, milliseconds) => void slept.push(milliseconds) };
		const result = await alertsDeliver.run({
			data: { requestedAt: NOW.toISOString() } as never,
			step: waiting,
			services: services({ deliverAlerts: async () => slices.shift() ?? slice(0, null) }),
			attempt: 0,
		});
		return { result, slept, done };
	};

	it("goes on in steps while something is due soon, and waits in between at no cost", async () => {
		expect(await run([slice(5, 0), slice(3, 20_000), slice(0, null)])).toEqual({ result: { told: 3, left: 0, steps: 3 }, slept: [20_000], done: ["deliver-1", "deliver-2", "deliver-3"] });
	});

	it("leaves what is due much later, or not by itself, to the minute", async () => {
		expect((await run([slice(5, 30 * 60_000)])).result).toEqual({ told: 1, left: 5, steps: 1 });
		expect((await run([slice(5, null)])).result).toEqual({ told: 1, left: 5, steps: 1 });
	});

	it("is asked for by the minute where something is due or a source has to be told of, once a slot", async () => {
		for (const given of [{ alertsDue: async () => true }, { tellSources: async () => 2 }]) {
			const { steps, sent } = memory();
			const result = await sourcesSchedule.run({ data: {} as never, step: steps, services: services({ dueSources: async () => [7], ...given }), attempt: 0 });
			expect(result).toEqual({ requested: 1, news: false, alerts: true });
			expect(sent.map(({ name }) => name)).toEqual(["source/run.requested", "alerts/requested"]);
		}
		expect(deliveryEvent(NOW).id).toBe(deliveryEvent(new Date(NOW.getTime() + 1999)).id);
		expect(deliveryEvent(NOW).id).not.toBe(deliveryEvent(new Date(NOW.getTime() + 2000)).id);
	});
});

describe("housekeeping", () => {
	it("goes on with the task the last step stopped at", async () => {
		const { steps } = memory();
		const asked: Array<string | undefined> = [];
		const given = services({
			housekeeping: async ({ from }) => {
				asked.push(from);
				return asked.length < 3 ? { done: false, next: `task-${asked.length}` } : { done: true, next: null };
			},
		});
		expect(await housekeeping.run({ data: {} as never, step: steps, services: given, attempt: 0 })).toEqual({ slices: 3 });
		expect(asked).toEqual([undefined, "task-1", "task-2"]);
	});
});

describe("a run that is asked for by hand", () => {
	it("is one for a double click, and noted with who asked", async () => {
		const sent: JobEvent[] = [];
		const noted: unknown[] = [];
		const parts = { send: async (events: readonly JobEvent[]) => void sent.push(...events), audit: async (...entry: unknown[]) => void noted.push(entry), now: () => NOW };
		await requestRun(1001, "manual", "ada@example.com", parts);
		await requestRun(1001, "manual", "ada@example.com", { ...parts, now: () => new Date(NOW.getTime() + 900) });
		expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
		expect(noted[0]).toEqual(["ada@example.com", "source.run.requested", "1001", { trigger: "manual" }]);
	});

	it("says so when the job service does not answer", async () => {
		const parts = {
			send: async () => {
				throw new Error("ECONNREFUSED");
			},
			audit: async () => {},
			now: () => NOW,
		};
		await expect(requestRun(1001, "manual", "ada@example.com", parts)).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("command line") });
	});
});
