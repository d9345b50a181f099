import { randomBytes } from "node:crypto";
import { BlobReader, TextWriter, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "@/lib/auth";
import {
	type CaptureContext,
	captureArchive,
	captureHousekeeping,
	capturePart,
	captureParts,
	capturePicture,
	claimCapture,
	compareCapture,
	failCapture,
	findCapture,
	listCaptures,
	pinCapture,
	runCapture,
	type Visit,
} from "@/lib/capture";
import type { Part } from "@/lib/capture/result";
import { requestCapture } from "@/lib/jobs";
import type { JobEvent } from "@/lib/jobs/job";
import { captureContext, picture, textPart, visitResult } from "../harness/captures";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";

const URL_ = "http://shop.example.com/login";
const MINUTE = 60_000;
const DAY = 86_400_000;

describe.each(DRIVERS)("captures over %s", (driver) => {
	let fresh: TestDatabase;
	let clock = Date.now();
	let visits = 0;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		clock = Date.parse("2026-11-24T12:00:00Z");
		visits = 0;
	});
	afterAll(() => fresh.drop());

	/** Noise, so that packing does not make one piece of it. */
	const noise = randomBytes(1_300_000);
	const parts = (): Part[] => [
		{ kind: "screenshot", number: 0, mediaType: "image/png", bytes: picture(640, 400, [250, 250, 250]) },
		textPart("text", "Sign in\nPassword\n"),
		textPart("content", "<form>".repeat(500)),
		{ kind: "download", number: 0, mediaType: "application/octet-stream", bytes: noise },
	];
	const visit: Visit = async (_url, { onState }) => {
		visits++;
		onState("resolving");
		onState("visiting");
		return { result: visitResult(), parts: parts() };
	};
	const context = (extra: Partial<CaptureContext> = {}): CaptureContext => captureContext(fresh.database, visit, { now: () => new Date(clock), ...extra });
	const claim = (extra: Partial<Parameters<typeof claimCapture>[0]> = {}, given = context()) => claimCapture({ url: URL_, profile: "desktop", again: false, ...extra }, "ana@example.com", given);
	const pieces = async (): Promise<number> => Number((await fresh.database.query<{ n: number }>("SELECT COUNT(*) AS n FROM capture_part"))[0]?.n);
	const done = async (given = context(), extra = {}): Promise<string> => {
		const { capture } = await claim(extra, given);
		await runCapture(capture.id, { again: false }, given);
		return capture.id;
	};

	it("goes from queued to done, and keeps every byte", async () => {
		const { capture, shared } = await claim();
		expect([capture.state, shared, capture.url, capture.host]).toEqual(["queued", false, URL_, "shop.example.com"]);
		const states: string[] = [];
		const watching = context({
			visit: async (url, options) => {
				const answer = await visit(url, options);
				states.push((await findCapture(capture.id, context())).state);
				return answer;
			},
		});
		expect(await runCapture(capture.id, { again: false, onPiece: async () => void states.push((await findCapture(capture.id, context())).state) }, watching)).toEqual({
			outcome: "rendered",
			parts: 5,
		});
		expect(states).toContain("storing");
		const found = await findCapture(capture.id, context());
		expect(found).toMatchObject({ state: "done", outcome: "rendered", status: 200, title: "Sign in", previous: null, result: { tookMs: 812 } });
		expect((await capturePart(capture.id, "download", 0, context()))?.bytes.equals(noise)).toBe(true);
		expect((await capturePart(capture.id, "content", 0, context()))?.bytes.toString()).toBe("<form>".repeat(500));
		expect((await captureParts(capture.id, context())).map(({ kind, size }) => [kind, size])).toContainEqual(["content", 3000]);
		const largest = await fresh.database.query<{ n: number }>("SELECT MAX(LENGTH(bytes)) AS n FROM capture_part");
		expect(Number(largest[0]?.n)).toBe(512 * 1024);
		expect((await capturePicture(capture.id, "thumbnail", context())).subarray(1, 4).toString()).toBe("PNG");
		expect(await runCapture(capture.id, { again: false }, context())).toMatchObject({ skipped: expect.any(String) });
		expect(visits).toBe(1);
	});

	it("waits in a queue that nobody fills alone, and what is there already is given even so", async () => {
		const ask = (by: string, at: number) => claimCapture({ url: `http://shop.example.com/${by}/${at}`, profile: "desktop", again: false }, `${by}@example.com`, context());
		for (let at = 0; at < 20; at++) await ask("ana", at);
		await expect(ask("ana", 20)).rejects.toMatchObject({ code: "rate_limited", message: expect.stringContaining("of yours") });
		expect((await ask("ana", 3)).shared).toBe(true);
		for (const by of ["bob", "cay", "dan", "eve"]) for (let at = 0; at < 20; at++) await ask(by, at);
		await expect(ask("fay", 0)).rejects.toMatchObject({ code: "rate_limited", message: expect.stringContaining("100 captures") });
		expect((await claimCapture({ url: "http://shop.example.com/bob/1", profile: "desktop", again: false }, "fay@example.com", context())).shared).toBe(true);
		clock += 3_700_000;
		expect((await ask("fay", 0)).shared).toBe(false);
	});

	it("is one for all who ask within ten minutes, also at once; a profile is a capture of its own", async () => {
		const many = await Promise.all(Array.from({ length: 8 }, () => claim()));
		expect(new Set(many.map(({ capture }) => capture.id)).size).toBe(1);
		expect(many.filter(({ shared }) => !shared)).toHaveLength(1);
		expect(await fresh.database.query("SELECT actor, action FROM audit_entry")).toEqual([{ actor: "ana@example.com", action: "capture.requested" }]);
		const id = many[0]?.capture.id as string;
		expect((await claim({ url: "HXXP://shop[.]example[.]com:80/login#x" })).capture.id).toBe(id);
		expect((await claim({ profile: "phone" })).capture.id).not.toBe(id);
		// Under way, it is as new as can be.
		expect(await claim({ again: true })).toMatchObject({ shared: true, capture: { id } });
		await runCapture(id, { again: false }, context());
		expect(await claim()).toMatchObject({ shared: true, capture: { id } });
		clock += 1000;
		const again = await claim({ again: true });
		expect(again.shared).toBe(false);
		await runCapture(again.capture.id, { again: false }, context());
		expect((await findCapture(again.capture.id, context())).previous).toBe(id);
		clock += 11 * MINUTE;
		expect((await claim()).shared).toBe(false);
	});

	it("does not answer with one that died on our side", async () => {
		const { capture } = await claim();
		await failCapture(capture.id, "no browser", context());
		expect((await claim()).capture.id).not.toBe(capture.id);
	});

	it.each([
		["example.com", "no scheme"],
		["ftp://example.com/", "only http and https"],
		["http://127.1/", "127.0.0.1 is no address of the public internet"],
		["http://[::1]/", "no address of the public internet"],
		["http://169.254.169.254/latest/", "169.254.169.254"],
		["http://localhost/", "localhost"],
		["http://example.com:22/", "port 22"],
		["javascript:alert(1)", "javascript"],
		["http://[fe80::1%25eth0]/", "is no URL"],
		["", "URL"],
	])("refuses %j at once", async (url, said) => {
		await expect(claim({ url })).rejects.toMatchObject({ code: "invalid", field: "url", message: expect.stringContaining(said) });
		expect(await fresh.database.query("SELECT 1 AS n FROM capture UNION ALL SELECT 1 FROM capture_claim UNION ALL SELECT 1 FROM audit_entry")).toEqual([]);
	});

	it("refuses a URL of 10,000 characters and says how many it has", async () => {
		await expect(claim({ url: `http://example.com/${"a".repeat(10_000)}` })).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("10019 characters") });
	});

	it("never sends a name and password that stand in a URL", async () => {
		expect((await claim({ url: "http://ana:secret@shop.example.com/login" })).capture.url).toBe(URL_);
	});

	it("that is killed between two pieces leaves nothing that is read, and is made whole by the next attempt", async () => {
		const { capture } = await claim();
		let written = 0;
		const killed = runCapture(
			capture.id,
			{
				again: false,
				onPiece: () => {
					if (++written === 4) throw new Error("killed");
				},
			},
			context(),
		);
		await expect(killed).rejects.toThrow("something failed on our side");
		expect(await pieces()).toBeGreaterThan(0);
		expect(await captureParts(capture.id, context())).toEqual([]);
		expect((await findCapture(capture.id, context())).state).toBe("storing");
		// Delivered once more while the lease holds: only a repeat of the same run goes on.
		expect(await runCapture(capture.id, { again: false }, context())).toMatchObject({ skipped: expect.any(String) });
		expect(await runCapture(capture.id, { again: true }, context())).toMatchObject({ parts: 5 });
		expect((await capturePart(capture.id, "download", 0, context()))?.bytes.equals(noise)).toBe(true);
		const fences = await fresh.database.query<{ fence: number }>("SELECT DISTINCT fence FROM capture_part");
		expect(fences).toEqual([{ fence: 2 }]);
	});

	it("never mixes two attempts, whichever ends last", async () => {
		const { capture } = await claim();
		let second: Promise<unknown> | undefined;
		const old = context({ visit: async () => ({ result: visitResult({ title: "old" }), parts: [textPart("text", "old"), textPart("content", "old")] }) });
		const young = context({ visit: async () => ({ result: visitResult({ title: "young" }), parts: [textPart("text", "young")] }) });
		const first = await runCapture(
			capture.id,
			{
				again: false,
				onPiece: async () => {
					second ??= runCapture(capture.id, { again: true }, young);
					await second;
				},
			},
			old,
		);
		expect(first).toEqual({ skipped: "Another attempt has taken over." });
		expect(await second).toMatchObject({ outcome: "rendered" });
		expect((await findCapture(capture.id, context())).title).toBe("young");
		expect((await capturePart(capture.id, "text", 0, context()))?.bytes.toString()).toBe("young");
		expect(await capturePart(capture.id, "content", 0, context())).toBeNull();
		expect(await pieces()).toBe(1);
	});

	it("whose attempt died without a word is interrupted, then failed with a reason, and stays so", async () => {
		const { capture } = await claim();
		const dying = context({ visit: () => Promise.reject(new Error("boom")) });
		await expect(runCapture(capture.id, { again: false }, dying)).rejects.toMatchObject({ code: "unavailable" });
		clock += 2 * MINUTE;
		expect(await findCapture(capture.id, context())).toMatchObject({ state: "resolving", interrupted: true });
		clock += 10 * MINUTE;
		expect(await findCapture(capture.id, context())).toMatchObject({ state: "done", outcome: "failed", reason: expect.stringContaining("broke off"), interrupted: false });
		expect(await runCapture(capture.id, { again: true }, context())).toMatchObject({ skipped: expect.any(String) });
		expect(await fresh.database.query("SELECT state, outcome FROM capture")).toEqual([{ state: "done", outcome: "failed" }]);
		const waiting = (await claim()).capture.id;
		clock += 2 * 3_600_000;
		expect((await captureHousekeeping({ milliseconds: 10_000 }, context())).done).toBe(true);
		expect(await fresh.database.query(`SELECT state, reason FROM capture WHERE id = x'${waiting}'`)).toEqual([{ state: "done", reason: expect.stringContaining("never began") }]);
	});

	it("goes after its days with its bytes, unless somebody keeps it; orphans go as well", async () => {
		const [gone, stays] = [await done(), await done(context(), { profile: "phone" })];
		await pinCapture(stays, true, "ana@example.com", context());
		await fresh.database.execute(
			`INSERT INTO capture_part (capture_id, kind, number, piece, fence, media_type, coding, size, pieces, bytes) VALUES (x'${"ab".repeat(16)}','content',0,0,1,'text/plain','',1,1,x'41'),(x'${stays}','content',9,0,0,'text/plain','',1,1,x'41')`,
		);
		const before = await pieces();
		clock += 8 * DAY;
		await expect(findCapture(gone, context())).rejects.toMatchObject({ code: "not_found" });
		expect((await listCaptures({ limit: 10 }, context())).captures.map(({ id }) => id)).toEqual([stays]);
		expect(await captureHousekeeping({ milliseconds: 10_000 }, context())).toEqual({ done: true });
		expect(await pieces()).toBe((before - 2) / 2);
		expect(await findCapture(stays, context())).toMatchObject({ pinnedBy: "ana@example.com", expiresAt: null });
		expect((await capturePart(stays, "download", 0, context()))?.bytes.equals(noise)).toBe(true);
		await pinCapture(stays, false, "bo@example.com", context());
		expect((await findCapture(stays, context())).expiresAt?.getTime()).toBe(clock + 7 * DAY);
		clock += 8 * DAY;
		await captureHousekeeping({ milliseconds: 10_000 }, context());
		expect([await pieces(), (await fresh.database.query("SELECT id FROM capture")).length, (await fresh.database.query("SELECT capture_id FROM capture_claim")).length]).toEqual([0, 0, 0]);
		expect((await fresh.database.query<{ action: string }>("SELECT action FROM audit_entry WHERE action LIKE 'capture.%pin'")).map(({ action }) => action).sort()).toEqual([
			"capture.pin",
			"capture.unpin",
		]);
	});

	it("lists newest first by cursor, of a URL, of a host", async () => {
		const ids: string[] = [];
		for (const url of ["http://a.example.com/1", "http://a.example.com/2", "http://b.example.com/1", "http://93.184.215.14/", "http://[2606:4700::1]/"]) {
			ids.unshift((await claim({ url })).capture.id);
			clock += 1000;
		}
		const seen: string[] = [];
		let cursor: string | undefined;
		do {
			const page = await listCaptures({ limit: 2, cursor }, context());
			seen.push(...page.captures.map(({ id }) => id));
			cursor = page.next ?? undefined;
		} while (cursor !== undefined);
		expect(seen).toEqual(ids);
		const urls = async (url: string) => (await listCaptures({ limit: 10, url }, context())).captures.map((one) => one.url);
		expect(await urls("a[.]example.com")).toEqual(["http://a.example.com/2", "http://a.example.com/1"]);
		expect(await urls("http://A.example.com/1")).toEqual(["http://a.example.com/1"]);
		expect(await urls("93.184.215.14")).toEqual(["http://93.184.215.14/"]);
		expect(await urls("2606:4700::1")).toEqual(["http://[2606:4700::1]/"]);
		await expect(urls("not a host")).rejects.toMatchObject({ code: "invalid", field: "url" });
		for (const bad of ["x", "zzzzzzzzzz.00", `zzzzzzzzzz.${"0".repeat(32)}`]) await expect(listCaptures({ limit: 2, cursor: bad }, context())).rejects.toMatchObject({ code: "invalid" });
	});

	it("says what has changed since the one before", async () => {
		const result = visitResult();
		const first = context({ visit: async () => ({ result: visitResult({ requests: [request("http://shop.example.com/a.js")] }), parts: [shot(0), textPart("text", "Sign in\nPassword\nHelp\n")] }) });
		const second = context({
			visit: async () => ({
				result: {
					...result,
					title: "Suspended",
					finalUrl: "http://other.example.net/",
					requests: [request("http://shop.example.com/b.js")],
					response: { ...(result.response as NonNullable<typeof result.response>), status: 404, sha256: "0".repeat(64) },
				},
				parts: [shot(40), textPart("text", "Sign in\nGone\nHelp\n")],
			}),
		});
		const before = await done(first);
		clock += 1000;
		const after = await done(second, { again: true });
		const comparison = await compareCapture(await findCapture(after, context()), context());
		expect(comparison?.before.id).toBe(before);
		expect(comparison?.changes.map(({ what }) => what).sort()).toEqual(["content", "final URL", "status", "title"]);
		expect(comparison?.text).toMatchObject({ given: true, added: 1, removed: 1 });
		expect(comparison?.text?.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual(["same Sign in", "removed Password", "added Gone", "same Help"]);
		expect(comparison?.pictureShare).toBeCloseTo(0.1, 5);
		expect(comparison?.requests).toEqual({ added: ["http://shop.example.com/b.js"], removed: ["http://shop.example.com/a.js"], more: 0 });
		expect((await capturePicture(after, "difference", context())).subarray(1, 4).toString()).toBe("PNG");
		await expect(capturePicture(before, "difference", context())).rejects.toMatchObject({ code: "not_found" });
		await fresh.database.execute(`DELETE FROM capture WHERE id = x'${before}'`);
		expect(await compareCapture(await findCapture(after, context()), context())).toBeNull();
		await expect(capturePicture(after, "difference", context())).rejects.toMatchObject({ code: "not_found" });
	});
	const shot = (block: number): Part => ({ kind: "screenshot", number: 0, mediaType: "image/png", bytes: picture(640, 400, [250, 250, 250], block) });
	const request = (url: string) => ({ url, method: "GET", kind: "script", status: 200, mediaType: null, bytes: 1, address: null, at: 1, failure: null });

	it("gives content and downloads as a zip that opens with its password only, under names of ours", async () => {
		const named = context({
			visit: async () => ({
				result: visitResult({ downloads: [{ url: "http://shop.example.com/x", name: "../../etc/passwd", mediaType: null, bytes: noise.length, sha256: "1".repeat(64), kept: true }] }),
				parts: parts(),
			}),
		});
		const { name, bytes } = await captureArchive(await done(named), context());
		expect(name).toMatch(/^capture-[0-9a-f]{32}\.zip$/);
		const open = (password?: string) => new ZipReader(new BlobReader(new Blob([bytes])), password === undefined ? {} : { password });
		const entries = (await open().getEntries()).filter((entry) => !entry.directory);
		expect(entries.map((entry) => [entry.filename, entry.encrypted])).toEqual([
			["content.bin", true],
			["download-1.bin", true],
			["manifest.json", true],
		]);
		for (const password of [undefined, "wrong", "Infected", ""]) {
			for (const entry of (await open(password).getEntries()).filter((one) => !one.directory)) await expect(entry.getData(new Uint8ArrayWriter())).rejects.toThrow();
		}
		const [content, download, manifest] = (await open("infected").getEntries()).filter((one) => !one.directory);
		expect(await content?.getData(new TextWriter())).toBe("<form>".repeat(500));
		expect(noise.equals((await download?.getData(new Uint8ArrayWriter())) ?? new Uint8Array())).toBe(true);
		expect(JSON.parse((await manifest?.getData(new TextWriter())) ?? "")).toMatchObject({
			url: URL_,
			files: [{ file: "content.bin" }, { file: "download-1.bin", calledByServer: "../../etc/passwd" }],
		});
	});

	it("stores whatever a page says of itself", async () => {
		const hostile = "\u0000\ud800\u202e💥<script>alert(1)</script>'\";--".repeat(200);
		const given = context({ visit: async () => ({ result: visitResult({ title: hostile, reason: hostile }), parts: [{ ...textPart("text", hostile), mediaType: "text/html\r\nx: y" }] }) });
		const id = await done(given);
		const found = await findCapture(id, context());
		expect(found.title?.length).toBeLessThanOrEqual(2000);
		expect(found.title).toContain("💥<script>alert(1)</script>");
		expect(await capturePart(id, "text", 0, context())).toMatchObject({ mediaType: "application/octet-stream" });
	});

	it("sends the visit's event once a capture, again while it waits, and fails where nobody takes it", async () => {
		const sent: JobEvent[] = [];
		const principal: Principal = { kind: "session", user: { email: "ana@example.com" } as Principal["user"] };
		const send = async (events: readonly JobEvent[]): Promise<void> => void sent.push(...events);
		const ask = (extra: { again?: boolean } = {}, with_ = { send, context: context() }) => requestCapture(URL_, { profile: "desktop", again: false, ...extra }, principal, with_);
		const { capture } = await ask();
		await ask();
		expect(sent).toEqual(Array(2).fill({ id: `capture.${capture.id}`, name: "capture/requested", data: { capture: capture.id, host: "shop.example.com" } }));
		await runCapture(capture.id, { again: false }, context());
		await ask();
		expect(sent).toHaveLength(2);
		await expect(ask({ again: true }, { send: () => Promise.reject(new Error("refused")), context: context() })).rejects.toMatchObject({ code: "unavailable", retryAfter: 60 });
		expect((await listCaptures({ limit: 5 }, context())).captures.find(({ id }) => id !== capture.id)).toMatchObject({
			state: "done",
			outcome: "failed",
			reason: expect.stringContaining("job service"),
		});
	});
});
