import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deliver, hasDue } from "@/lib/alerts/deliver";
import { resendAlert } from "@/lib/alerts/list";
import type { DeliveryParts } from "@/lib/alerts/parts";
import { sendTest } from "@/lib/alerts/test-send";
import type { HunterInput } from "@/lib/hunters";
import { createHunter, updateHunter } from "@/lib/hunters/store";
import { lit } from "@/lib/platform";
import { type FakeSlack, startFakeSlack } from "../fakes/slack";
import { FakeClock, putHits, states, testParts } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { hunterInput, testJudge } from "../harness/judging";

vi.hoisted(() => {
	process.env.NEXTAUTH_SECRET = "a-secret-of-more-than-thirty-two-characters";
});

const ANN = "ann@example.org";

describe("what waits to be told", () => {
	let fresh: TestDatabase;
	let slack: FakeSlack;
	let clock: FakeClock;

	beforeAll(async () => {
		fresh = await freshDatabase();
	}, 120_000);
	afterAll(() => fresh.drop());
	beforeEach(async () => {
		await fresh.clear();
		clock = new FakeClock();
		slack = await startFakeSlack({ now: () => clock.at });
	});
	afterEach(() => slack.stop());

	const once = (more: Partial<DeliveryParts> = {}) => deliver({ milliseconds: 30_000 }, testParts(fresh.database, clock, slack.url, more));
	const make = (more: Partial<HunterInput> = {}) => createHunter(hunterInput({ channel: "soc", ...more }), ANN, testJudge(fresh.database, clock));
	const change = (id: string, revision: number, more: Partial<HunterInput>) => updateHunter(id, hunterInput({ channel: "soc", ...more }), revision, ANN, testJudge(fresh.database, clock));
	const put = (id: string, titles: readonly string[], to: Parameters<typeof putHits>[4] = { target: "soc" }) =>
		putHits(fresh.database, Buffer.from(id, "hex"), titles, (at) => new Date(clock.at + at), to);
	const reasons = async () => (await fresh.database.query<{ reason: string | null }>("SELECT reason FROM alert ORDER BY created_at, id")).map(({ reason }) => reason);
	const told = (name: string) => slack.channels.find((channel) => channel.name === name)?.messages.map(({ text }) => text);

	describe("when its hunter is changed", () => {
		it("goes to the channel that is named now, at once", async () => {
			const { id } = await make();
			await put(id, ["One"]);
			expect(await once()).toMatchObject({ sent: 0, left: 1 });
			slack.addChannel("ops");
			slack.addChannel("soc");
			await change(id, 1, { channel: "ops" });
			expect(await once()).toMatchObject({ sent: 1, left: 0 });
			expect([told("ops"), told("soc")]).toEqual([["Ransomware: One"], []]);
		});

		it("goes to the channel of the new name, where it has none of its own", async () => {
			const { id } = await make({ channel: null });
			slack.addChannel("th-ransomware", { is_archived: true });
			await put(id, ["One"], { target: "th-ransomware" });
			await once();
			await change(id, 1, { channel: null, name: "Ransom notes" });
			await once();
			expect(told("th-ransom-notes")).toEqual(["Ransomware: One"]);
		});

		it("stays where it may have been told already, to be looked for there", async () => {
			const { id } = await make();
			slack.addChannel("soc");
			slack.addChannel("ops");
			slack.script = [{ accept: true }];
			await put(id, ["One"]);
			expect(await once()).toMatchObject({ unknown: 1 });
			await change(id, 1, { channel: "ops" });
			clock.at += 60_000;
			await once();
			expect([told("soc"), told("ops"), await states(fresh.database)]).toEqual([["Ransomware: One"], [], { sent: 1 }]);
		});

		it("keeps to the time that Slack asked for in the new channel", async () => {
			const { id } = await make();
			await put(id, ["One"]);
			await once();
			slack.addChannel("ops");
			const other = await make({ name: "Other", channel: "ops" });
			await put(other.id, ["Two"], { target: "ops", name: "Other" });
			slack.script = [{ status: 429, headers: { "retry-after": "600" } }];
			await once();
			await change(id, 1, { channel: "ops" });
			clock.at += 590_000;
			expect(await once()).toMatchObject({ sent: 0, left: 2 });
			clock.at += 60_000;
			await once();
			// Both are of one moment, so which is first is not said.
			expect([...(told("ops") ?? [])].sort()).toEqual(["Other: Two", "Ransomware: One"]);
		});

		it("is given up where Slack is switched off, or the webhook removed; the other way stays", async () => {
			const { id } = await make({ webhook: "https://hooks.example.org/x" });
			await put(id, ["One"]);
			await put(id, ["One"], { via: "webhook" });
			await change(id, 1, { slack: false });
			expect((await reasons()).sort()).toEqual([null, `Slack was switched off by ${ANN}.`].sort());
			await change(id, 2, { slack: false, webhook: null });
			expect((await reasons()).sort()).toEqual([`Slack was switched off by ${ANN}.`, `The webhook was removed by ${ANN}.`]);
			slack.addChannel("soc");
			expect(await once()).toMatchObject({ sent: 0, failed: 0, left: 0 });
			expect(await states(fresh.database)).toEqual({ dropped: 2 });
		});

		it("goes to a new webhook at once", async () => {
			const { id } = await make({ webhook: "https://hooks.example.org/x" });
			await put(id, ["One"], { via: "webhook" });
			// As the last one's trouble left it.
			await fresh.database.execute(`UPDATE alert SET attempts = 5, next_at = ${lit(new Date(clock.at + 600_000))}`);
			await change(id, 1, {});
			expect(await hasDue(clock.now(), fresh.database, null)).toBe(false);
			await change(id, 2, { webhook: "https://hooks.example.org/y" });
			expect(await hasDue(clock.now(), fresh.database, null)).toBe(true);
		});

		it("waits on where something else was changed", async () => {
			const { id } = await make();
			await put(id, ["One"]);
			const { nextAt } = await once();
			await change(id, 1, { query: "ransom" });
			expect((await once()).nextAt).toEqual(nextAt);
		});
	});

	describe("when a person sends it again", () => {
		const audits = async () => (await fresh.database.query<{ action: string }>("SELECT action FROM audit_entry WHERE action LIKE 'alert.%'")).map(({ action }) => action);

		it("goes out with what stands before it in its channel", async () => {
			const { id } = await make();
			const ids = await put(id, ["One", "Two", "Three"]);
			await once();
			slack.addChannel("soc");
			await resendAlert(ids.at(-1) as string, ANN, fresh.database, clock.now());
			expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(true);
			expect(await once()).toMatchObject({ sent: 3, left: 0 });
			expect(told("soc")).toEqual(["Ransomware: One", "Ransomware: Two", "Ransomware: Three"]);
			expect(await audits()).toEqual(["alert.resend"]);
		});

		it.each([0, 1])("keeps to the time that Slack asked for, whichever is sent again (%i)", async (which) => {
			slack.addChannel("soc");
			const { id } = await make();
			const ids = await put(id, ["One", "Two"]);
			slack.script = [{ status: 429, headers: { "retry-after": "600" } }];
			await once();
			// As often as one likes.
			for (let turn = 0; turn < 3; turn++) await resendAlert(ids[which] as string, ANN, fresh.database, clock.now());
			clock.at += 590_000;
			expect(await once()).toMatchObject({ sent: 0, left: 2 });
			clock.at += 60_000;
			expect(await once()).toMatchObject({ sent: 2, left: 0 });
		});

		it("is not looked for in the moment after the post, when Slack does not show it yet", async () => {
			slack.addChannel("soc");
			const { id } = await make();
			slack.script = [{ accept: true }];
			const [first] = await put(id, ["One"]);
			await once();
			await resendAlert(first as string, ANN, fresh.database, clock.now());
			expect((await once()).nextAt).toEqual(new Date(clock.at + 5000));
			clock.at += 5000;
			expect(await once()).toMatchObject({ sent: 1, left: 0 });
			expect(told("soc")).toEqual(["Ransomware: One"]);
		});

		it("goes out once a test has shown that its channel works", async () => {
			const { id } = await make();
			await put(id, ["One", "Two"]);
			await once();
			slack.addChannel("soc");
			const sent = await sendTest({ hunter: id, name: "Ransomware", kind: "news", channel: "soc", webhook: null }, ANN, testParts(fresh.database, clock, slack.url));
			expect(sent).toEqual({ ok: true, channel: "soc" });
			expect(await once()).toMatchObject({ sent: 2, left: 0 });
		});
	});
});
