import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SuspectBody } from "@/lib/net/formats";
import { recordsWith } from "@/lib/search/records";
import { defineRecordSource, type ExploitItem, type ReadItem, type RecordSource } from "@/lib/sources/record";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { runPull, runSource, testContext } from "../harness/ingest";

const basics = {
	name: "Test exploits",
	tracker: "exploit",
	homepage: "https://example.com/",
	everyMinutes: 60,
	licence: { name: "none", redistributable: true },
} as const;

function readLine(line: string, where: string): ReadItem<ExploitItem> {
	const [id = "", title = "", ...rest] = line.split("|");
	if (id === "") return { ok: false, where, reason: "it has no id", excerpt: line };
	return { ok: true, where, item: { externalId: id, title, published: new Date("2026-11-01T00:00:00Z"), cves: rest.filter((part) => part.startsWith("CVE")), text: rest.join(" ") } };
}

const feed: RecordSource<"exploit"> = defineRecordSource({
	...basics,
	id: "test-feed",
	number: 9201,
	reading: {
		mode: "feed",
		url: "https://feed.example.com/",
		async *parse({ bytes }) {
			let text = "";
			for await (const chunk of bytes) text += Buffer.from(chunk).toString("utf8");
			if (text.startsWith("<")) throw new SuspectBody("It is a web page, not a list.");
			for (const [at, line] of text.split("\n").entries()) if (line !== "") yield readLine(line, String(at + 1));
		},
	},
});

interface Page {
	lines: string[];
	more: boolean;
}
const pull: RecordSource<"exploit"> = defineRecordSource<"exploit", { page: number }>({
	...basics,
	id: "test-pull",
	number: 9202,
	reading: {
		mode: "pull",
		next: async (mark, { fetch }) => {
			const page = mark?.page ?? 0;
			const answer = (await (await fetch({ url: `https://pull.example.com/?page=${page}&key=secret-in-query` })).json()) as Page;
			return { items: answer.lines.map((line, at) => readLine(line, `${page}.${at}`)), mark: { page: page + 1 }, done: !answer.more, note: `page ${page}` };
		},
	},
});

describe.each(DRIVERS)("records over %s", (driver) => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(() => fresh.clear());
	afterAll(() => fresh.drop());

	const rows = (table: string) => fresh.database.query<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`).then(([row]) => Number(row?.n));

	it("stores records with what they name, and says what it could not use", async () => {
		const run = await runSource(testContext(fresh.database, [feed]), feed, {
			text: "1|First|CVE-2026-0001|calls evil[.]example.org\n|nameless\n2|Second|see https://evil.example.org/a and 8.8.8.8\n",
		});
		expect(run).toMatchObject({ state: "ok", read: 3, new: 2, setAside: 1 });
		expect(run.setAsideRows).toEqual([{ line: 2, reason: "it has no id", excerpt: "|nameless" }]);
		const named = await fresh.database.query<{ value: string; place: string; mark: string | null }>(
			"SELECT i.value, m.place, m.mark FROM mention m JOIN indicator i ON i.id = m.indicator_id WHERE m.tracker = 'exploit' ORDER BY i.value",
		);
		expect(named).toEqual([
			{ value: "8.8.8.8", place: "text", mark: expect.stringMatching(/./) },
			{ value: "CVE-2026-0001", place: "cve", mark: null },
			{ value: "evil.example.org", place: "text", mark: null },
			{ value: "https://evil.example.org/a", place: "text", mark: null },
		]);
		const days = await fresh.database.query("SELECT day, SUM(records) AS records FROM daily_count WHERE tracker = 'exploit' AND records > 0 GROUP BY day");
		expect(days).toEqual([{ day: "2026-11-01", records: expect.anything() }]);
	});

	it("writes only what changed, and forgets what a changed record no longer names", async () => {
		const context = testContext(fresh.database, [feed]);
		await runSource(context, feed, { text: "1|First|on one.example.org\n2|Second|on two.example.org\n" });
		const again = await runSource(context, feed, { text: "2|Second|on two.example.org\n1|First|on three.example.org\n" });
		expect(again).toMatchObject({ state: "ok", new: 0, updated: 1, unchanged: 1 });
		const hosts = await fresh.database.query<{ value: string }>("SELECT i.value FROM mention m JOIN indicator i ON i.id = m.indicator_id ORDER BY i.value");
		expect(hosts.map(({ value }) => value)).toEqual(["three.example.org", "two.example.org"]);
		expect(await runSource(context, feed, { text: "2|Second|on two.example.org\n1|First|on three.example.org\n" })).toMatchObject({ state: "unchanged" });
	});

	it("keeps what it had when a body is empty or something else", async () => {
		const context = testContext(fresh.database, [feed]);
		await runSource(context, feed, { text: "1|First\n" });
		expect(await runSource(context, feed, { text: "\n" })).toMatchObject({ state: "suspect", reason: expect.stringContaining("no records") });
		expect(await runSource(context, feed, { text: "<html>" })).toMatchObject({ state: "suspect", reason: expect.stringContaining("web page") });
		expect(await rows("exploit")).toBe(1);
	});

	it("goes on where a slow step stopped, without counting anything twice", async () => {
		const text = Array.from({ length: 1500 }, (_, at) => `${at}|Title ${at}|host${at}.example.org`).join("\n");
		let batches = 0;
		const context = testContext(fresh.database, [feed], { onPoint: (point) => void (point === "between-batches" && batches++) });
		const run = await runSource(context, feed, { text }, 0);
		expect(batches).toBe(4);
		expect(run).toMatchObject({ state: "ok", read: 1500, new: 1500, unchanged: 0 });
		expect(await rows("record_text")).toBe(1500);
	});

	it("counts words of each tracker for itself, newest first", async () => {
		const at = (minute: number) =>
			`'2026-11-${String(1 + Math.floor(minute / 1440)).padStart(2, "0")} ${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}:00'`;
		const many = Array.from({ length: 2100 }, (_, n) => `(UNHEX(MD5('many${n}')),'exploit',${at(n)},'zebracorn ${n}','7a6562 656272 627261 726163 61636f 636f72 6f726e')`);
		await fresh.database.execute(`INSERT INTO record_text (record_id, tracker, at, text, grams) VALUES ${many.join(",")}`);
		await fresh.database.execute(
			`INSERT INTO record_text (record_id, tracker, at, text, grams) VALUES (UNHEX(MD5('few')),'news',${at(0)},'zebracorn seen','7a6562 656272 627261 726163 61636f 636f72 6f726e')`,
		);
		const groups = await recordsWith("zebracorn", 5, fresh.database);
		expect(groups.map(({ tracker, total, more }) => ({ tracker, total, more }))).toEqual([
			{ tracker: "exploit", total: 2000, more: true },
			{ tracker: "news", total: 1, more: false },
		]);
		expect(groups[0]?.last.toISOString()).toBe("2026-11-02T10:59:00.000Z");
	});

	it("reads in slices, keeps what it had when one fails, and goes on there", async () => {
		let broken = true;
		const asked: string[] = [];
		const server = createServer((request, response) => {
			const page = Number(new URL(request.url ?? "/", "http://x").searchParams.get("page"));
			asked.push(String(page));
			if (page === 1 && broken) response.writeHead(403, { "content-type": "text/html" }).end("<html><title>Denied</title></html>");
			else response.end(JSON.stringify({ lines: [`p${page}|Page ${page}`], more: page < 2 } satisfies Page));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		try {
			const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
			const context = testContext(fresh.database, [pull], { policy: { allowLoopback: true }, route: (url) => new URL(`${url.pathname}${url.search}`, upstream) });
			const failed = await runPull(context, pull);
			expect(failed).toMatchObject({ state: "failed", new: 1, httpStatus: 403 });
			expect(failed.reason).toContain("answered 403");
			expect(failed.reason).not.toContain("secret-in-query");
			broken = false;
			await fresh.database.execute(`UPDATE source_state SET next_run_at = NULL WHERE source = ${pull.number}`);
			expect(await runPull(context, pull)).toMatchObject({ state: "ok", new: 2, reason: "page 2" });
			expect(asked).toEqual(["0", "1", "1", "2"]);
			expect(await rows("exploit")).toBe(3);
		} finally {
			server.closeAllConnections();
			server.close();
		}
	});
});
