import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { advanceRun, startRun } from "@/lib/ingest";
import type { Database } from "@/lib/platform";
import { syntheticRows } from "../bench/corpus";
import { benchSource, writeFeed } from "../bench/feed";
import { seeded } from "../bench/random";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { dumpIndex, testContext } from "../harness/ingest";

/** Runs that are killed: `LANES` in each process, each in a database of its own and at a place of its own. */
const KILLS = 200;
const LANES = 8;
const ROWS = 1200;
const BLOCK_ROWS = 100;
/** Past the lease, so that somebody else may take over. */
const LATER_MS = 10 * 60_000;

/** Reads a body to its end in this process, as whoever comes after the one that was killed. */
async function finish(database: Database, file: string, later: number): Promise<void> {
	const context = testContext(database, [benchSource], { blockRows: BLOCK_ROWS, now: () => new Date(Date.now() + later) });
	const started = await startRun(benchSource.number, { trigger: "cli", withFile: true }, context);
	if (!started.started) throw new Error(started.message);
	for (;;) if ((await advanceRun(started.run, { milliseconds: 30_000, file }, context)).done) return;
}

/** Where a killed run stands, and whether what is stored fits the place it says it is at: whole batches, nothing half. */
async function standing(database: Database): Promise<{ place: string; fits: boolean }> {
	const [run] = await database.query<{ state: string; phase: string; cursor: number; stored: number; counted: number; known: number; present: number; listed: number }>(
		`SELECT r.state, r.phase, r.\`cursor\`, r.rows_new + r.rows_updated + r.rows_unchanged + r.rows_relisted AS counted,
			(SELECT COALESCE(SUM(row_count), 0) FROM run_block b WHERE b.run = r.id AND b.seq >= 0 AND (r.phase <> 'apply' OR b.seq < r.\`cursor\`)) AS stored,
			s.sighting_count AS known, s.present_count AS present, (SELECT SUM(present) FROM sighting) AS listed
		FROM source_run r JOIN source_state s ON s.source = r.source ORDER BY r.started_at DESC, r.id DESC LIMIT 1`,
	);
	if (run === undefined) throw new Error("there is no run");
	const [sightings] = await database.query<{ n: number }>("SELECT COUNT(*) AS n FROM sighting");
	const counts = Number(run.known) === Number(sightings?.n) && Number(run.present) === Number(run.listed);
	const under = run.state === "running";
	const batches = !under || run.phase === "fetch" || Number(run.counted) === Number(run.stored);
	return { place: under ? `${run.phase} ${run.cursor}` : run.state, fits: counts && batches };
}

describe("two hundred runs killed at arbitrary moments", () => {
	let template: TestDatabase;
	let tables: string[] = [];
	const lanes: TestDatabase[] = [];
	let folder = "";
	let after = "";
	let clean = "";

	/** What was stored before the body that is killed. */
	const restore = async ({ database }: TestDatabase): Promise<void> => {
		for (const table of tables) {
			await database.execute(`DELETE FROM \`${table}\``);
			await database.execute(`INSERT INTO \`${table}\` SELECT * FROM ${template.name}.\`${table}\``);
		}
	};

	const start = async (): Promise<ChildProcess> => {
		const child = fork(join(import.meta.dirname, "kill-child.ts"), [after, String(BLOCK_ROWS), ...lanes.map(({ url }) => url)], { execArgv: ["--import", "tsx"] });
		await once(child, "message");
		return child;
	};

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "exist-kills-"));
		const before = join(folder, "before.csv");
		after = join(folder, "after.csv");
		const rows = [...syntheticRows(ROWS)];
		await writeFeed(before, rows);
		// The second body drops every fifth row and brings new ones, so that every phase has work.
		await writeFeed(after, [...rows.filter((_, at) => at % 5 !== 0), ...syntheticRows(300, 99)]);
		template = await freshDatabase();
		await finish(template.database, before, 0);
		for (let lane = 0; lane < LANES; lane++) lanes.push(await freshDatabase());
		tables = (
			await template.database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${template.name}' AND table_name <> 'schema_migration'`)
		).map(({ name }) => name);
		await restore(lanes[0] as TestDatabase);
		await finish((lanes[0] as TestDatabase).database, after, 0);
		clean = await dumpIndex((lanes[0] as TestDatabase).database);
	}, 120_000);
	afterAll(async () => {
		for (const lane of lanes) await lane.drop();
		await template.drop();
		await rm(folder, { recursive: true, force: true });
	});

	it("leave whole batches behind, and end as if nothing had happened", async () => {
		const random = seeded(7);
		await Promise.all(lanes.map(restore));
		const unhurt = await start();
		const begun = performance.now();
		unhurt.send(lanes.map(() => 0));
		await once(unhurt, "message");
		const whole = performance.now() - begun;
		for (const lane of lanes) expect((await dumpIndex(lane.database)) === clean).toBe(true);

		const places = new Map<string, number>();
		for (let kills = 0; kills < KILLS; kills += LANES) {
			const [child] = await Promise.all([start(), ...lanes.map(restore)]);
			const ended = once(child, "exit");
			// Each run begins at another moment, so that one kill meets eight places.
			child.send(lanes.map(() => random() * whole * 0.6));
			await sleep((0.15 + random() * 0.85) * whole);
			child.kill("SIGKILL");
			await ended;
			await Promise.all(
				lanes.map(async ({ database }, lane) => {
					const { place, fits } = await standing(database);
					places.set(place, (places.get(place) ?? 0) + 1);
					expect([kills + lane, place, fits]).toEqual([kills + lane, place, true]);
					await finish(database, after, LATER_MS);
					expect([kills + lane, place, (await dumpIndex(database)) === clean]).toEqual([kills + lane, place, true]);
				}),
			);
		}
		// Most met a run under way, in many places; else the test would show nothing.
		expect([...places.keys()].filter((place) => / [0-9]/.test(place)).length).toBeGreaterThan(5);
	}, 600_000);
});
