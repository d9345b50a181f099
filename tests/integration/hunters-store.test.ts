import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openWebhook } from "@/lib/alerts/webhook-secret";
import { toProblem } from "@/lib/errors";
import { getHunter, type HunterInput, judge, listHunters } from "@/lib/hunters";
import { createHunter, muteHunter, removeHunter, switchHunter, updateHunter } from "@/lib/hunters/store";
import { FakeClock } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";
import { alertLines, hunterInput, storeNews, testJudge } from "../harness/judging";

vi.hoisted(() => {
	process.env.NEXTAUTH_SECRET = "a-secret-of-more-than-thirty-two-characters";
});

const ANN = "ann@example.org";
const LONG = `${"word ".repeat(1000)}`;

describe("hunters as people make them", () => {
	let fresh: TestDatabase;
	let clock: FakeClock;
	beforeAll(async () => {
		fresh = await freshDatabase();
	}, 120_000);
	beforeEach(async () => {
		await fresh.clear();
		clock = new FakeClock();
	});
	afterAll(() => fresh.drop());

	const parts = () => testJudge(fresh.database, clock);
	const make = (more: Partial<HunterInput> = {}) => createHunter(hunterInput(more), ANN, parts());
	const audits = async () =>
		(await fresh.database.query<{ action: string; actor: string }>("SELECT action, actor FROM audit_entry ORDER BY at, action")).map(({ action, actor }) => `${actor} ${action}`);
	const problemOf = async (promise: Promise<unknown>) =>
		toProblem(
			await promise.then(
				() => new Error("it was taken"),
				(error: unknown) => error,
			),
		);

	it.each<[string, Partial<HunterInput>, string, string]>([
		["no name", { name: "  " }, "name", "Give the hunter a name."],
		["a long name", { name: "x".repeat(101) }, "name", "100 characters at most"],
		["a name of two lines", { name: "a\nb" }, "name", "control character"],
		["half a character", { name: "a\ud800" }, "name", "half a character"],
		["no query", { query: "" }, "query", "The query is empty"],
		["a letter", { query: "x" }, "query", "too short"],
		["a book", { query: LONG }, "query", "at most 2,000 are read"],
		["quotes that do not close", { query: 'emotet "never closed' }, "query", "not closed"],
		["a field that is not there", { query: "titel:x5" }, "query", "Did you mean title"],
		["a kind that is not there", { kind: "weather" }, "kind", 'no kind of hunter called "weather"'],
		["a channel of capitals", { channel: "#SOC Alerts" }, "channel", 'Write "soc-alerts"'],
		["a channel of signs", { channel: "!!!" }, "channel", "Leave it empty"],
		["a channel of 90 letters", { channel: "a".repeat(90) }, "channel", "80 lower-case letters"],
		["a private webhook", { webhook: "http://127.0.0.1/hook" }, "webhook", "cannot be used"],
		["a webhook of words", { webhook: "my server" }, "webhook", '"my server" is no URL'],
		["a threshold of none", { digestOver: 0 }, "digestOver", "1 at least"],
		["a threshold of half", { digestOver: 1.5 }, "digestOver", "whole number"],
		["a threshold of too many", { digestOver: 1001 }, "digestOver", "1000 at most"],
		["a switch of words", { enabled: "on" as never }, "enabled", "true or false"],
	])("refuses %s with a word on the way out", async (_, more, field, words) => {
		const { status, body } = await problemOf(make(more));
		expect([status, body.field]).toEqual([400, field]);
		expect(body.detail).toContain(words);
		expect(await listHunters({}, fresh.database)).toEqual([]);
		expect(await audits()).toEqual([]);
	});

	it("tells every fault of a query with its place", async () => {
		const { body } = await problemOf(make({ query: "ok, titel:x5, y" }));
		expect(body.details).toMatchObject([
			{ from: 4, to: 12 },
			{ from: 14, to: 15 },
		]);
		expect(body.detail).toContain("(and 1 more)");
	});

	it("keeps what was decided, notes who did it, and tells a webhook's secret once", async () => {
		const made = await make({ name: "  Emotet \u{1f41b} ", channel: "#soc", webhook: "https://hooks.example.org/x?token=1" });
		expect(made).toMatchObject({
			name: "Emotet \u{1f41b}",
			channel: "soc",
			ownChannel: true,
			webhookHost: "hooks.example.org",
			revision: 1,
			state: "new",
			createdBy: ANN,
			webhookSecret: expect.stringMatching(/^whsec_/),
		});
		const [row] = await fresh.database.query<{ webhook: string }>("SELECT webhook FROM hunter");
		expect(openWebhook(made.id, row?.webhook ?? "")).toEqual({ url: "https://hooks.example.org/x?token=1", secret: made.webhookSecret });
		const changed = await updateHunter(made.id, hunterInput({ name: "Renamed" }), 1, "bob@example.org", parts());
		expect(changed).toMatchObject({ name: "Renamed", channel: "th-renamed", ownChannel: false, webhookHost: "hooks.example.org", revision: 2, webhookSecret: null });
		expect(await updateHunter(made.id, hunterInput({ name: "Renamed", webhook: null }), 2, ANN, parts())).toMatchObject({ webhookHost: null });
		await switchHunter(made.id, false, ANN, parts());
		await switchHunter(made.id, false, ANN, parts());
		await muteHunter(made.id, new Date(clock.at + 1000), ANN, parts());
		expect(await getHunter(made.id, fresh.database)).toMatchObject({ state: "off", enabled: false, revision: 4, mutedUntil: new Date(clock.at + 1000) });
		await removeHunter(made.id, ANN, fresh.database);
		expect((await audits()).sort()).toEqual(
			[`${ANN} hunter.create`, "bob@example.org hunter.change", `${ANN} hunter.change`, `${ANN} hunter.disable`, `${ANN} hunter.mute`, `${ANN} hunter.delete`].sort(),
		);
		const [logged] = await fresh.database.query<{ text: string }>("SELECT GROUP_CONCAT(detail) AS text FROM audit_entry");
		expect(logged?.text).not.toContain("token=1");
	});

	it("lets two people not undo each other", async () => {
		const { id } = await make();
		const both = await Promise.allSettled(["alpha", "beta"].map((query) => updateHunter(id, hunterInput({ query }), 1, ANN, parts())));
		expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		const { status, body } = await problemOf(updateHunter(id, hunterInput(), 1, ANN, parts()));
		expect([status, body.detail]).toEqual([409, '"Ransomware" was changed meanwhile (revision 2, yours was 1). Load it again and make your change there.']);
	});

	it("sends nobody back who edits a hunter that is muted meanwhile", async () => {
		const { id } = await make();
		const until = new Date(clock.at + 1000);
		await muteHunter(id, until, "bob@example.org", parts());
		expect(await updateHunter(id, hunterInput({ query: "alpha" }), 1, ANN, parts())).toMatchObject({ query: "alpha", revision: 2, mutedUntil: until });
		await muteHunter(id, null, "bob@example.org", parts());
		expect(await updateHunter(id, hunterInput({ query: "beta" }), 2, ANN, parts())).toMatchObject({ query: "beta", revision: 3, mutedUntil: null });
	});

	it("gives a name of a kind once, and lets a hunter stay of its kind", async () => {
		const { id } = await make();
		expect((await problemOf(make())).body).toMatchObject({ code: "conflict", field: "name" });
		const other = await make({ name: "Other" });
		expect((await problemOf(updateHunter(other.id, hunterInput(), 1, ANN, parts()))).status).toBe(409);
		await make({ kind: "threat" });
		expect((await problemOf(updateHunter(id, hunterInput({ kind: "threat" }), 1, ANN, parts()))).body.field).toBe("kind");
		expect((await listHunters({ kind: "news" }, fresh.database)).map(({ name }) => name)).toEqual(["Other", "Ransomware"]);
	});

	it("drops what was not told of a hunter that is deleted, and its hits", async () => {
		const { id } = await make();
		await storeNews(fresh.database, clock, { a: "ransomware" });
		await judge({ milliseconds: 5000 }, parts());
		expect(await alertLines(fresh.database)).toHaveLength(1);
		await removeHunter(id, ANN, fresh.database);
		const [left] = await fresh.database.query<{ hits: number; state: string; reason: string }>("SELECT (SELECT COUNT(*) FROM hunter_hit) AS hits, state, reason FROM alert");
		expect({ ...left, hits: Number(left?.hits) }).toEqual({ hits: 0, state: "dropped", reason: `Its hunter was deleted by ${ANN}.` });
	});

	it("says of an id that is none, and of a time that is past", async () => {
		const { id } = await make();
		for (const wrong of ["x", "ab".repeat(16)]) {
			const calls = [
				() => getHunter(wrong, fresh.database),
				() => removeHunter(wrong, ANN, fresh.database),
				() => switchHunter(wrong, true, ANN, parts()),
				() => muteHunter(wrong, null, ANN, parts()),
			];
			for (const call of calls) expect((await problemOf(call())).status).toBe(404);
		}
		for (const until of [new Date(clock.at - 1), new Date(clock.at + 400 * 86_400_000), new Date(Number.NaN)]) expect((await problemOf(muteHunter(id, until, ANN, parts()))).body.field).toBe("until");
		await muteHunter(id, null, ANN, parts());
	});
});
