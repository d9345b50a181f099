import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunDetail, runDetail, sourceHealth } from "@/lib/health";
import { advanceRun, dueSources, type IngestContext, routeTo, startRun } from "@/lib/ingest";
import { openGeo } from "@/lib/platform/geo";
import { crossSearch } from "@/lib/search";
import { reputationSources } from "@/lib/sources";
import { readTotals } from "@/lib/trackers/summary";
import { startUpstreams } from "../fakes/upstreams";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { testContext } from "../harness/ingest";

/** The demonstration's own path: every source is asked for at its address, over HTTP, and lands in the index. Of Maltrail's lists two stand for all. */
const SOURCES = reputationSources.filter(({ id }) => !id.startsWith("maltrail-") || id === "maltrail-flubot" || id === "maltrail-lokibot");
const MINUTE = 60_000;

describe("sources at their addresses", () => {
	let fresh: TestDatabase;
	let upstreams: { url: string; stop: () => Promise<void> };
	let context: IngestContext;
	let now = Date.now();
	const numberOf = (id: string): number => SOURCES.find((source) => source.id === id)?.number ?? 0;

	async function run(source: number): Promise<RunDetail> {
		const started = await startRun(source, { trigger: "schedule" }, context);
		if (!started.started) throw new Error(started.message);
		while (!(await advanceRun(started.run, { milliseconds: 20_000 }, context)).done);
		return runDetail(started.run, context);
	}

	async function runDue(): Promise<Map<number, RunDetail>> {
		const runs = new Map<number, RunDetail>();
		for (const source of await dueSources(context.now(), context)) runs.set(source, await run(source));
		return runs;
	}

	beforeAll(async () => {
		fresh = await freshDatabase();
		upstreams = await startUpstreams();
		const geo = openGeo();
		context = testContext(fresh.database, SOURCES, {
			policy: { allowLoopback: true },
			route: routeTo(upstreams.url),
			secrets: { abuseIpdbKey: "demo-key", malshareKey: "demo-key" },
			country: (address) => geo.country(address),
			now: () => new Date(now),
		});
	});
	afterAll(async () => {
		await upstreams.stop();
		await fresh.drop();
	});

	it("are all read at the first go; what a bad provider sends is no list", async () => {
		const runs = await runDue();
		const enabled = SOURCES.filter((source) => source.enabledByDefault !== false);
		expect([...runs.keys()].sort()).toEqual(enabled.map(({ number }) => number).sort());
		expect(enabled.length).toBeGreaterThan(35);
		const bad = [...runs.values()].filter(({ state }) => state !== "ok");
		expect(bad.map(({ source, state }) => [source, state]).sort()).toEqual(
			[
				[numberOf("greensnow"), "suspect"],
				[numberOf("botvrij-sha1"), "failed"],
			].sort(),
		);
		for (const { reason } of bad) expect(reason).not.toBe("");
		expect(runs.get(numberOf("urlhaus"))).toMatchObject({ state: "ok", read: 13_633, new: 13_633, httpStatus: 200 });
		const [total] = await readTotals(fresh.database, context.now());
		expect(total?.total).toBe([...runs.values()].reduce((sum, one) => sum + one.new, 0));
	}, 240_000);

	it("are searched a moment later, with countries where the feed gives none", async () => {
		const { groups } = await crossSearch("216.126.225[.]121", { limit: 50 }, fresh.database);
		expect(groups.find(({ kind }) => kind === "urls")?.rows.map(({ indicator, country }) => [indicator.value.startsWith("http://216.126.225.121/"), country])).toContainEqual([true, "US"]);
		const countries = await fresh.database.query<{ country: string | null; n: number }>(`SELECT country, COUNT(*) AS n FROM sighting WHERE source = ${numberOf("tor-exits")} GROUP BY country`);
		expect(countries.filter(({ country }) => country !== null).length).toBeGreaterThan(3);
	});

	it("are left alone until they are due, and a provider in trouble for as long as it asked", async () => {
		now += MINUTE;
		expect(await dueSources(context.now(), context)).toEqual([]);
		const failing = (await sourceHealth(context)).find(({ id }) => id === "botvrij-sha1");
		expect(failing).toMatchObject({ state: "failing", failures: 1 });
		expect((failing?.nextRunAt?.getTime() ?? 0) - now).toBeGreaterThan(3000_000);
		const everyMinutes = new Map(SOURCES.map((source) => [source.id, source.everyMinutes]));
		for (const { id, nextRunAt, lastRunAt, state } of await sourceHealth(context)) {
			if (nextRunAt === null || lastRunAt === null || state !== "ok") continue;
			expect([id, Math.round((nextRunAt.getTime() - lastRunAt.getTime()) / MINUTE)]).toEqual([id, everyMinutes.get(id)]);
		}
	});

	it("are asked whether anything changed, and an unchanged one costs one row", async () => {
		const before = await fresh.database.query("SELECT COUNT(*) AS n, MAX(observed_at) AS newest FROM sighting");
		now += 2 * 24 * 60 * MINUTE;
		const again = await run(numberOf("urlhaus"));
		expect(again).toMatchObject({ state: "unchanged", httpStatus: 304, new: 0, unchanged: 13_633, delisted: 0 });
		expect(await fresh.database.query("SELECT COUNT(*) AS n, MAX(observed_at) AS newest FROM sighting")).toEqual(before);
		const health = (await sourceHealth(context)).find(({ id }) => id === "urlhaus");
		expect(health).toMatchObject({ state: "unchanged", stale: false, lastOkAt: new Date(now) });
	});

	it("need their key, say which, and never show it", async () => {
		const without = { ...context, secrets: {} };
		expect(await startRun(numberOf("malshare"), { trigger: "manual" }, without)).toMatchObject({ started: false, reason: "no-key", message: expect.stringContaining("MALSHARE_KEY") });
		expect(await dueSources(context.now(), without)).not.toContain(numberOf("malshare"));
		const broken = { ...context, secrets: { malshareKey: "s3cret-key-of-ours" }, route: () => new URL("http://127.0.0.1:9/") };
		const started = await startRun(numberOf("malshare"), { trigger: "manual" }, broken);
		if (!started.started) throw new Error(started.message);
		while (!(await advanceRun(started.run, { milliseconds: 20_000 }, broken)).done);
		const failed = await runDetail(started.run, broken);
		expect(failed.state).toBe("failed");
		expect(JSON.stringify([failed, await sourceHealth(broken)])).not.toContain("s3cret-key-of-ours");
	});
});
