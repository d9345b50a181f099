import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runDetail } from "@/lib/health";
import { advanceRun, startRun } from "@/lib/ingest";
import { defineSource } from "@/lib/sources/define";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { dumpIndex, lineSource, presentValues, runSource, testContext } from "../harness/ingest";

/** Value and description by a comma; a value may come again with another description. */
const source = defineSource({
	...lineSource(),
	row: ({ text }) => {
		const [value = "", description] = text.split(",");
		return { value, as: "any", ...(description === undefined ? {} : { description }) };
	},
});

/** Long enough for one step over either driver, too short for all of them. */
const STEP_MS = 25;

/** 900 records: every tenth cannot be used, every seventh repeats an earlier one, half of those with other content. */
function body(mark: string): string {
	return Array.from({ length: 900 }, (_, at) => {
		if (at % 10 === 9) return `nonsense ${at}`;
		if (at % 7 === 6) return `host${at - 6}.example.net,${at % 2 === 0 ? mark : `${mark} again ${at}`}`;
		return `host${at}.example.net,${mark}`;
	}).join("\n");
}

describe.each(DRIVERS)("a list that is staged in many steps over %s", (driver) => {
	let fresh: TestDatabase;
	let folder: string;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
		folder = await mkdtemp(join(tmpdir(), "exist-slices-"));
	});
	beforeEach(() => fresh.clear());
	afterAll(async () => {
		await fresh.drop();
		await rm(folder, { recursive: true, force: true });
	});

	const now = () => new Date("2026-11-24T10:00:00Z");
	const whole = () => testContext(fresh.database, [source], { now });
	const sliced = () => ({ ...whole(), blockRows: 10, stageMilliseconds: 0 });

	/** Until so many records are done, a step at a time; the run is still in its first phase then. */
	async function beginsToStage(run: string, file: string, records: number): Promise<void> {
		for (let turn = 0; turn < 50; turn++) {
			const { phase, cursor } = await advanceRun(run, { milliseconds: STEP_MS, file }, sliced());
			expect(phase).toBe("fetch");
			if (cursor >= records) return;
		}
		throw new Error("staging does not get on");
	}

	it("ends as one that is staged at once", async () => {
		const atOnce = await runSource(whole(), source, { text: body("a") });
		const expected = await dumpIndex(fresh.database);
		await fresh.clear();
		const inSteps = await runSource(sliced(), source, { text: body("a") });
		expect(await dumpIndex(fresh.database)).toBe(expected);
		const { read, new: added, duplicates, setAside, setAsideRows } = inSteps;
		expect({ read, added, duplicates, setAside }).toEqual({ read: atOnce.read, added: atOnce.new, duplicates: atOnce.duplicates, setAside: atOnce.setAside });
		expect(setAsideRows).toEqual(atOnce.setAsideRows);
		expect(atOnce.duplicates).toBeGreaterThan(5);
		expect(await fresh.database.query("SELECT COUNT(*) AS n FROM run_block")).toEqual([{ n: 0 }]);
	});

	it("takes a step that wrote blocks and never noted its place for nothing", async () => {
		const file = join(folder, "body");
		await writeFile(file, body("a"));
		const started = await startRun(source.number, { trigger: "cli", withFile: true }, whole());
		if (!started.started) throw new Error(started.message);
		await beginsToStage(started.run, file, 20);
		// What a worker leaves that dies between its blocks and its place: blocks beyond the place, of whatever content.
		await fresh.database.execute("INSERT INTO run_block (run, seq, row_count, ids, data) SELECT run, seq + 1, row_count, ids, data FROM run_block WHERE seq >= 0 ORDER BY seq DESC LIMIT 1");
		for (let turn = 0; turn < 1000 && !(await advanceRun(started.run, { milliseconds: STEP_MS, file }, sliced())).done; turn++);
		const stepped = await dumpIndex(fresh.database);
		await fresh.clear();
		await runSource(whole(), source, { text: body("a") });
		expect(stepped).toBe(await dumpIndex(fresh.database));
	});

	it("gives up on a list that is another one at each step", async () => {
		const file = join(folder, "restless");
		await writeFile(file, body("0"));
		const started = await startRun(source.number, { trigger: "cli", withFile: true }, whole());
		if (!started.started) throw new Error(started.message);
		let done = false;
		for (let turn = 1; turn < 1000 && !done; turn++) {
			await writeFile(file, body(String(turn)));
			done = (await advanceRun(started.run, { milliseconds: STEP_MS, file }, sliced())).done;
		}
		expect(await runDetail(started.run, whole())).toMatchObject({ state: "suspect", reason: expect.stringContaining("changes faster than it can be read") });
		expect(await presentValues(fresh.database, source.number)).toEqual([]);
	});

	it("begins anew when the body is another one", async () => {
		const file = join(folder, "changing");
		await writeFile(file, body("a"));
		const started = await startRun(source.number, { trigger: "cli", withFile: true }, whole());
		if (!started.started) throw new Error(started.message);
		await beginsToStage(started.run, file, 1);
		await writeFile(file, "only.example.org,new\nsecond.example.org,new\n");
		for (let turn = 0; turn < 1000 && !(await advanceRun(started.run, { milliseconds: STEP_MS, file }, sliced())).done; turn++);
		expect(await runDetail(started.run, whole())).toMatchObject({ state: "ok", read: 2, new: 2, setAside: 0, duplicates: 0 });
		expect(await presentValues(fresh.database, source.number)).toEqual(["only.example.org", "second.example.org"]);
	});
});
