import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NonRetriableError, RetryAfterError } from "inngest";
import { afterEach, describe, expect, it } from "vitest";
import type { JobServices } from "@/lib/jobs";
import { type Bench, makeBench, progress, request, START, until } from "./fixture";

let bench: Bench | undefined;
let folder: string | undefined;

async function registered(given: Partial<JobServices> = {}, file?: string): Promise<Bench> {
	bench = await makeBench(given, file);
	expect(await bench.register()).toBeNull();
	return bench;
}

function file(): string {
	folder = mkdtempSync(join(tmpdir(), "standin-"));
	return join(folder, "jobs.sqlite");
}

afterEach(async () => {
	await bench?.close();
	if (folder !== undefined) rmSync(folder, { recursive: true });
	bench = undefined;
	folder = undefined;
});

describe("crons", () => {
	it("fires every minute, and the events of its run are taken", async () => {
		const started: number[] = [];
		const it = await registered({
			dueSources: async () => (started.length === 0 ? [7] : []),
			startRun: async (source) => {
				started.push(source);
				return { started: true, run: "r" } as Awaited<ReturnType<JobServices["startRun"]>>;
			},
		});
		await it.advance(29_000);
		expect(it.app.asked).toHaveLength(0);
		await it.advance(1000);
		await it.advance(0);
		expect(started).toEqual([7]);
		const completed = it.store.runs("completed", 10).map(({ fn }) => fn);
		expect(completed.sort()).toEqual(["exist-source-run", "exist-sources-schedule"]);
		await it.advance(60_000);
		expect(it.store.counts()).toContainEqual({ fn: "exist-sources-schedule", state: "completed", runs: 2 });
	});

	it("makes up for missed ticks once", async () => {
		const it = await registered();
		await it.advance(10 * 3600_000);
		expect(it.store.counts()).toContainEqual({ fn: "exist-sources-schedule", state: "completed", runs: 1 });
		await it.advance(60_000);
		expect(it.store.counts()).toContainEqual({ fn: "exist-sources-schedule", state: "completed", runs: 2 });
	});

	it("keeps a missed tick over a restart and a new registration", async () => {
		const it = await registered({}, file());
		it.clock.advance(0);
		await it.engine.stop();
		it.clock.advance(5 * 60_000);
		await it.restart();
		await it.engine.settled();
		expect(await it.register()).toBeNull();
		await it.engine.settled();
		expect(it.store.counts()).toEqual([{ fn: "exist-sources-schedule", state: "completed", runs: 1 }]);
	});

	it("leaves ticks out while the last run is not over", async () => {
		let release: () => void = () => undefined;
		let calls = 0;
		const gate = new Promise<void>((resolve) => {
			release = resolve;
		});
		const it = await registered({
			dueSources: async () => {
				calls++;
				await gate;
				return [];
			},
		});
		for (let at = 0; at < 5; at++) it.clock.advance(60_000);
		await until(() => calls === 1);
		expect(it.store.queued()).toBe(1);
		release();
		await it.engine.settled();
		expect(it.store.counts()).toEqual([{ fn: "exist-sources-schedule", state: "completed", runs: 1 }]);
	});
});

describe("runs", () => {
	it("remembers every step and does none twice", async () => {
		const done: string[] = [];
		const it = await registered({
			startRun: async (source) => {
				done.push("start");
				return { started: true, run: `run-${source}` } as Awaited<ReturnType<JobServices["startRun"]>>;
			},
			advanceRun: async (run) => {
				done.push(run);
				return progress(done.length === 4);
			},
		});
		expect((await it.send(request(3))).status).toBe(200);
		await it.engine.settled();
		expect(done).toEqual(["start", "run-3", "run-3", "run-3"]);
		const [run] = it.store.runs("completed", 1);
		expect(run?.output).toMatchObject({ run: "run-3", steps: 3 });
		expect(it.store.steps(run?.id ?? "")).toHaveLength(4);
		expect(it.store.queued()).toBe(0);
	});

	it("goes on after a restart without repeating a finished step", async () => {
		const done: string[] = [];
		let hold = true;
		const it = await registered(
			{
				startRun: async () => {
					done.push("start");
					return { started: true, run: "r" } as Awaited<ReturnType<JobServices["startRun"]>>;
				},
				advanceRun: async () => {
					done.push("advance");
					// The first try of this step is broken off with the process that waits for it.
					if (hold) await new Promise((resolve) => setTimeout(resolve, 300));
					return progress(true);
				},
			},
			file(),
		);
		await it.send(request(3));
		await until(() => done.length === 2);
		hold = false;
		await it.restart();
		await it.engine.settled();
		expect(done).toEqual(["start", "advance", "advance"]);
		expect(it.store.runs("completed", 5)).toHaveLength(1);
	});

	it("runs an event once, however often it comes", async () => {
		let starts = 0;
		const it = await registered({
			startRun: async () => {
				starts++;
				return { started: true, run: "r" } as Awaited<ReturnType<JobServices["startRun"]>>;
			},
		});
		await it.send([request(1, "same"), request(1, "same")]);
		await it.send(request(1, "same"));
		await it.engine.settled();
		await it.send(request(1, "same"));
		await it.engine.settled();
		expect(starts).toBe(1);
	});
});

describe("limits", () => {
	/** Steps go on once `expected` of them are under way together, however slow the machine is; more may still come. */
	async function overlaps(sources: number[], expected: number): Promise<{ most: number; bench: Bench }> {
		let now = 0;
		let most = 0;
		const together = Promise.withResolvers<void>();
		const it = await registered({
			advanceRun: async () => {
				most = Math.max(most, ++now);
				if (now >= expected) together.resolve();
				await together.promise;
				await new Promise((resolve) => setTimeout(resolve, 40));
				now--;
				return progress(true);
			},
		});
		await it.send(sources.map((source, at) => request(source, `request-${at}`)));
		await it.engine.settled();
		expect(it.store.runs("completed", 20)).toHaveLength(sources.length);
		return { most, bench: it };
	}

	it("never works on one source twice at once", async () => {
		expect((await overlaps([5, 5, 5], 1)).most).toBe(1);
	});

	it("works on different sources at once", async () => {
		expect((await overlaps([5, 6], 2)).most).toBe(2);
	});

	it("keeps the limit of all together", async () => {
		expect((await overlaps([1, 2, 3, 4, 5, 6, 7], 4)).most).toBe(4);
	});
});

describe("failures", () => {
	it("tries again, later every time, and succeeds", async () => {
		const tries: number[] = [];
		const it = await registered({
			advanceRun: async () => {
				tries.push(it.clock.now() - START);
				if (tries.length < 3) throw new Error("not yet");
				return progress(true);
			},
		});
		await it.send(request(1));
		await it.engine.settled();
		expect(tries).toHaveLength(1);
		await it.advance(9_999);
		expect(tries).toHaveLength(1);
		await it.advance(1);
		await it.advance(19_999);
		expect(tries).toHaveLength(2);
		await it.advance(1);
		expect(tries).toEqual([0, 10_000, 30_000]);
		expect(it.store.counts()).toContainEqual({ fn: "exist-source-run", state: "completed", runs: 1 });
	});

	it("waits as long as a step asks for", async () => {
		let tries = 0;
		const it = await registered({
			advanceRun: async () => {
				if (++tries === 1) throw new RetryAfterError("busy", new Date(Date.now() + 90_000));
				return progress(true);
			},
		});
		// The SDK tells the end of the wait as a date, of the real time.
		it.clock.advance(Date.now() - it.clock.now());
		await it.engine.settled();
		await it.send({ ...request(1), data: { source: 1, trigger: "manual", requestedAt: new Date(it.clock.now()).toISOString() } });
		await it.engine.settled();
		await it.advance(60_000);
		expect(tries).toBe(1);
		await it.advance(40_000);
		expect(tries).toBe(2);
	});

	it("gives up after the last try and calls the failure handler", async () => {
		let tries = 0;
		const failed: string[] = [];
		const it = await registered({
			advanceRun: async () => {
				tries++;
				throw new Error("broken for good");
			},
			runningRun: async (source) => `run-${source}`,
			failRun: async (run, reason) => {
				failed.push(`${run}: ${reason}`);
			},
		});
		await it.send(request(9));
		await it.engine.settled();
		for (const wait of [10_000, 20_000, 40_000]) await it.advance(wait);
		expect(tries).toBe(4);
		expect(failed).toEqual(["run-9: broken for good"]);
		expect(it.store.runs("failed", 5).map(({ fn }) => fn)).toEqual(["exist-source-run"]);
	});

	it("does not try again what never can succeed", async () => {
		let tries = 0;
		const failed: string[] = [];
		const it = await registered({
			advanceRun: async () => {
				tries++;
				throw new NonRetriableError("never");
			},
			runningRun: async () => "r",
			failRun: async (_, reason) => {
				failed.push(reason);
			},
		});
		await it.send(request(9));
		await it.engine.settled();
		expect([tries, failed]).toEqual([1, ["never"]]);
	});

	it.each([401, 404, 502, 503])("uses up no try while the app answers %i", async (status) => {
		const attempts: number[] = [];
		const it = await registered({
			startRun: async () => {
				attempts.push(it.clock.now() - START);
				return { started: true, run: "r" } as Awaited<ReturnType<JobServices["startRun"]>>;
			},
		});
		it.app.refuse.push(...Array.from({ length: 6 }, () => status));
		await it.send(request(1));
		await it.engine.settled();
		expect(it.engine.health()).toMatchObject({ app: "away", queued: 1 });
		for (const wait of [1000, 2000, 4000, 8000, 15_000]) await it.advance(wait);
		expect(attempts).toEqual([]);
		await it.advance(15_000);
		expect(attempts).toEqual([45_000]);
		expect(it.engine.health()).toMatchObject({ app: "answering" });
		expect(it.store.counts()).toContainEqual({ fn: "exist-source-run", state: "completed", runs: 1 });
	});
});
