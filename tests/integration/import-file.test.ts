import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runDetail } from "@/lib/health";
import { type IngestContext, importFile, startRun } from "@/lib/ingest";
import { threatSources } from "@/lib/sources/threat";
import { mispUpload } from "@/lib/sources/threat/misp-upload";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { testContext } from "../harness/ingest";

const EVENT = JSON.stringify({
	Event: {
		uuid: "5a1b2c3d-0000-4000-8000-000000000001",
		info: "An event of a file",
		date: "2026-11-20",
		timestamp: "1795132800",
		Attribute: [{ uuid: "5a1b2c3d-0000-4000-8000-000000000002", type: "domain", category: "Network activity", value: "evil.example.org", timestamp: "1795132800", to_ids: true }],
	},
});
const OPTIONS = { maxBytes: 1024 * 1024, actor: "ada@example.com", name: "event.json" };

describe.each(DRIVERS)("a file that is handed in, over %s", (driver) => {
	let fresh: TestDatabase;
	let clock = 0;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		clock = Date.UTC(2026, 10, 24);
	});
	afterAll(() => fresh.drop());

	const context = (): IngestContext => testContext(fresh.database, threatSources, { now: () => new Date(clock) });
	const spools = async (): Promise<string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith("exist-import-")).sort();
	/** A body that tells how many chunks were asked for. */
	function body(...chunks: Array<string | (() => Promise<unknown>)>): AsyncIterable<Uint8Array> & { asked: number } {
		const given = {
			asked: 0,
			async *[Symbol.asyncIterator]() {
				for (const chunk of chunks) {
					given.asked++;
					if (typeof chunk === "string") yield Buffer.from(chunk);
					else await chunk();
				}
			},
		};
		return given;
	}
	const left = async () => ({
		runs: (await fresh.database.query("SELECT id FROM source_run")).length,
		audited: (await fresh.database.query("SELECT id FROM audit_entry")).length,
		state: await fresh.database.query("SELECT state, failures, lease_run FROM source_state"),
	});

	it("is stored like any other run, and leaves no file behind", async () => {
		const before = await spools();
		let during: string[] = [];
		const run = await importFile(
			mispUpload.number,
			body(
				EVENT.slice(0, 40),
				async () => {
					during = await spools();
				},
				EVENT.slice(40),
			),
			OPTIONS,
			context(),
		);
		expect(await runDetail(run, context())).toMatchObject({ state: "ok", read: 1, new: 1, setAside: 0 });
		expect([during.length, await spools()]).toEqual([before.length + 1, before]);
		expect(await fresh.database.query("SELECT actor, action FROM audit_entry")).toEqual([{ actor: "ada@example.com", action: "source.import" }]);
	});

	it("is not even read while another one is, and leaves nothing behind", async () => {
		const other = await startRun(mispUpload.number, { trigger: "cli", withFile: true }, context());
		const [before, files] = [await left(), await spools()];
		const refused = body(EVENT);
		await expect(importFile(mispUpload.number, refused, OPTIONS, context())).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("is being read already") });
		expect([refused.asked, await left(), await spools()]).toEqual([0, before, files]);
		expect(other.started && (await runDetail(other.run, context())).state).toBe("running");
	});

	it.each([
		["is too large", () => body("x".repeat(700_000), "x".repeat(700_000)), /larger than 1 MB/],
		["breaks off", () => body(EVENT.slice(0, 40), () => Promise.reject(new Error("the connection was lost"))), /connection was lost/],
	])("that %s never was a run, and the next is taken", async (_, broken, message) => {
		const files = await spools();
		await expect(importFile(mispUpload.number, broken(), OPTIONS, context())).rejects.toThrow(message);
		expect([await left(), await spools()]).toEqual([{ runs: 0, audited: 0, state: [{ state: "disabled", failures: 0, lease_run: null }] }, files]);
		expect(await runDetail(await importFile(mispUpload.number, body(EVENT), OPTIONS, context()), context())).toMatchObject({ state: "ok", new: 1 });
	});

	it("that was silent for too long does not disturb the one that was begun meanwhile", async () => {
		let second = "";
		const slow = body(
			EVENT.slice(0, 40),
			async () => {
				clock += 200_000;
				const taken = await startRun(mispUpload.number, { trigger: "cli", withFile: true }, context());
				if (taken.started) second = taken.run;
			},
			EVENT.slice(40),
		);
		await expect(importFile(mispUpload.number, slow, OPTIONS, context())).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("so slowly") });
		expect(await runDetail(second, context())).toMatchObject({ state: "running", read: 0 });
		expect((await left()).state).toEqual([expect.objectContaining({ lease_run: Buffer.from(second, "hex") })]);
	});

	it("that breaks off after it took over what another left closes that", async () => {
		await startRun(mispUpload.number, { trigger: "cli", withFile: true }, context());
		clock += 200_000;
		await expect(
			importFile(
				mispUpload.number,
				body(() => Promise.reject(new Error("gone"))),
				OPTIONS,
				context(),
			),
		).rejects.toThrow("gone");
		expect(await fresh.database.query("SELECT state FROM source_run")).toEqual([{ state: "abandoned" }]);
		expect((await left()).state).toMatchObject([{ lease_run: null }]);
	});
});
