import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimHead, releaseDead } from "@/lib/alerts/claim";
import { type Delivered, deliver, hasDue } from "@/lib/alerts/deliver";
import type { DeliveryParts } from "@/lib/alerts/parts";
import { lit } from "@/lib/platform";
import { type FakeMessage, type FakeSlack, type ScriptStep, startFakeSlack } from "../fakes/slack";
import { FakeClock, putHits, putHunter, states, testParts } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";

interface FaultScript {
	id: string;
	script?: Array<ScriptStep & { refuse?: boolean; dns?: string }>;
}

const FAULTS = (JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/security/faults.json"), "utf8")) as { slack: FaultScript[] }).slack;

/** Where nobody listens any more. */
async function nowhere(): Promise<string> {
	const gone = await startFakeSlack();
	await gone.stop();
	return gone.url;
}

const scriptOf = (id: string): ScriptStep[] => {
	const found = FAULTS.find((fault) => fault.id === id);
	if (found === undefined) throw new Error(`there is no script ${id}`);
	return (found.script ?? []).filter((step) => step.refuse !== true && step.dns === undefined);
};

const alertOf = (message: FakeMessage): string => String(message.metadata?.event_payload.id);

describe("alerts under the faults of Slack", () => {
	let fresh: TestDatabase;
	let slack: FakeSlack;
	let clock: FakeClock;
	let hunter: Buffer;
	let due: string[];
	const tested = new Set<string>();

	beforeAll(async () => {
		fresh = await freshDatabase();
	}, 120_000);
	afterAll(() => fresh.drop());
	beforeEach(async () => {
		await fresh.clear();
		clock = new FakeClock();
		slack = await startFakeSlack({ now: () => clock.at });
		slack.addChannel("th-ransomware");
		hunter = await putHunter(fresh.database, clock.now());
		due = [];
	});
	afterEach(() => slack.stop());

	const script = (id: string): void => {
		tested.add(id);
		slack.script = scriptOf(id).flatMap((step) => Array.from({ length: step.repeat ?? 1 }, () => step));
	};
	const put = async (titles: readonly string[], to: Parameters<typeof putHits>[4] = {}, at = (index: number) => new Date(clock.at + index)): Promise<void> => {
		due.push(...(await putHits(fresh.database, hunter, titles, at, to)));
	};
	const parts = (more: Partial<DeliveryParts> = {}): DeliveryParts => testParts(fresh.database, clock, slack.url, more);
	const once = (more: Partial<DeliveryParts> = {}): Promise<Delivered> => deliver({ milliseconds: 30_000 }, parts(more));
	/** Calls again whenever it is said to be worth it, as the job and the minute do. */
	const toTheEnd = async (most = 400): Promise<number> => {
		for (let turn = 1; turn <= most; turn++) {
			const { nextAt, left } = await once();
			if (left === 0) return turn;
			clock.at = Math.max(clock.at + 1, nextAt?.getTime() ?? clock.at);
		}
		throw new Error(`not told after ${most} turns: ${JSON.stringify(await states(fresh.database))}`);
	};
	const posts = (): number[] => slack.calls.filter(({ method }) => method === "chat.postMessage").map(({ at }) => at);
	const row = async () =>
		(
			await fresh.database.query<{ state: string; reason: string | null; attempts: number; next_at: Date; unsure: number }>(
				"SELECT state, reason, attempts, next_at, unsure FROM alert ORDER BY created_at",
			)
		)[0];

	/** The invariants that hold at the end of every script, whatever came before. */
	const invariants = async (duplicates = 0): Promise<void> => {
		const rows = await fresh.database.query<{ id: Buffer; state: string; told_in: Buffer | null; reason: string | null }>("SELECT id, state, told_in, reason FROM alert");
		// Every alert that was due is there once, delivered or visibly waiting.
		expect(rows.map(({ id }) => id.toString("hex")).sort()).toEqual([...due].sort());
		for (const one of rows) {
			expect(["sent", "pending", "unknown", "failed"]).toContain(one.state);
			if (one.state !== "sent") expect(one.reason).toMatch(/\w/);
			const told = slack.messages.filter((message) => alertOf(message) === (one.told_in ?? one.id).toString("hex")).length;
			if (one.state === "sent") expect(told).toBeGreaterThanOrEqual(1);
			expect(told).toBeLessThanOrEqual(1 + duplicates);
		}
		// A second run of the same changes nothing.
		const before = [slack.messages.length, JSON.stringify(await states(fresh.database))];
		await once();
		expect([slack.messages.length, JSON.stringify(await states(fresh.database))]).toEqual(before);
	};

	it("tells an alert once, signed by its kind, and nothing a second time", async () => {
		script("ok");
		await put(["One"]);
		expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(true);
		expect(await once()).toMatchObject({ sent: 1, failed: 0, unknown: 0, left: 0, nextAt: null });
		expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(false);
		expect(slack.messages).toHaveLength(1);
		expect(slack.messages[0]).toMatchObject({ username: "EXIST news", args: { unfurl_links: "false", unfurl_media: "false", parse: "none", link_names: "false", icon_emoji: ":newspaper:" } });
		await invariants();
	});

	it("comes back after the time Slack asks for, not before", async () => {
		script("429-30");
		await put(["One"]);
		const { nextAt } = await once();
		expect((nextAt?.getTime() ?? 0) - clock.at).toBeGreaterThanOrEqual(30_000);
		expect(await hasDue(new Date(clock.at + 29_999), fresh.database, { token: "xoxb-fake" })).toBe(false);
		clock.at += 26_000;
		await once();
		expect(posts()).toHaveLength(1);
		await toTheEnd();
		const [first, second] = posts() as [number, number];
		expect(second - first).toBeGreaterThanOrEqual(30_000);
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it("backs off by itself where Slack names no time", async () => {
		script("429-no-header");
		await put(["One"]);
		await toTheEnd();
		const [first, second] = posts() as [number, number];
		expect(second - first).toBeGreaterThanOrEqual(30_000);
		await invariants();
	});

	it("does not run hot in a storm of limits, and lets other channels flow", async () => {
		script("429-storm");
		slack.addChannel("th-other");
		await put(["Limited"]);
		await once();
		slack.script = [];
		await put(["A", "B", "C"], { target: "th-other" });
		const { sent } = await once();
		expect(sent).toBeGreaterThanOrEqual(3);
		expect(slack.channels.find(({ name }) => name === "th-other")?.messages).toHaveLength(3);
		await toTheEnd();
		await invariants();
		// The whole storm in one channel.
		await fresh.database.execute("DELETE FROM alert");
		due = [];
		slack.calls.length = 0;
		script("429-storm");
		await put(["Storm"]);
		await toTheEnd();
		const times = posts();
		expect(times).toHaveLength(51);
		for (const [at, time] of times.slice(1).entries()) expect(time - (times[at] ?? 0)).toBeGreaterThanOrEqual(1000);
	});

	it("does not take ok:false for success", async () => {
		script("200-not-ok-retryable");
		await put(["One"]);
		expect(await once()).toMatchObject({ sent: 0, left: 1 });
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it("lets everything wait where the token is refused, and says so", async () => {
		script("200-not-ok-fatal");
		slack.addChannel("th-other");
		await put(["One"]);
		await put(["Two"], { target: "th-other" });
		slack.token = "xoxb-another";
		await once();
		expect(await row()).toMatchObject({ state: "pending", reason: expect.stringContaining("SLACK_TOKEN") });
		const asked = posts().length;
		expect(asked).toBeLessThanOrEqual(2);
		// Neither the next minutes nor new alerts make it ask again.
		await put(["Three"]);
		for (let minute = 0; minute < 10; minute++) {
			clock.at += 60_000;
			expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(false);
			await once();
		}
		expect(posts()).toHaveLength(asked);
		expect(await states(fresh.database)).toEqual({ pending: 3 });
		// A new token is asked at once.
		expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-another" })).toBe(true);
		expect(await once({ slack: { token: "xoxb-another", apiUrl: slack.url, canMute: true, timeoutMs: 300 } })).toMatchObject({ sent: 3, left: 0 });
		expect(await states(fresh.database)).toEqual({ sent: 3 });
	});

	it("never makes a channel that a person named, and makes ours", async () => {
		script("channel-not-found");
		await put(["One"], { target: "soc" });
		await once();
		expect(await row()).toMatchObject({ state: "pending", reason: expect.stringContaining("#soc") });
		expect(slack.calls.filter(({ method }) => method === "conversations.create")).toHaveLength(0);
		await put(["Two"], { target: "th-новый" });
		await once();
		expect(slack.channels.map(({ name }) => name)).toEqual(["th-ransomware", "th-новый"]);
		expect(slack.messages).toHaveLength(1);
		await invariants();
		slack.addChannel("soc");
		await toTheEnd();
		await invariants();
	});

	it("cuts what is too long and sends it once, marked", async () => {
		script("msg-too-long");
		await put(["One"]);
		await once();
		expect(await row()).toMatchObject({ state: "sent", reason: expect.stringContaining("Cut") });
		expect(JSON.stringify(slack.messages[0]?.blocks)).toContain("*cut*");
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it.each(["500-503", "html-200"])("tries again after %s", async (id) => {
		script(id);
		await put(["One"]);
		expect(await once()).toMatchObject({ sent: 0, left: 1 });
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	describe.each(["accepted-then-timeout", "accepted-then-reset"])("%s", (id) => {
		it("finds the message by its metadata and does not send it again", async () => {
			script(id);
			await put(["One"]);
			expect(await once()).toMatchObject({ sent: 0, unknown: 1, left: 1 });
			expect(await row()).toMatchObject({ state: "unknown", unsure: 1 });
			await toTheEnd();
			expect(slack.messages).toHaveLength(1);
			expect(await row()).toMatchObject({ state: "sent", reason: expect.stringContaining("found in the channel") });
			await invariants();
		});

		it("joins a channel it posts to from outside, to look", async () => {
			script(id);
			slack.scopes.add("chat:write.public");
			for (const channel of slack.channels) channel.is_member = false;
			await put(["One"]);
			await once();
			await toTheEnd();
			expect(slack.messages).toHaveLength(1);
			await invariants();
		});

		it("sends once more at most where it may not look", async () => {
			script(id);
			slack.scopes.delete("channels:history");
			slack.script = [...slack.script.slice(0, 1), ...slack.script.slice(0, 1), ...slack.script.slice(0, 1)];
			await put(["One"]);
			for (let turn = 0; turn < 20; turn++) {
				await once();
				clock.at += 30 * 60_000;
			}
			expect(slack.messages).toHaveLength(2);
			expect(await row()).toMatchObject({ state: "unknown", unsure: 3, reason: expect.stringContaining("may have arrived") });
			await invariants(1);
			expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(false);
		});
	});

	describe.each(["internal_error", "fatal_error"])("%s for what was taken", (error) => {
		beforeEach(async () => {
			slack.script = Array.from({ length: 10 }, () => ({ accept: true, json: { ok: false, error } }));
			await put(["One"]);
		});

		it("is found in the channel", async () => {
			await toTheEnd();
			expect(slack.messages).toHaveLength(1);
			expect(await row()).toMatchObject({ state: "sent", reason: expect.stringContaining("found in the channel") });
			await invariants();
		});

		it("is sent once more at most where it may not be looked for, and the channel goes on", async () => {
			slack.scopes.delete("channels:history");
			for (let turn = 0; turn < 20; turn++) {
				await once();
				clock.at += 30 * 60_000;
			}
			expect(slack.messages).toHaveLength(2);
			expect(await row()).toMatchObject({ state: "unknown", unsure: 3, reason: expect.stringContaining("may have arrived") });
			slack.script = [];
			await put(["Two"]);
			await once();
			expect(await states(fresh.database)).toEqual({ sent: 1, unknown: 1 });
			await invariants(1);
		});
	});

	it("leaves nothing to a person because the token was no good while it was looked for", async () => {
		slack.script = scriptOf("accepted-then-reset").slice(0, 1);
		await put(["One"]);
		await once();
		await fresh.database.execute("UPDATE alert SET unsure = 2");
		slack.token = "xoxb-another";
		clock.at += 60_000;
		expect(await once()).toMatchObject({ sent: 0, unknown: 0, left: 1 });
		expect(await row()).toMatchObject({ state: "pending", unsure: 2 });
		await once({ slack: { token: "xoxb-another", apiUrl: slack.url, canMute: true, timeoutMs: 300 } });
		expect(await row()).toMatchObject({ state: "sent", reason: expect.stringContaining("found in the channel") });
		expect(slack.messages).toHaveLength(1);
	});

	it("does not take the lost answer of a remedy for a message", async () => {
		slack.broken.add("conversations.create");
		slack.scopes.delete("channels:history");
		await put(["One"], { target: "th-new" });
		for (let turn = 0; turn < 5; turn++) {
			expect(await once()).toMatchObject({ sent: 0, unknown: 0, left: 1 });
			clock.at += 30 * 60_000;
		}
		expect(await row()).toMatchObject({ state: "pending", unsure: 0, reason: expect.stringContaining("internal_error") });
		slack.broken.clear();
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it("gives up a message that is refused for a day for a reason nobody knows, and goes on with the next", async () => {
		const step = { status: 200, json: { ok: false, error: "some_new_code" } };
		slack.script = Array.from({ length: 300 }, () => step);
		await put(["One"]);
		await once();
		clock.at += 1000;
		await put(["Two"]);
		while (clock.at < Date.parse("2026-11-25T11:30:00Z")) {
			clock.at += 15 * 60_000;
			await once();
		}
		expect(await states(fresh.database)).toEqual({ pending: 2 });
		clock.at += 3600_000;
		await once();
		// Only the first has had its tries; the second gets its own.
		expect(await states(fresh.database)).toEqual({ failed: 1, pending: 1 });
		expect(await row()).toMatchObject({ state: "failed", reason: expect.stringContaining("some_new_code") });
		slack.script = [];
		await toTheEnd();
		expect(await states(fresh.database)).toEqual({ failed: 1, sent: 1 });
		expect(slack.messages.map(({ text }) => text)).toEqual([expect.stringContaining("Two")]);
		await invariants();
	});

	it("gives an unknown refusal its tries where something else was the trouble until now", async () => {
		await put(["One"]);
		await fresh.database.execute("UPDATE alert SET attempts = 50, reason = 'Slack cannot be reached (ECONNREFUSED).'");
		clock.at += 25 * 3600_000;
		slack.script = [{ status: 200, json: { ok: false, error: "some_new_code" } }];
		expect(await once()).toMatchObject({ sent: 0, failed: 0, left: 1 });
		await toTheEnd();
		await invariants();
	});

	it("looks under the name as well, where the channel was archived and made anew", async () => {
		await put(["One"]);
		await once();
		const [old] = slack.channels;
		if (old === undefined) throw new Error("no channel");
		old.is_archived = true;
		old.name = "th-ransomware-old";
		const anew = slack.addChannel("th-ransomware");
		clock.at += 5000;
		await put(["Two"]);
		// The first request finds the archive, the second one's answer is lost.
		slack.script = [{ status: 200, json: { ok: false, error: "is_archived" } }, ...scriptOf("accepted-then-reset").slice(0, 1)];
		expect(await once()).toMatchObject({ unknown: 1 });
		await toTheEnd();
		expect([old.messages.length, anew.messages.length]).toEqual([1, 1]);
		await invariants();
	});

	it("sends anew what did not arrive after all", async () => {
		await put(["One"]);
		// The answer is lost, and so is the message.
		slack.script = scriptOf("accepted-then-timeout").slice(0, 1);
		await once();
		for (const channel of slack.channels) channel.messages.length = 0;
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it("tells what two hours without Slack brought, oldest first and bounded", async () => {
		tested.add("connect-refused-2h");
		slack.addChannel("th-few");
		const other = await putHunter(fresh.database, clock.now(), { name: "Few", digestOver: 10 });
		const start = clock.at;
		const apiUrl = await nowhere();
		for (let minute = 0; minute < 120; minute += 5) {
			await put([`Hit ${minute}`]);
			if (minute % 30 === 0) due.push(...(await putHits(fresh.database, other, [`Few ${minute}`], () => clock.now(), { target: "th-few", name: "Few" })));
			await deliver({ milliseconds: 1000 }, parts({ slack: { token: "xoxb-fake", apiUrl, canMute: true, timeoutMs: 300 } }));
			clock.at = start + (minute + 5) * 60_000;
		}
		expect(await states(fresh.database)).toEqual({ pending: 28 });
		expect(slack.messages).toHaveLength(0);
		await toTheEnd();
		const [digests, few] = ["th-ransomware", "th-few"].map((name) => slack.channels.find((channel) => channel.name === name)?.messages ?? []);
		expect(digests).toHaveLength(1);
		expect(digests?.[0]?.text).toContain("24 hits");
		expect(few?.map(({ text }) => /Few (\d+)/.exec(text.replace("Few:", ""))?.[1])).toEqual(["0", "30", "60", "90"]);
		expect(few?.every(({ text }) => !text.includes("Late"))).toBe(true);
		await invariants();
	});

	it("marks what is told a day late", async () => {
		await put(["One"]);
		clock.at += 25 * 3600_000;
		await once();
		expect(slack.messages[0]?.text).toMatch(/^Late: found 2026-11-24 12:00 UTC/);
	});

	it("waits where Slack's name is not resolved", async () => {
		tested.add("dns-fail");
		await put(["One"]);
		await once({ slack: { token: "xoxb-fake", apiUrl: "http://slack.no-such-name.invalid/api/", canMute: true, timeoutMs: 5000 } });
		expect(await row()).toMatchObject({ state: "pending", reason: expect.stringMatching(/not resolved|cannot be reached/), unsure: 0 });
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it("posts once where two workers are at it", async () => {
		script("two-workers");
		await put(["One", "Two", "Three"]);
		const one = parts({ slack: { token: "xoxb-fake", apiUrl: slack.url, canMute: true, timeoutMs: 5000 } });
		await Promise.all([deliver({ milliseconds: 5000 }, one), deliver({ milliseconds: 5000 }, { ...one })]);
		await toTheEnd();
		expect(slack.messages).toHaveLength(3);
		await invariants();
	});

	it.each(["after-outbox-commit-before-post", "after-post-before-mark"] as const)("goes on after a worker that died %s", async (point) => {
		script("kill-between-post-and-mark");
		await put(["One"]);
		// A dead worker notes nothing and lets go of nothing.
		await expect(
			once({
				onPoint: (at) => {
					if (at === point) throw new Error("killed");
				},
			}),
		).rejects.toThrow("killed");
		expect(await states(fresh.database)).toEqual({ sending: 1 });
		expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(false);
		clock.at += 61_000;
		expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(true);
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it("still looks for what dead workers left behind again and again", async () => {
		await put(["One"]);
		const dies = (point: string) => once({ onPoint: (at) => (at === point ? Promise.reject(new Error("killed")) : undefined) });
		await expect(dies("after-post-before-mark")).rejects.toThrow("killed");
		// Further workers die while they look.
		for (let turn = 0; turn < 5; turn++) {
			clock.at += 61_000;
			await fresh.database.execute(`UPDATE alert SET claim_until = ${lit(clock.now())}`);
			await releaseDead(fresh.database, clock.now());
			await claimHead(fresh.database, { via: "slack", target: "th-ransomware", hunter: null }, Buffer.alloc(16, turn), clock.now());
		}
		clock.at += 61_000;
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		await invariants();
	});

	it("tells a thousand at once in one message, and those of many hunters one a second", async () => {
		tested.add("1000-due-at-once");
		await put(Array.from({ length: 1000 }, (_, at) => `Hit ${at}`));
		await toTheEnd();
		expect(slack.messages).toHaveLength(1);
		expect(slack.messages[0]?.text).toContain("1000 hits");
		expect(slack.messages[0]?.blocks.length).toBeLessThanOrEqual(50);
		await invariants();
		const before = slack.messages.length;
		for (let at = 0; at < 30; at++) {
			const one = await putHunter(fresh.database, clock.now(), { name: `H${at}` });
			due.push(...(await putHits(fresh.database, one, [`Of ${at}`], () => new Date(clock.at + at), { name: `H${at}` })));
		}
		const start = clock.at;
		await toTheEnd();
		const told = slack.messages.slice(before);
		expect(told).toHaveLength(30);
		expect(clock.at - start).toBeGreaterThanOrEqual(29_000);
		for (const [at, message] of told.slice(1).entries()) expect(message.at - (told[at]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
		await invariants();
	}, 60_000);

	it("loses and doubles nothing when the clock goes back", async () => {
		slack.script = [{ status: 429, headers: { "retry-after": "60" } }];
		await put(["One", "Two"]);
		await once();
		clock.at -= 2 * 3600_000;
		await toTheEnd();
		expect(slack.messages.map(({ text }) => text)).toEqual(["Ransomware: One", "Ransomware: Two"]);
		await invariants();
	});

	it("drops what a hunter that is gone had to say", async () => {
		await put(["One", "Two"]);
		await fresh.database.execute(`DELETE FROM hunter WHERE id = ${lit(hunter)}`);
		expect(await once()).toMatchObject({ sent: 0, left: 0 });
		expect(await states(fresh.database)).toEqual({ dropped: 2 });
		expect(slack.messages).toHaveLength(0);
	});

	it("keeps alerts while no token is set", async () => {
		await put(["One"]);
		expect(await hasDue(clock.now(), fresh.database, null)).toBe(false);
		expect(await once({ slack: null })).toMatchObject({ sent: 0, left: 1, nextAt: null });
		await toTheEnd();
		await invariants();
	});

	it("has gone through every script there is", () => {
		expect(FAULTS.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
	});
});
