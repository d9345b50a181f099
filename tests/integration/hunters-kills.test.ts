import { afterAll, beforeAll, expect, it } from "vitest";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { hunterKills } from "../harness/hunter-kills";

/** Runs that are killed; `npm run bench -- hunters` does the same with 200. */
const KILLS = 12;
const LANES = 4;

let databases: TestDatabase[] = [];
beforeAll(async () => {
	databases = await Promise.all(Array.from({ length: LANES + 1 }, () => freshDatabase()));
}, 120_000);
afterAll(async () => {
	for (const one of databases) await one.drop();
});

it("loses nothing and tells nothing twice when processes that ingest, judge and deliver are killed", async () => {
	const [template, ...lanes] = databases;
	const result = await hunterKills({ lanes, template: template as TestDatabase, kills: KILLS, seed: 11 });
	expect(result).toMatchObject({ alertsLost: 0, alertsTwice: 0, different: 0 });
	expect(result.hits).toBeGreaterThan(100);
	expect(result.kills).toBeGreaterThanOrEqual(KILLS);
	// One signal ends a process with all of its lanes, of which some had begun.
	expect(result.signals).toBeGreaterThanOrEqual(result.kills / LANES);
	expect(result.signals).toBeLessThanOrEqual(result.kills);
	expect(result.places).toBeGreaterThan(3);
}, 300_000);
