import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { slackAction } from "@/lib/alerts/actions";
import { deliver, hasDue } from "@/lib/alerts/deliver";
import { alertHousekeeping } from "@/lib/alerts/housekeeping";
import { alertsOf, dropAlert, resendAlert } from "@/lib/alerts/list";
import type { DeliveryParts } from "@/lib/alerts/parts";
import { slackClient } from "@/lib/alerts/slack-client";
import { slackState } from "@/lib/alerts/state";
import { sendTest } from "@/lib/alerts/test-send";
import { sealWebhook } from "@/lib/alerts/webhook-secret";
import { judge } from "@/lib/hunters/judge";
import { lit } from "@/lib/platform";
import { NAUGHTY } from "../e2e/naughty";
import { type FakeSlack, startFakeSlack } from "../fakes/slack";
import { FakeClock, putHits, putHunter, states, testParts } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { addHunter, newsId, storeNews, testJudge } from "../harness/judging";

const SECRET = "whsec_of_the_test";
const AUTH = "s".repeat(40);

function without(fake: FakeSlack, ...scopes: readonly string[]): FakeSlack {
	for (const scope of scopes) fake.scopes.delete(scope);
	return fake;
}

describe("alerts over the HTTP driver", () => {
	it("are claimed, merged, found again and told as over the other", async () => {
		const fresh = await freshDatabase("planetscale");
		const clock = new FakeClock();
		const slack = await startFakeSlack({ now: () => clock.at });
		slack.addChannel("th-ransomware");
		const hunter = await putHunter(fresh.database, clock.now(), { digestOver: 3 });
		await putHits(
			fresh.database,
			hunter,
			Array.from({ length: 12 }, (_, at) => `Hit ${at}`),
			(at) => new Date(clock.at + at),
		);
		slack.script = [{ status: 500 }, { status: 429, headers: { "retry-after": "1" } }];
		for (let turn = 0; turn < 10 && !("sent" in (await states(fresh.database))); turn++) {
			await deliver({ milliseconds: 5000 }, testParts(fresh.database, clock, slack.url));
			clock.at += 60_000;
		}
		expect(await states(fresh.database)).toEqual({ sent: 12 });
		expect(slack.messages.map(({ text }) => text)).toEqual(["Ransomware: 12 hits of Ransomware"]);
		expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(false);
		await slack.stop();
		await fresh.drop();
	}, 120_000);
});

describe("the ways of alerts", () => {
	let fresh: TestDatabase;
	let slack: FakeSlack;
	let clock: FakeClock;
	let hook: Server;
	let hookUrl = "";
	let answers: Array<{ status: number; headers?: Record<string, string> }> = [];
	let got: Array<{ headers: Record<string, unknown>; body: string; url: string }> = [];

	beforeAll(async () => {
		fresh = await freshDatabase();
		hook = createServer((request, response) => {
			let body = "";
			request.setEncoding("utf8").on("data", (text: string) => {
				body += text;
			});
			request.on("end", () => {
				got.push({ headers: request.headers, body, url: request.url ?? "" });
				const { status, headers = {} } = answers.shift() ?? { status: 200 };
				response.writeHead(status, headers).end("thanks");
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
		answers = [];
		got = [];
	});
	afterEach(() => slack.stop());

	const parts = (more: Partial<DeliveryParts> = {}): DeliveryParts => testParts(fresh.database, clock, slack.url, { authSecret: AUTH, ...more });
	const once = (more: Partial<DeliveryParts> = {}) => deliver({ milliseconds: 30_000 }, parts(more));
	const hooked = (url = hookUrl) => putHunter(fresh.database, clock.now(), { name: url, webhook: (id) => sealWebhook(id, { url, secret: SECRET }, AUTH) });

	describe("webhooks", () => {
		it("are told as JSON, signed over time and body, with the id of the alert", async () => {
			const hunter = await hooked();
			const [id] = await putHits(fresh.database, hunter, ["<b>One</b>"], () => clock.now(), { via: "webhook" });
			expect(await once()).toMatchObject({ sent: 1, left: 0 });
			const [{ headers, body }] = got as [(typeof got)[number]];
			const [, time, sum] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-exist-signature"])) ?? [];
			expect(Number(time) * 1000).toBe(clock.at);
			expect(sum).toBe(createHmac("sha256", SECRET).update(`${time}.${body}`).digest("hex"));
			expect(headers["x-exist-alert"]).toBe(id);
			expect(JSON.parse(body)).toMatchObject({ id, kind: "hit", late: false, total: 1, records: [{ title: "<b>One</b>", url: expect.stringContaining("https://exist.example.org/news/") }] });
		});

		it("are tried again with the same id, and given up where they refuse", async () => {
			const hunter = await hooked();
			const [id] = await putHits(fresh.database, hunter, ["One"], () => clock.now(), { via: "webhook" });
			answers = [{ status: 503, headers: { "retry-after": "120" } }, { status: 500 }, { status: 200 }];
			const { nextAt } = await once();
			expect((nextAt?.getTime() ?? 0) - clock.at).toBeGreaterThanOrEqual(120_000);
			for (let turn = 0; turn < 3; turn++) {
				clock.at += 10 * 60_000;
				await once();
			}
			expect(got.map(({ headers }) => headers["x-exist-alert"])).toEqual([id, id, id]);
			expect(await states(fresh.database)).toEqual({ sent: 1 });
			await putHits(fresh.database, hunter, ["Two"], () => clock.now(), { via: "webhook" });
			answers = [{ status: 400 }];
			clock.at += 2000;
			expect(await once()).toMatchObject({ failed: 1, left: 0 });
		});

		it("follow no redirect and reach nothing private", async () => {
			const hunter = await hooked();
			await putHits(fresh.database, hunter, ["One"], () => clock.now(), { via: "webhook" });
			answers = [{ status: 307, headers: { location: "/elsewhere" } }];
			expect(await once()).toMatchObject({ failed: 1 });
			expect(got.map(({ url }) => url)).toEqual(["/hook"]);
			const inward = await hooked("http://169.254.169.254/latest/meta-data/");
			await putHits(fresh.database, inward, ["Two"], () => clock.now(), { via: "webhook" });
			await putHits(fresh.database, hunter, ["Three"], () => clock.now(), { via: "webhook" });
			expect(await once({ policy: {} })).toMatchObject({ failed: 2 });
			expect(got).toHaveLength(1);
		});

		/** What a receiver knows that keeps each id once, whatever it answers. */
		const received = () => {
			const first = new Map(got.map(({ headers, body }) => [String(headers["x-exist-alert"]), body]).reverse() as Array<[string, string]>);
			return [...first.values()].reverse().map((body) => JSON.parse(body) as { kind: string; total: number; records: Array<{ id: string; title: string }> });
		};

		it("get every hit of a flood, as the judge writes it", async () => {
			const judging = testJudge(fresh.database, clock);
			const id = await addHunter(judging, { digestOver: 2, channel: "soc", query: "emotet" });
			await fresh.database.execute(`UPDATE hunter SET webhook = ${lit(sealWebhook(id, { url: hookUrl, secret: SECRET }, AUTH))}`);
			const guids = Array.from({ length: 30 }, (_, at) => `a${at}`);
			await storeNews(fresh.database, clock, Object.fromEntries(guids.map((guid, at) => [guid, `emotet ${at} ${"abcdefghij"[at % 10]?.repeat(20 + at)}`])));
			clock.at += 60_000;
			expect(await judge({ milliseconds: 10_000 }, judging)).toMatchObject({ hits: 30 });
			await once();
			expect(received().map(({ kind, total, records }) => [kind, total, records.length])).toEqual([["digest", 30, 30]]);
			expect(new Set(received().flatMap(({ records }) => records.map((record) => record.id)))).toEqual(new Set(guids.map((guid) => newsId(guid).toString("hex"))));
		});

		it("get bodies of a hundred, oldest first, and a threshold beyond that holds nothing up", async () => {
			for (const digestOver of [2, 1000]) {
				await fresh.clear();
				got = [];
				const hunter = await putHunter(fresh.database, clock.now(), { digestOver, webhook: (id) => sealWebhook(id, { url: hookUrl, secret: SECRET }, AUTH) });
				const titles = Array.from({ length: 201 }, (_, at) => `Hit ${at}`);
				await putHits(fresh.database, hunter, titles, (at) => new Date(clock.at + at), { via: "webhook" });
				await once();
				expect(received().map(({ kind, total }) => [kind, total])).toEqual([
					["digest", 100],
					["digest", 100],
					["hit", 1],
				]);
				expect(received().flatMap(({ records }) => records.map(({ title }) => title))).toEqual(titles);
				expect(await states(fresh.database)).toEqual({ sent: 201 });
			}
		});

		it.each([
			["answered 500 to what it took", { status: 500 }],
			["wanted it later", { status: 429, headers: { "retry-after": "1" } }],
		])("lose nothing that comes while a receiver %s", async (_, answer) => {
			const hunter = await putHunter(fresh.database, clock.now(), { digestOver: 2, webhook: (id) => sealWebhook(id, { url: hookUrl, secret: SECRET }, AUTH) });
			await putHits(fresh.database, hunter, ["A", "B", "C"], (at) => new Date(clock.at + at), { via: "webhook" });
			answers = [answer];
			await once();
			expect(got.length).toBeGreaterThanOrEqual(1);
			const refused = answer.status === 429 ? got.shift() : undefined;
			await putHits(fresh.database, hunter, ["D", "E", "F"], (at) => new Date(clock.at + 10_000 + at), { via: "webhook" });
			for (let turn = 0; turn < 3; turn++) {
				clock.at += 20 * 60_000;
				await once();
			}
			if (refused === undefined) expect(got[0]?.body.replace(/"late":\w+/, "")).toBe(got[1]?.body.replace(/"late":\w+/, ""));
			expect(received().flatMap(({ records }) => records.map(({ title }) => title))).toEqual(["A", "B", "C", "D", "E", "F"]);
			expect(await states(fresh.database)).toEqual({ sent: 6 });
		});

		it("cannot be opened with another secret, or under another hunter", async () => {
			const hunter = await hooked();
			await putHits(fresh.database, hunter, ["One"], () => clock.now(), { via: "webhook" });
			expect(await once({ authSecret: "t".repeat(40) })).toMatchObject({ failed: 1 });
			expect((await alertsOf(hunter.toString("hex"), { limit: 5 }, fresh.database)).rows[0]?.reason).toContain("NEXTAUTH_SECRET");
			const other = await putHunter(fresh.database, clock.now(), { name: "Other" });
			await fresh.database.execute(`UPDATE hunter SET webhook = (SELECT webhook FROM (SELECT webhook FROM hunter WHERE id = ${lit(hunter)}) h) WHERE id = ${lit(other)}`);
			await putHits(fresh.database, other, ["Two"], () => clock.now(), { via: "webhook" });
			expect(await once()).toMatchObject({ failed: 1 });
			expect(got).toHaveLength(0);
		});
	});

	describe("channels", () => {
		it.each([
			["makes ours where it is missing", "th-new", () => {}, { sent: 1 }, null],
			["joins where it is not in", "th-open", (fake: FakeSlack) => fake.addChannel("th-open", { is_member: false }), { sent: 1 }, null],
			["says what is archived", "th-old", (fake: FakeSlack) => fake.addChannel("th-old", { is_archived: true }), { sent: 0 }, /archived/],
			["says what hides behind a name", "th-secret", (fake: FakeSlack) => fake.addChannel("th-secret", { is_private: true, is_member: false }), { sent: 0 }, /taken/],
			["says what it may not make", "th-denied", (fake: FakeSlack) => fake.scopes.delete("channels:manage"), { sent: 0 }, /channels:manage/],
			["does without a name where it may not choose one", "th-plain", (fake: FakeSlack) => fake.scopes.delete("chat:write.customize"), { sent: 1 }, null],
			["finds private ones it is in", "th-ours", (fake: FakeSlack) => fake.addChannel("th-ours", { is_private: true }), { sent: 1 }, null],
			["makes ours where it may not list channels", "th-blind", (fake: FakeSlack) => fake.scopes.delete("channels:read"), { sent: 1 }, null],
			["says what it may not look for", "soc", (fake: FakeSlack) => fake.scopes.delete("channels:read"), { sent: 0 }, /no channel #soc.*channels:read/],
			["says what it may neither make nor look for", "th-neither", (fake: FakeSlack) => without(fake, "channels:manage", "channels:read"), { sent: 0 }, /channels:manage.*channels:read/],
			["says what it may not join", "th-shut", (fake: FakeSlack) => without(fake, "channels:join").addChannel("th-shut", { is_member: false }), { sent: 0 }, /Invite it/],
			["says what it may not look for to join", "th-dark", (fake: FakeSlack) => without(fake, "channels:read").addChannel("th-dark", { is_member: false }), { sent: 0 }, /Invite it.*channels:read/],
			[
				"says what is taken where it may not look",
				"th-hidden",
				(fake: FakeSlack) => without(fake, "channels:read").addChannel("th-hidden", { is_private: true, is_member: false }),
				{ sent: 0 },
				/taken.*channels:read/,
			],
		] as const)("%s", async (_, target, prepare, expected, words) => {
			prepare(slack);
			const hunter = await putHunter(fresh.database, clock.now());
			await putHits(fresh.database, hunter, ["One"], () => clock.now(), { target });
			expect(await once()).toMatchObject({ ...expected, failed: 0, unknown: 0 });
			const [shown] = (await alertsOf(hunter.toString("hex"), { limit: 5 }, fresh.database)).rows;
			if (words === null) expect([shown?.state, shown?.reason]).toEqual(["sent", null]);
			else expect([shown?.state, shown?.reason]).toEqual(["pending", expect.stringMatching(words)]);
			// Whatever is wrong with one channel concerns no other.
			slack.addChannel("th-other");
			await putHits(fresh.database, hunter, ["Two"], () => clock.now(), { target: "th-other" });
			expect((await once()).sent).toBe(1);
			expect((await slackState(fresh.database, { token: "xoxb-fake", apiUrl: null, signingSecret: null, operations: null })).gate).toBeNull();
		});

		it("takes a plainer name where Slack refuses letters, and stays with it", async () => {
			const hunter = await putHunter(fresh.database, clock.now());
			await putHits(fresh.database, hunter, ["One"], () => clock.now(), { target: "th-a b" });
			await once();
			expect(slack.channels.map(({ name }) => name)).toEqual(["th-a-b"]);
			clock.at += 5000;
			await putHits(fresh.database, hunter, ["Two"], () => clock.now(), { target: "th-a b" });
			await once();
			expect(slack.messages).toHaveLength(2);
		});
	});

	it("leads the token nowhere else: no redirect is followed, no address of a method is taken", async () => {
		let met = 0;
		const canary = createServer((_request, response) => {
			met++;
			response.end("{}");
		});
		await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
		const location = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/api/chat.postMessage`;
		slack.addChannel("th-ransomware");
		const hunter = await putHunter(fresh.database, clock.now());
		await putHits(fresh.database, hunter, ["One"], () => clock.now());
		for (const status of [301, 302, 307, 308]) {
			slack.script = [{ status, headers: { location } }];
			expect(await once()).toMatchObject({ sent: 0, left: 1 });
			const { rows } = await alertsOf(hunter.toString("hex"), { limit: 1 }, fresh.database);
			expect(rows[0]).toMatchObject({ state: "pending", reason: expect.stringContaining("leads elsewhere") });
			expect(JSON.stringify(rows)).not.toContain("xoxb");
			clock.at += 10 * 60_000;
		}
		await once();
		expect([met, slack.messages.length]).toEqual([0, 1]);
		const { client, close } = slackClient({ token: "xoxb-fake", apiUrl: slack.url });
		await expect(client.apiCall(location)).rejects.toThrow();
		await close();
		expect(met).toBe(0);
		await new Promise((resolve) => canary.close(resolve));
	});

	it("sends hostile text over the wire as it was made inert", async () => {
		slack.addChannel("th-ransomware");
		const hunter = await putHunter(fresh.database, clock.now(), { digestOver: 1000 });
		await putHits(fresh.database, hunter, NAUGHTY.slice(0, 60), (at) => new Date(clock.at + at));
		for (let turn = 0; turn < 4; turn++) await once();
		expect(await states(fresh.database)).toEqual({ sent: new Set(NAUGHTY.slice(0, 60)).size });
		for (const { args } of slack.messages) expect(`${args.text}${args.blocks}`).not.toMatch(/[<>]|@(?:here|channel|everyone)/);
	});

	describe("people", () => {
		it("see alerts newest first in pages, send again and drop, noted in the audit log", async () => {
			const hunter = await putHunter(fresh.database, clock.now());
			const ids = await putHits(fresh.database, hunter, ["One", "Two", "Three"], (at) => new Date(clock.at + at), { target: "soc" });
			const key = hunter.toString("hex");
			const first = await alertsOf(key, { limit: 2 }, fresh.database);
			expect(first.rows.map(({ title }) => title)).toEqual(["Three", "Two"]);
			const second = await alertsOf(key, { limit: 2, cursor: first.next ?? "" }, fresh.database);
			expect([second.rows.map(({ title }) => title), second.next]).toEqual([["One"], null]);
			await expect(alertsOf(key, { limit: 2, cursor: "x" }, fresh.database)).rejects.toMatchObject({ code: "invalid", field: "cursor" });
			await once();
			slack.addChannel("soc");
			await dropAlert(ids[1] as string, "ann@example.org", fresh.database);
			await resendAlert(ids[0] as string, "ann@example.org", fresh.database, clock.now());
			await once();
			expect(slack.messages.map(({ text }) => text)).toEqual(["Ransomware: One", "Ransomware: Three"]);
			await expect(resendAlert(ids[0] as string, "ann@example.org", fresh.database)).rejects.toMatchObject({ code: "conflict" });
			await expect(dropAlert("0".repeat(32), "ann@example.org", fresh.database)).rejects.toMatchObject({ code: "not_found" });
			await expect(dropAlert("<script>", "ann@example.org", fresh.database)).rejects.toMatchObject({ code: "not_found" });
			expect(await fresh.database.query("SELECT actor, action FROM audit_entry ORDER BY action")).toEqual([
				{ actor: "ann@example.org", action: "alert.drop" },
				{ actor: "ann@example.org", action: "alert.resend" },
			]);
		});

		it("test a hunter before it is saved, and hear what is wrong", async () => {
			const test = (more: Partial<Parameters<typeof sendTest>[0]> = {}, own: Partial<DeliveryParts> = {}) =>
				sendTest({ hunter: null, name: "New one", kind: "news", channel: null, webhook: null, ...more }, "ann@example.org", parts(own));
			expect(await test()).toEqual({ ok: true, channel: "th-new-one" });
			expect(slack.messages[0]?.text).toContain("Test");
			expect(await test({ channel: "soc" })).toEqual({ ok: false, reason: expect.stringContaining("#soc") });
			expect(await test({}, { slack: null })).toEqual({ ok: false, reason: expect.stringContaining("SLACK_TOKEN") });
			expect(await test({ channel: undefined, webhook: hookUrl })).toEqual({ ok: true, channel: "th-new-one" });
			expect(JSON.parse(got[0]?.body ?? "{}")).toMatchObject({ kind: "test" });
			await expect(test({ channel: undefined, webhook: "http://10.0.0.1/" }, { policy: {} })).rejects.toMatchObject({ code: "invalid", field: "webhook" });
			// A channel that the app may not look for is no trouble of the others.
			slack.scopes.delete("channels:read");
			expect(await test({ channel: "soc" })).toEqual({ ok: false, reason: expect.stringContaining("channels:read") });
			expect((await slackState(fresh.database, { token: "xoxb-fake", apiUrl: null, signingSecret: null, operations: null })).gate).toBeNull();
			slack.token = "xoxb-another";
			expect(await test()).toEqual({ ok: false, reason: expect.stringContaining("token") });
			expect(await slackState(fresh.database, { token: "xoxb-fake", apiUrl: null, signingSecret: null, operations: null })).toMatchObject({ configured: true, gate: { kind: "token" } });
		});
	});

	describe("old alerts", () => {
		it("are cleared up where nothing more is to be done about them", async () => {
			const hunter = await putHunter(fresh.database, clock.now());
			const old = new Date(clock.at - 181 * 86_400_000);
			await putHits(fresh.database, hunter, ["sent", "dropped", "failed", "pending", "unknown", "sending"], () => old);
			await putHits(fresh.database, hunter, ["sent lately"], () => new Date(clock.at - 179 * 86_400_000));
			for (const state of ["sent", "dropped", "failed", "unknown", "sending"]) {
				await fresh.database.execute(`UPDATE alert SET state = ${lit(state)} WHERE JSON_EXTRACT(content, '$.record.title') = ${lit(state)}`);
			}
			await fresh.database.execute(`UPDATE alert SET state = 'sent' WHERE JSON_EXTRACT(content, '$.record.title') = 'sent lately'`);
			expect(await alertHousekeeping({ milliseconds: 0 }, fresh.database, clock.now())).toEqual({ done: false });
			expect(await alertHousekeeping({ milliseconds: 10_000 }, fresh.database, clock.now())).toEqual({ done: true });
			expect(await states(fresh.database)).toEqual({ pending: 1, sending: 1, sent: 1, unknown: 1 });
		});
	});

	describe("the button that mutes", () => {
		const signing = "signing-secret-of-the-test";
		const press = (hunter: string, more: { at?: number; secret?: string; body?: string; action?: string; user?: object; team?: object | null; token?: string } = {}) => {
			const stamp = String(Math.floor((more.at ?? clock.at) / 1000));
			const payload = {
				type: "block_actions",
				user: { id: "U1", name: "ann", team_id: "T00000001", ...more.user },
				team: more.team ?? null,
				channel: { id: "C00000001" },
				actions: [{ action_id: more.action ?? "mute_day", value: hunter }],
			};
			const body = more.body ?? `payload=${encodeURIComponent(JSON.stringify(payload))}`;
			const signature = `v0=${createHmac("sha256", more.secret ?? signing)
				.update(`v0:${stamp}:${body}`)
				.digest("hex")}`;
			const own = { database: fresh.database, now: clock.now, slack: { token: more.token ?? "xoxb-fake", apiUrl: slack.url, signingSecret: signing } };
			return slackAction(new Headers({ "x-slack-request-timestamp": stamp, "x-slack-signature": signature }), body, own);
		};
		const muted = async (hunter: Buffer) => (await fresh.database.query<{ muted_until: Date | null }>(`SELECT muted_until FROM hunter WHERE id = ${lit(hunter)}`))[0]?.muted_until ?? null;

		it("mutes for a day, once a request, and says so in the channel", async () => {
			slack.addChannel("th-ransomware");
			const hunter = await putHunter(fresh.database, clock.now(), { name: "<!here>" });
			await putHits(fresh.database, hunter, ["Waits"], clock.now);
			await press(hunter.toString("hex"), { user: { name: "<@U9>" } });
			expect(await states(fresh.database)).toEqual({ dropped: 1 });
			expect(await muted(hunter)).toEqual(new Date(clock.at + 24 * 3600_000));
			expect(await fresh.database.query("SELECT revision FROM hunter")).toEqual([{ revision: 1 }]);
			expect(slack.messages.map(({ text }) => text)).toEqual(["Hunter &lt;!here&gt; was muted by &lt;@\u2060U9&gt; until 2026-11-25 12:00 UTC. Its hits are kept; its page ends it sooner."]);
			expect(slack.messages[0]?.args).toMatchObject({ parse: "none", link_names: "false", unfurl_links: "false" });
			// The same request again, after somebody has switched it back, changes nothing.
			await fresh.database.execute("UPDATE hunter SET muted_until = NULL");
			await press(hunter.toString("hex"), { user: { name: "<@U9>" } });
			expect(await muted(hunter)).toBeNull();
			expect(slack.messages).toHaveLength(1);
			expect(await fresh.database.query("SELECT actor, action FROM audit_entry")).toEqual([{ actor: "slack:U1", action: "hunter.mute" }]);
		});

		it("does not shorten what is muted for longer", async () => {
			const hunter = await putHunter(fresh.database, clock.now());
			const week = new Date(clock.at + 7 * 24 * 3600_000);
			await fresh.database.execute(`UPDATE hunter SET muted_until = ${lit(week)}`);
			await press(hunter.toString("hex"));
			expect(await muted(hunter)).toEqual(week);
			// What changes nothing is told to whoever pressed, not to the channel.
			expect(slack.ephemeral.map(({ text, user }) => [text, user])).toEqual([["Hunter Ransomware was muted already, and is until 2026-12-01 12:00 UTC. Its hits are kept.", "U1"]]);
		});

		it.each([
			["of another workspace", { team_id: "T0STRANGER" }, { id: "T00000001" }],
			["of nobody knows where", { team_id: null }, null],
			["of another workspace, by an old payload", { team_id: undefined }, { id: "T0STRANGER" }],
		])("does nothing for somebody %s", async (_, user, team) => {
			slack.addChannel("th-ransomware");
			const hunter = await putHunter(fresh.database, clock.now());
			await putHits(fresh.database, hunter, ["Waits"], clock.now);
			await press(hunter.toString("hex"), { user, team });
			expect([await muted(hunter), await states(fresh.database)]).toEqual([null, { pending: 1 }]);
			expect(slack.ephemeral.map(({ text }) => text)).toEqual([expect.stringContaining("Only members of the workspace")]);
			expect(await fresh.database.query("SELECT actor FROM audit_entry")).toEqual([]);
			await press(hunter.toString("hex"), { user: { team_id: undefined }, team: { id: "T00000001" } });
			expect(await muted(hunter)).not.toBeNull();
		});

		it("mutes for nobody while it is not known whose token it is, and asks once", async () => {
			slack.addChannel("th-ransomware");
			const hunter = await putHunter(fresh.database, clock.now());
			const id = hunter.toString("hex");
			slack.token = "xoxb-new";
			slack.broken.add("auth.test");
			await expect(press(id, { token: "xoxb-new" })).rejects.toMatchObject({ code: "unavailable" });
			expect(await muted(hunter)).toBeNull();
			slack.broken.clear();
			for (let turn = 0; turn < 3; turn++) {
				clock.at += 1000;
				await press(id, { token: "xoxb-new" });
			}
			expect(await muted(hunter)).not.toBeNull();
			expect(slack.calls.filter(({ method }) => method === "auth.test")).toHaveLength(2);
		});

		it("does nothing for whatever Slack did not sign just now", async () => {
			const hunter = await putHunter(fresh.database, clock.now());
			const id = hunter.toString("hex");
			for (const wrong of [{ secret: "another" }, { at: clock.at - 301_000 }, { at: clock.at + 301_000 }]) await expect(press(id, wrong)).rejects.toMatchObject({ code: "unauthenticated" });
			await expect(slackAction(new Headers(), "payload={}", { database: fresh.database, now: clock.now, slack: null })).rejects.toMatchObject({ code: "unauthenticated" });
			for (const body of ["", "payload=", "payload={", "payload=[]"]) await expect(press(id, { body })).rejects.toMatchObject({ code: "invalid" });
			await expect(press("x' OR 1=1")).rejects.toMatchObject({ code: "invalid" });
			await press(id, { action: "open_record" });
			await press("0".repeat(32));
			expect(await muted(hunter)).toBeNull();
			expect(slack.ephemeral).toEqual([]);
		});
	});
});
