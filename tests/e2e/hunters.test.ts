import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliver } from "@/lib/alerts";
import { createApiKey } from "@/lib/auth/api-keys";
import { createUser } from "@/lib/auth/users";
import { createHunter, judge, listHunters } from "@/lib/hunters";
import type { HunterInput } from "@/lib/hunters/hunter";
import { judgeParts } from "@/lib/hunters/parts";
import { lit } from "@/lib/platform";
import { type FakeSlack, startFakeSlack } from "../fakes/slack";
import { FakeClock, testParts } from "../harness/alerts";
import { lineSource, runSource, testContext } from "../harness/ingest";
import { type RunningApp, startApp } from "./app";
import { overflow, startBrowser, violations, watch } from "./browser";

const PASSWORD = "correct horse battery staple";
const TOKEN = "xoxb-fake";
const FORMULA = "=cmd|'/C calc'!A0";
const FIRST = ["old.paypal.example.org", "198.51.100.7"];
const source = lineSource({
	format: { kind: "ndjson" },
	row: ({ json }) => {
		const { value, text } = json as { value: string; text: string };
		return { value, as: "any", description: text };
	},
});

describe("hunters in the console", () => {
	let app: RunningApp;
	let slack: FakeSlack;
	let browser: Browser;
	let context: BrowserContext;
	let page: Page;
	let faults: string[];
	const cookies: Record<string, string> = {};
	const keys: Record<string, string> = {};

	beforeAll(async () => {
		slack = await startFakeSlack({ token: TOKEN });
		app = await startApp({ SLACK_TOKEN: TOKEN, SLACK_API_URL: slack.url, SLACK_CHANNEL: "exist-operations" });
		const db = app.fresh.database;
		for (const role of ["viewer", "analyst"] as const) {
			const user = await createUser({ email: `${role}@example.com`, name: role, role, password: PASSWORD }, "test", db);
			cookies[role] = (await app.signIn(user.email, PASSWORD)) ?? "";
			keys[role] = (await createApiKey({ userId: user.id, name: "read", scopes: ["read"], expiresAt: null }, "test", db)).secret;
			if (role === "analyst") keys.run = (await createApiKey({ userId: user.id, name: "run", scopes: ["read", "run"], expiresAt: null }, "test", db)).secret;
		}
		await bring(FIRST);
		await judge({ milliseconds: 10_000 }, judgeParts(db));
		browser = await startBrowser();
	}, 240_000);
	afterAll(async () => {
		await browser?.close();
		await app?.stop();
		await slack?.stop();
	});
	beforeEach(async () => {
		context = await browser.newContext({ viewport: { width: 1400, height: 900 }, baseURL: app.url, colorScheme: "light" });
		faults = watch(context);
		await as("analyst");
		page = await context.newPage();
	});
	afterEach(async () => {
		await context.close();
		expect(faults).toEqual([]);
	});

	/** A run that lists these values. */
	const bring = (values: readonly string[], text = "a list") =>
		runSource(testContext(app.fresh.database, [source]), source, { text: values.map((value) => JSON.stringify({ value, text })).join("\n") });
	const as = (role: string) => context.addCookies([{ name: "next-auth.session-token", value: (cookies[role] ?? "").slice("next-auth.session-token=".length), url: app.url }]);
	const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) => fetch(`${app.url}${path}`, { redirect: "manual", ...init, headers });
	const key = (name: string) => ({ authorization: `Bearer ${keys[name]}` });
	const post = (path: string, headers: Record<string, string>, body: unknown) => ask(path, { "content-type": "application/json", ...headers }, { method: "POST", body: JSON.stringify(body) });
	const add = (more: Partial<HunterInput>) =>
		createHunter({ kind: "reputation", name: "x", query: "paypal", enabled: true, slack: true, channel: null, webhook: null, digestOver: 10, ...more }, "test", app.fresh.database);
	const stored = async () => JSON.stringify(await app.fresh.database.query("SELECT name, query, enabled, muted_until, revision FROM hunter ORDER BY name"));

	it("show an empty page with one next step, to those who can take it", async () => {
		await page.goto("/hunters?kind=news");
		expect(await page.getByRole("link", { name: "Make one" }).getAttribute("href")).toBe("/hunters/new?kind=news");
		await page.goto("/hunters");
		await page.getByRole("heading", { name: "Nothing is watched yet" }).waitFor();
		await page.getByRole("link", { name: "Make the first hunter" }).waitFor();
		await as("viewer");
		await page.reload();
		await page.getByText("Analysts can make one").waitFor();
		expect(await page.locator("main a[href^='/hunters/new']").count()).toBe(0);
		await page.goto("/hunters/new");
		await page.getByRole("heading", { name: "Only analysts make hunters" }).waitFor();
		expect(await page.locator("main form").count()).toBe(0);
	});

	it("are made in a form that says where a query is at fault, tries it and sends a test", async () => {
		await page.goto("/hunters/new?kind=reputation&query=paypal%20colour%3Ared");
		await page.getByText('There is no field "colour" here').waitFor();
		expect(await page.locator("form mark").allTextContents()).toEqual(["colour:red"]);
		expect(await page.getByLabel("Query").getAttribute("aria-invalid")).toBe("true");
		expect(await page.getByRole("button", { name: "Try on the last 30 days" }).isDisabled()).toBe(true);
		await page.getByRole("button", { name: "Select character 8" }).click();
		await page.keyboard.type("type:domain");
		expect(await page.getByLabel("Query").inputValue()).toBe("paypal type:domain");
		await page.getByText("Reads as:").waitFor();
		await page.getByLabel("Name").fill("Names Like PäyPal!");
		await page.getByText("goes to #th-names-like-päypal").waitFor();
		await page.getByLabel("tell them in Slack").uncheck();
		await page.getByText("not told in Slack").waitFor();
		expect(await page.getByText("goes to #").count()).toBe(0);
		await page.getByLabel("tell them in Slack").check();
		await page.getByRole("button", { name: "Try on the last 30 days" }).click();
		await page.getByText("1 hit in 30 days").waitFor();
		expect(await page.locator("tbody mark").allTextContents()).toEqual(["paypal", "domain"]);
		await page.getByRole("button", { name: "Send a test" }).click();
		await page.getByRole("status").filter({ hasText: "A test was sent to #th-names-like-päypal" }).waitFor();
		expect(slack.channels.map(({ messages }) => messages.length)).toEqual([1]);
		expect(await listHunters({}, app.fresh.database)).toEqual([]);
		expect(await violations(page)).toEqual([]);
		await page.getByRole("button", { name: "Save the hunter" }).click();
		await page.waitForURL(/\/hunters\/[0-9a-f]{32}$/);
		await page.getByText("Watches reputation").waitFor();
		await page.getByText("Told: #th-names-like-päypal").waitFor();
	});

	it("keep what was typed after a fault", async () => {
		await page.goto("/hunters/new?kind=reputation");
		await page.getByLabel("Name").fill("Names Like PäyPal!");
		await page.getByLabel("Query").fill("other words");
		await page.getByLabel("Hits told one by one, at most").fill("7");
		await page.getByRole("button", { name: "Save the hunter" }).click();
		await page.getByRole("status").filter({ hasText: "Give this one another name" }).waitFor();
		await page.getByLabel("Hits told one by one, at most").fill("many");
		await page.getByRole("button", { name: "Save the hunter" }).click();
		await page.getByRole("status").filter({ hasText: '"many" is no number of hits' }).waitFor();
		expect([await page.getByLabel("Name").inputValue(), await page.getByLabel("Query").inputValue()]).toEqual(["Names Like PäyPal!", "other words"]);
		await page.getByLabel("Query").fill("");
		await page.getByLabel("Hits told one by one, at most").fill("7");
		await page.getByRole("button", { name: "Save the hunter" }).click();
		await page.getByRole("status").filter({ hasText: "The query is empty" }).waitFor();
		expect((await listHunters({}, app.fresh.database)).length).toBe(1);
	});

	it("find a new record, tell it once and say so", async () => {
		const db = app.fresh.database;
		const [hunter] = await listHunters({}, db);
		const path = `/hunters/${hunter?.id}`;
		await bring([...FIRST, "new.paypal.example.org", "198.51.100.9"]);
		expect(await judge({ milliseconds: 10_000 }, judgeParts(db))).toMatchObject({ hits: 1, alerts: 1 });
		await page.goto(path);
		await page.getByText("Alerts: 1 waits").waitFor();
		await page.goto("/hunters/alerts");
		const all = page.getByRole("region", { name: "Alerts of hunters", exact: true });
		expect(await all.locator("tbody tr").allTextContents()).toEqual([expect.stringMatching(/^waitingnew\[\.\]paypal\[\.\]example\[\.\]orgNames Like PäyPal!/)]);
		await page.getByText("Nothing was told of sources yet").waitFor();
		await all.getByRole("link", { name: "Names Like PäyPal!" }).click();
		await page.waitForURL(`**${path}`);
		const hits = page.getByRole("region", { name: "Hits" });
		expect(await hits.locator("[data-row]").allTextContents()).toEqual(["new[.]paypal[.]example[.]org"]);
		expect(await hits.locator("mark").first().textContent()).toBe("paypal");
		await deliver({ milliseconds: 10_000 }, testParts(db, new FakeClock(Date.now()), slack.url));
		await page.keyboard.press("j");
		await page.keyboard.press("m");
		await page.getByRole("menuitem", { name: "Look up" }).waitFor();
		await page.keyboard.press("Escape");
		await page.reload();
		expect(await page.getByRole("region", { name: "Alerts" }).locator("tbody tr").allTextContents()).toEqual([expect.stringMatching(/^sent/)]);
		expect(slack.channels.flatMap(({ messages }) => messages).length).toBe(2);
		await bring([...FIRST, "new.paypal.example.org"]);
		expect(await judge({ milliseconds: 10_000 }, judgeParts(db))).toMatchObject({ hits: 0, alerts: 0 });
		await hits.locator("[data-row]").first().click();
		await page.waitForURL(/\/reputation\/[0-9a-f]{32}$/);
	});

	it("list failed alerts, which are sent again or dropped", async () => {
		const db = app.fresh.database;
		const [hunter] = await listHunters({}, db);
		await db.execute("UPDATE alert SET state = 'failed', reason = 'channel_is_archived'");
		await page.goto(`/hunters/${hunter?.id}`);
		await page.getByText("Alerts: 1 failed").waitFor();
		page.on("dialog", (dialog) => void dialog.accept());
		await page.getByRole("button", { name: "Send again" }).click();
		await page.getByText("Alerts: 1 waits").waitFor();
		// One that was tried and waits is for somebody to look at.
		await db.execute("UPDATE alert SET attempts = 1, reason = 'There is no channel #x that the app can see.'");
		await page.setViewportSize({ width: 390, height: 844 });
		for (const name of ["Send again", "Drop"]) {
			const box = await page.getByRole("button", { name }).boundingBox();
			expect([name, (box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 390]).toEqual([name, true]);
		}
		await page.goto("/hunters");
		expect(await page.locator("tbody").getByText("1 waiting").filter({ visible: true }).getAttribute("class")).toContain("text-warn");
		await page.goto(`/hunters/${hunter?.id}`);
		await page.getByRole("button", { name: "Drop" }).click();
		await page.getByRole("region", { name: "Alerts" }).getByText("dropped", { exact: true }).waitFor();
		expect(await db.query("SELECT state FROM alert")).toEqual([{ state: "dropped" }]);
		await as("viewer");
		await page.reload();
		await page.getByRole("region", { name: "Alerts" }).waitFor();
		expect(await page.locator("main form").count()).toBe(0);
	});

	it("say what could not be judged, which is tried again", async () => {
		const db = app.fresh.database;
		const change = Buffer.alloc(16, 7);
		await db.execute(
			`INSERT INTO record_change (id, tracker, at, records, \`cursor\`, attempts, reason, next_at) VALUES (${lit(change)},'news',${lit(new Date(Date.now() - 600_000))},${lit(Buffer.alloc(32, 1))},0,8,'<b>Its text</b> cannot be read.',${lit(new Date())})`,
		);
		await page.goto("/hunters");
		await page.getByRole("link", { name: "1 batch of news could not be judged" }).click();
		const aside = page.getByRole("region", { name: "News that could not be judged" });
		await aside.getByText("<b>Its text</b> cannot be read.").waitFor();
		expect(await aside.locator("tbody tr").allTextContents()).toEqual([expect.stringContaining("2 of news")]);
		expect(await violations(page)).toEqual([]);
		await aside.getByRole("button", { name: "Try again" }).click();
		await aside.waitFor({ state: "detached" });
		expect(await db.query(`SELECT attempts FROM record_change WHERE id = ${lit(change)}`)).toEqual([{ attempts: 7 }]);
		await db.execute(`DELETE FROM record_change WHERE id = ${lit(change)}`);
	});

	it("are muted by a button only, not by an address", async () => {
		const [hunter] = await listHunters({}, app.fresh.database);
		const before = await stored();
		await page.goto(`/hunters/${hunter?.id}?mute=day`);
		const question = page.getByRole("region", { name: "Mute" });
		await question.waitFor();
		expect(await stored()).toBe(before);
		await question.getByRole("button", { name: "Mute for a day" }).click();
		await page.getByText("Muted until").waitFor();
		await page.goto("/hunters");
		await page.getByText("1 hunter watches, muted.").waitFor();
		await page.goto(`/hunters/${hunter?.id}`);
		expect(await question.count()).toBe(0);
		await page.getByRole("button", { name: "Unmute" }).click();
		await page.getByText("Told: #th-names-like-päypal").waitFor();
	});

	it("are changed, but not over somebody else's change", async () => {
		const [hunter] = await listHunters({}, app.fresh.database);
		await page.goto(`/hunters/${hunter?.id}/edit`);
		await app.fresh.database.execute("UPDATE hunter SET revision = revision + 1");
		await page.getByLabel("Query").fill("paypal, stripe");
		await page.getByRole("button", { name: "Save the changes" }).click();
		await page.getByRole("status").filter({ hasText: "was changed meanwhile" }).waitFor();
		await page.reload();
		await page.getByLabel("Query").fill("paypal, stripe");
		await page.getByLabel("Webhook").fill("https://hook.example.com/x?token=s3cret");
		await page.getByRole("button", { name: "Save the changes" }).click();
		await page.getByText("Calls of its webhook are signed with this secret").waitFor();
		await page.getByRole("heading", { level: 1, name: "Names Like PäyPal! is saved" }).waitFor();
		expect(await page.locator("h1").count()).toBe(1);
		expect(await page.locator("code").first().textContent()).toMatch(/^whsec_/);
		await page.getByRole("link", { name: "Open the hunter" }).click();
		await page.getByText("and hook.example.com").waitFor();
		for (const path of [`/hunters/${hunter?.id}`, `/hunters/${hunter?.id}/edit`, `/api/hunters/${hunter?.id}`]) {
			expect([path, await (await ask(path, { cookie: cookies.analyst ?? "" })).text()]).toEqual([path, expect.not.stringMatching(/s3cret|whsec_/)]);
		}
		page.on("dialog", (dialog) => void dialog.accept());
		await page.getByRole("button", { name: "Switch off" }).click();
		await page.getByText("Is off and would watch").waitFor();
		expect(await page.getByRole("button", { name: "Mute for a day" }).count()).toBe(0);
		await page.getByRole("button", { name: "Switch on" }).click();
		await page.getByText("Watches reputation").waitFor();
	});

	it("answer by the API, page by page and as a file that spreadsheets cannot run", async () => {
		const db = app.fresh.database;
		const { id } = await add({ name: "Formula", query: "description:cmd", slack: false });
		await bring([...FIRST, "one.example.net", "two.example.net", "three.example.net"], FORMULA);
		await judge({ milliseconds: 10_000 }, judgeParts(db));
		const list = (await (await ask("/api/hunters?kind=reputation", key("viewer"))).json()) as { results: Array<{ name: string; hits: number; page: string }> };
		const formula = list.results.find(({ name }) => name === "Formula");
		expect(formula).toMatchObject({ page: `${app.url}/hunters/${id}` });
		expect(formula?.hits).toBeGreaterThanOrEqual(3);
		expect(await (await ask("/api/hunters?kind=news", key("viewer"))).json()).toEqual({ results: [] });
		expect(await (await ask(`/api/hunters/${id}`, key("viewer"))).json()).toMatchObject({ id, query: "description:cmd", webhook: null, alerts: { pending: 0, unknown: 0, failed: 0 } });
		const titles: string[] = [];
		let next: string | null = `${app.url}/api/hunters/${id}/hits?limit=2`;
		for (let turn = 0; next !== null && turn < 10; turn++) {
			const answer: { next: string | null; results: Array<{ title: string; page: string }> } = await (await fetch(next, { headers: key("viewer") })).json();
			titles.push(...answer.results.map(({ title }) => title));
			next = answer.next;
		}
		expect(new Set(titles).size).toBe(formula?.hits);
		const file = await ask(`/api/hunters/${id}/hits?format=csv`, key("viewer"));
		expect(file.headers.get("content-disposition")).toBe('attachment; filename="exist-hunter-formula.csv"');
		const bytes = Buffer.from(await file.arrayBuffer());
		expect([file.headers.get("content-type"), bytes.subarray(0, 3).toString("hex")]).toEqual(["text/csv; charset=utf-8; header=present", "efbbbf"]);
		const text = bytes.toString("utf8");
		expect(text.split("\r\n").length).toBe(titles.length + 2);
		expect(text).toContain(`"'=cmd|`);
		expect(text).not.toMatch(/(^|,)"?=cmd/m);
		for (const [path, status] of [
			[`/api/hunters/${"0".repeat(32)}`, 404],
			["/api/hunters/x", 404],
			[`/api/hunters/${id}/hits?cursor=x`, 400],
			[`/api/hunters/${id}/hits?limit=0`, 400],
			["/api/hunters?kind=x", 400],
		] as const)
			expect([path, (await ask(path, key("viewer"))).status]).toEqual([path, status]);
	});

	it("are checked and tried by the API, tried only by analysts and keys that may", async () => {
		const good = { kind: "reputation", query: "paypal" };
		const checked = (await (await post("/api/hunters/check", key("viewer"), { kind: "news", query: 'a, "b', name: "Ünder Fire" })).json()) as {
			faults: Array<{ from: number; to: number }>;
			channel: string;
		};
		expect([checked.faults.map(({ from, to }) => [from, to]), checked.channel]).toEqual([
			[
				[0, 1],
				[3, 5],
			],
			"th-ünder-fire",
		]);
		const unnamed = await (await post("/api/hunters/check", key("viewer"), { kind: "news", query: "emotet" })).json();
		expect(unnamed).toMatchObject({ faults: [], channel: null });
		const unkind = await (await post("/api/hunters/check", key("viewer"), { query: "emotet" })).json();
		expect(unkind).toEqual({ code: "invalid", field: "kind", detail: expect.stringContaining("say which records are looked at, one of twitter, threat, news, ") });
		for (const who of ["viewer", "analyst"]) expect([who, (await post("/api/hunters/backtest", key(who), good)).status]).toEqual([who, 403]);
		const own = { origin: app.url, "sec-fetch-site": "same-origin" };
		expect((await post("/api/hunters/backtest", { ...own, cookie: cookies.viewer ?? "" }, good)).status).toBe(403);
		expect((await post("/api/hunters/backtest", { cookie: cookies.analyst ?? "", origin: "https://evil.example" }, good)).status).toBe(403);
		for (const headers of [key("run"), { ...own, cookie: cookies.analyst ?? "" }]) {
			const response = await post("/api/hunters/backtest", headers, good);
			expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-ndjson; charset=utf-8"]);
			const lines = (await response.text())
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line) as { type: string; hit?: { page: string } });
			expect(lines.at(-1)).toMatchObject({ type: "done", hits: 2, messages: expect.any(Number), cut: null });
			expect(lines.filter(({ type }) => type === "sample").map(({ hit }) => hit?.page.startsWith(`${app.url}/reputation/`))).toEqual([true, true]);
		}
		for (const body of [{ ...good, kind: "x" }, { ...good, query: "" }, { ...good, query: "-paypal" }, { ...good, query: "x".repeat(30_000) }, { ...good, digestOver: 0 }, [], "x"]) {
			const response = await post("/api/hunters/backtest", key("run"), body);
			expect([body, response.status]).toEqual([body, 400]);
			expect(((await response.json()) as { detail: string }).detail.length).toBeGreaterThan(10);
		}
	});

	it("fit a phone, hold to WCAG and run nothing that others wrote", async () => {
		const hostile = `<img src=x onerror=alert(1)>"'{{7*7}}`;
		const { id } = await add({ name: hostile, query: `"<script>alert(1)</script>", ${"very-long-word-".repeat(30)}`, enabled: false });
		const [first] = await listHunters({}, app.fresh.database);
		await page.setViewportSize({ width: 390, height: 844 });
		for (const path of ["/hunters", "/hunters?kind=reputation", "/hunters/alerts", "/hunters/new?kind=threat", `/hunters/${id}`, `/hunters/${id}/edit`, `/hunters/${first?.id}?mute=day`]) {
			await page.goto(path);
			await page.locator("main h1").waitFor();
			expect([path, await overflow(page)]).toEqual([path, 0]);
			expect([path, await violations(page)]).toEqual([path, []]);
			expect([path, await page.locator("main img, main script").count()]).toEqual([path, 0]);
		}
	});

	it("are deleted when their name was typed", async () => {
		const { id } = await add({ name: "Short-lived", query: "198.51.100.7" });
		await page.goto("/ip/198.51.100.7");
		await page.getByRole("link", { name: "Hunted by Short-lived" }).click();
		await page.waitForURL(`**/hunters/${id}`);
		await as("viewer");
		await page.goto(`/hunters/${id}/edit`);
		await page.getByRole("heading", { name: "Only analysts change hunters" }).waitFor();
		expect(await page.locator("main form").count()).toBe(0);
		await as("analyst");
		await page.goto(`/hunters/${id}/edit`);
		await page.getByLabel("Type Short-lived to delete it").fill("Something else");
		await page.getByRole("button", { name: "Delete" }).click();
		await page.getByRole("status").filter({ hasText: "That is not its name" }).waitFor();
		await page.getByLabel("Type Short-lived to delete it").fill("Short-lived");
		await page.getByRole("button", { name: "Delete" }).click();
		await page.waitForURL(/\/hunters$/);
		expect((await ask(`/hunters/${id}`, { cookie: cookies.analyst ?? "" })).status).toBe(404);
		expect((await app.fresh.database.query("SELECT action FROM audit_entry WHERE action LIKE 'hunter.%' ORDER BY at")).map((row) => (row as { action: string }).action)).toEqual(
			expect.arrayContaining(["hunter.create", "hunter.change", "hunter.mute", "hunter.unmute", "hunter.disable", "hunter.enable", "hunter.delete"]),
		);
	});
});
