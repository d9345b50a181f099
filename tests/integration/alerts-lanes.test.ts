import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliver, hasDue } from "@/lib/alerts/deliver";
import { readGate } from "@/lib/alerts/gate";
import { alertId, type NewAlert, putAlerts } from "@/lib/alerts/outbox";
import type { DeliveryParts } from "@/lib/alerts/parts";
import { sealWebhook } from "@/lib/alerts/webhook-secret";
import { type Database, lit } from "@/lib/platform";
import { type FakeSlack, startFakeSlack } from "../fakes/slack";
import { FakeClock, putHits, putHunter, states, testParts, toldRecord } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";

const AUTH = "s".repeat(40);
const BUDGET_MS = 35_000;
/** Lanes of one way that are served at once. */
const AT_ONCE = 4;

describe("many lanes at a time", () => {
	let fresh: TestDatabase;
	let slack: FakeSlack;
	let clock: FakeClock;
	let hook: Server;
	let hookUrl = "";
	let asked = 0;
	let answer: (response: ServerResponse) => void = (response) => response.end();

	beforeAll(async () => {
		fresh = await freshDatabase();
		hook = createServer((request, response) => {
			request.resume().on("end", () => {
				asked++;
				answer(response);
			});
		});
		await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
		hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
	}, 120_000);
	afterAll(async () => {
		await new Promise((resolve) => hook.close(resolve));
		await fresh.drop();
	});
	beforeEach(async () => {
		await fresh.clear();
		clock = new FakeClock();
		slack = await startFakeSlack({ now: () => clock.at });
		asked = 0;
	});
	afterEach(() => slack.stop());

	const parts = (more: Partial<DeliveryParts> = {}): DeliveryParts => testParts(fresh.database, clock, slack.url, { authSecret: AUTH, ...more });
	/** A hit in each of many channels. */
	const putChannels = async (many: number): Promise<void> => {
		const hunter = await putHunter(fresh.database, clock.now());
		for (let at = 0; at < many; at++) {
			slack.addChannel(`th-${at}`);
			await putHits(fresh.database, hunter, [`Hit ${at}`], () => new Date(clock.at + at), { target: `th-${at}` });
		}
	};
	/** A hit for each of many webhooks. */
	const putWebhooks = async (many: number): Promise<void> => {
		for (let at = 0; at < many; at++) {
			const hunter = await putHunter(fresh.database, clock.now(), { name: `Hook ${at}`, webhook: (id) => sealWebhook(id, { url: hookUrl, secret: "whsec_of_the_test" }, AUTH) });
			await putHits(fresh.database, hunter, [`Hit ${at}`], () => clock.now(), { via: "webhook" });
		}
	};

	it("begin nothing once the time is over; the next call goes on", async () => {
		await putChannels(40);
		// Slack takes 200 ms for each.
		const slow = parts({
			onPoint: (point) => {
				if (point === "after-post-before-mark") clock.at += 200;
			},
		});
		const first = await deliver({ milliseconds: 500 }, slow);
		expect(first.sent).toBeGreaterThan(0);
		expect(first.sent).toBeLessThanOrEqual(3 + AT_ONCE);
		expect(first).toMatchObject({ left: 40 - first.sent, nextAt: clock.now() });
		for (let call = 0; call < 20 && "pending" in (await states(fresh.database)); call++) await deliver({ milliseconds: 500 }, slow);
		expect(await states(fresh.database)).toEqual({ sent: 40 });
		expect(slack.channels.map(({ messages }) => messages.length)).toEqual(Array.from({ length: 40 }, () => 1));
	});

	it("end one request after the time where webhooks take almost as long as they may", async () => {
		await putWebhooks(20);
		answer = (response) => {
			clock.at += 14_000;
			response.end();
		};
		const start = clock.at;
		const { sent, left } = await deliver({ milliseconds: BUDGET_MS }, parts());
		expect([asked, left]).toEqual([sent, 20 - sent]);
		expect(clock.at - start).toBeLessThan(BUDGET_MS + AT_ONCE * 14_000);
	});

	it("let Slack go on while webhooks take their time", async () => {
		await putWebhooks(5);
		const hunter = await putHunter(fresh.database, clock.now());
		slack.addChannel("th-ransomware");
		await putHits(fresh.database, hunter, ["One", "Two", "Three"], (at) => new Date(clock.at + at));
		const held: ServerResponse[] = [];
		answer = (response) => void held.push(response);
		const onPoint = () => {
			// They answer when everything was told in Slack.
			if (slack.messages.length < 3) return;
			answer = (response) => void response.end();
			for (const response of held) response.end();
		};
		expect(await deliver({ milliseconds: BUDGET_MS }, parts({ onPoint }))).toMatchObject({ sent: 8, left: 0 });
		expect([slack.messages.length, asked]).toEqual([3, 5]);
	}, 60_000);

	it("leave a Slack alone that takes connections and answers nobody, and try with one message first", async () => {
		await putChannels(20);
		slack.script = Array.from({ length: 50 }, () => ({ status: 500, delay_ms: 1000 }));
		const posts = () => slack.calls.filter(({ method }) => method === "chat.postMessage").length;
		await deliver({ milliseconds: BUDGET_MS }, parts());
		// Those at once, and what the others have begun meanwhile.
		const first = posts();
		expect(first).toBeGreaterThanOrEqual(AT_ONCE);
		expect(first).toBeLessThan(4 * AT_ONCE);
		const gate = await readGate(fresh.database, "xoxb-fake");
		expect(gate).toMatchObject({ kind: "reach", reason: expect.stringContaining("does not answer") });
		clock.at = gate?.until.getTime() ?? 0;
		await deliver({ milliseconds: BUDGET_MS }, parts());
		expect(posts()).toBe(first + 1);
		slack.script = [];
		for (let call = 0; call < 20 && Object.keys(await states(fresh.database)).join() !== "sent"; call++) {
			clock.at += 10 * 60_000;
			await deliver({ milliseconds: BUDGET_MS }, parts());
		}
		expect(await states(fresh.database)).toEqual({ sent: 20 });
		expect(slack.messages).toHaveLength(20);
		expect(await readGate(fresh.database, "xoxb-fake")).toBeNull();
	});

	describe("with thousands of alerts", () => {
		const MANY = 2500;
		beforeEach(async () => {
			const hunter = await putHunter(fresh.database, clock.now());
			const about = { id: hunter.toString("hex"), name: "Ransomware", kind: "news" };
			const alerts = Array.from({ length: MANY }, (_, at): NewAlert => {
				return { id: alertId(String(at)), hunter, via: "slack", target: "soc", content: { kind: "hit", hunter: about, record: toldRecord(`Hit ${at}`) } };
			});
			await putAlerts(fresh.database, alerts, clock.now());
		});

		it("put off what stands behind one that waits in portions", async () => {
			const [first] = await fresh.database.query<{ id: Buffer }>("SELECT id FROM alert ORDER BY created_at, id LIMIT 1");
			const until = new Date(clock.at + 60_000);
			await fresh.database.execute(`UPDATE alert SET next_at = ${lit(until)} WHERE id = ${lit(first?.id ?? null)}`);
			const written: number[] = [];
			const database: Database = {
				...fresh.database,
				transaction: (work) =>
					fresh.database.transaction((tx) =>
						work({
							...tx,
							execute: async (text) => {
								const { affected } = await tx.execute(text);
								written.push(affected);
								return { affected };
							},
						}),
					),
			};
			expect(await deliver({ milliseconds: BUDGET_MS }, parts({ database }))).toMatchObject({ sent: 0, left: MANY, nextAt: until });
			expect(written.reduce((sum, affected) => sum + affected, 0)).toBe(MANY - 1);
			expect(Math.max(...written)).toBeLessThanOrEqual(1000);
			expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(false);
			expect(await hasDue(until, fresh.database, { token: "xoxb-fake" })).toBe(true);
		});
	});
});
