import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AlertContent, OperationContent } from "@/lib/alerts/content";
import { deliver } from "@/lib/alerts/deliver";
import { type IngestContext, setSourceEnabled, tellSources } from "@/lib/ingest";
import { startFakeSlack } from "../fakes/slack";
import { FakeClock, testParts } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { lineSource, runSource, testContext } from "../harness/ingest";

const GOOD = "192.0.2.1\nevil.example\n";
const BAD = "<!doctype html><html><head><title>Just a moment</title></head></html>";
const MINUTE = 60_000;

describe("sources in trouble", () => {
	let fresh: TestDatabase;
	let clock: FakeClock;
	let context: IngestContext;
	const source = lineSource();

	beforeAll(async () => {
		fresh = await freshDatabase();
	}, 120_000);
	afterAll(() => fresh.drop());
	beforeEach(async () => {
		await fresh.clear();
		clock = new FakeClock();
		context = testContext(fresh.database, [source], { operations: "soc", now: clock.now });
	});

	let round = 0;
	const run = async (...bodies: string[]): Promise<void> => {
		for (const text of bodies) {
			await runSource(context, source, { text: text === GOOD ? `${GOOD}192.0.2.${(++round % 250) + 2}\n` : text });
			clock.at += 5 * MINUTE;
		}
	};
	const told = async (): Promise<string[]> => {
		const rows = await fresh.database.query<{ content: string; target: string; hunter_id: Buffer | null }>("SELECT content, target, hunter_id FROM alert ORDER BY created_at");
		for (const { target, hunter_id } of rows) expect([target, hunter_id]).toEqual(["soc", null]);
		return rows.map(({ content }) => JSON.parse(content) as AlertContent as OperationContent).map(({ was, state }) => `${was} → ${state}`);
	};

	it("are told at the second bad run, once, and are well at the second good one", async () => {
		await run(GOOD, BAD);
		expect(await told()).toEqual([]);
		await run(BAD);
		expect(await told()).toEqual(["ok → suspect"]);
		await run(BAD, BAD);
		expect(await told()).toEqual(["ok → suspect"]);
		await run(GOOD);
		expect(await told()).toEqual(["ok → suspect"]);
		await run(GOOD);
		expect(await told()).toEqual(["ok → suspect", "suspect → ok"]);
		await run(GOOD, GOOD);
		expect(await told()).toHaveLength(2);
	});

	it("tell nobody while they come and go", async () => {
		for (let turn = 0; turn < 6; turn++) await run(GOOD, BAD);
		expect(await told()).toEqual([]);
		await run(BAD);
		for (let turn = 0; turn < 6; turn++) await run(GOOD, BAD, BAD);
		expect(await told()).toEqual(["ok → suspect"]);
	});

	it("are told by the minute where a single bad run has lasted an hour, and so is its end", async () => {
		await run(GOOD, BAD);
		expect(await tellSources(context)).toBe(0);
		clock.at += 60 * MINUTE;
		expect(await tellSources(context)).toBe(1);
		expect(await tellSources(context)).toBe(0);
		await run(GOOD);
		expect(await tellSources(context)).toBe(0);
		clock.at += 60 * MINUTE;
		expect(await tellSources(context)).toBe(1);
		expect(await told()).toEqual(["ok → suspect", "suspect → ok"]);
	});

	it("are told when nobody reads them any more, and when somebody does again", async () => {
		await run(GOOD);
		clock.at += 23 * 60 * MINUTE;
		expect(await tellSources(context)).toBe(0);
		clock.at += 2 * 60 * MINUTE;
		expect(await tellSources(context)).toBe(1);
		expect(await tellSources(context)).toBe(0);
		clock.at += MINUTE;
		await run(GOOD);
		expect(await tellSources(context)).toBe(0);
		expect(await told()).toEqual(["ok → stale", "stale → ok"]);
	});

	it("are nobody's business where they are switched off, or no channel is set", async () => {
		await run(GOOD, BAD);
		await setSourceEnabled(source.number, false, "ann@example.org", context);
		clock.at += 48 * 60 * MINUTE;
		expect(await tellSources(context)).toBe(0);
		await setSourceEnabled(source.number, true, "ann@example.org", context);
		const { operations: _operations, ...silent } = context;
		context = silent;
		await run(BAD, BAD, BAD);
		expect(await tellSources(context)).toBe(0);
		expect(await told()).toEqual([]);
	});

	it("reach the operators' channel, many at once as one message", async () => {
		const sources = Array.from({ length: 9 }, (_, at) => lineSource({ id: `test-${at}`, name: `Source <${at}>`, number: 9101 + at }));
		context = { ...context, sources };
		for (const one of sources) for (const text of [BAD, BAD]) await runSource(context, one, { text });
		const slack = await startFakeSlack({ now: () => clock.at });
		slack.addChannel("soc");
		expect(await deliver({ milliseconds: 5000 }, testParts(fresh.database, clock, slack.url))).toMatchObject({ sent: 9, left: 0 });
		expect(slack.messages.map(({ text }) => text)).toEqual(["9 sources changed their state"]);
		expect(JSON.stringify(slack.messages[0]?.blocks)).toContain("Source &lt;3&gt; is suspect");
		await slack.stop();
	});
});
