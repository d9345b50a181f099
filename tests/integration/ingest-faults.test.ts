import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { syntheticRows } from "../bench/corpus";
import { writeFeed } from "../bench/feed";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { dumpIndex } from "../harness/ingest";

const POINTS = ["after-fetch-before-store", "after-first-batch", "between-batches", "after-last-batch-before-run-row", "mid-expiry-of-old-rows", "before-finish"] as const;
const ROWS = 14_000;
/** Past the lease, so that the next process may take over. */
const LATER = String(10 * 60_000);

interface Ended {
	code: number | null;
	signal: string | null;
	out: string;
}

function start(url: string, file: string, args: readonly string[] = [], env: Record<string, string> = {}) {
	const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "ingest-child.ts"), url, file, ...args], {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, ...env },
	});
	let out = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			out += text;
		});
	}
	const ended: Promise<Ended> = once(child, "close").then(([code, signal]) => ({ code: code as number | null, signal: signal as string | null, out }));
	return { child, ended };
}

async function finish(url: string, file: string, env: Record<string, string> = {}): Promise<void> {
	const { code, out } = await start(url, file, [], env).ended;
	if (code !== 0) throw new Error(`the run ended with ${code}: ${out}`);
}

describe("a run that is killed, repeated or doubled", () => {
	let fresh: TestDatabase;
	let folder = "";
	let before = "";
	let after = "";
	let clean = "";

	beforeAll(async () => {
		fresh = await freshDatabase();
		folder = await mkdtemp(join(tmpdir(), "exist-faults-"));
		before = join(folder, "before.csv");
		after = join(folder, "after.csv");
		const rows = [...syntheticRows(ROWS)];
		await writeFeed(before, rows);
		// The second body drops every fifth row and brings new ones, so that every phase has work.
		await writeFeed(after, [...rows.filter((_, at) => at % 5 !== 0), ...syntheticRows(2000, 99)]);
		await finish(fresh.url, before);
		await finish(fresh.url, after);
		clean = await dumpIndex(fresh.database);
	});
	beforeEach(async () => {
		await fresh.clear();
		await finish(fresh.url, before);
	});
	afterAll(async () => {
		await fresh.drop();
		await rm(folder, { recursive: true, force: true });
	});

	it.each(POINTS)("ends as if nothing had happened when it is killed at %s", async (point) => {
		const killed = await start(fresh.url, after, [point, "1"]).ended;
		expect([point, killed.signal]).toEqual([point, "SIGKILL"]);
		await finish(fresh.url, after, { EXIST_TEST_LATER_MS: LATER });
		expect(await dumpIndex(fresh.database)).toBe(clean);
	});

	it("lets one of two processes run, and tells the other", async () => {
		const [one, two] = await Promise.all([start(fresh.url, after).ended, start(fresh.url, after).ended]);
		const codes = [one.code, two.code].sort();
		// The slower one may come when the faster is done; then it finds the same body.
		expect([
			[0, 3],
			[0, 0],
		]).toContainEqual(codes);
		expect(await dumpIndex(fresh.database)).toBe(clean);
	});
});
