import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createUser } from "@/lib/auth/users";
import { lineSource, runSource, testContext } from "../harness/ingest";
import { type RunningApp, startApp } from "./app";
import { overflow, startBrowser, violations, watch } from "./browser";

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery staple";
const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const LONG = `http://evil.example/${"a-very-long-path/".repeat(12)}?q=a!=b==c`;
/** They stand in for two the console knows. */
const FIRST = lineSource({ id: "cins", name: "CINS", number: 261, category: "phishing" });
const SECOND = lineSource({ id: "urlhaus", name: "URLhaus", number: 1001, category: "botnet-c2" });

/** Values that stay, and one that is listed only at first. */
async function fill(app: RunningApp): Promise<void> {
	const context = testContext(app.fresh.database, [FIRST, SECOND], { country: () => "DE" });
	const values = ["192.0.2.1:443", "hxxp://evil[.]example/login", "pay.evil.example.org", "evil.example.org", "198.51.100.0/24", MD5, LONG];
	const many = Array.from({ length: 70 }, (_, at) => `host-${at}.many.example.net`);
	await runSource(context, FIRST, { text: [...values, ...many, "gone.example.org"].join("\n") });
	await runSource(context, FIRST, { text: [...values, ...many].join("\n") });
	await runSource(context, SECOND, { text: "192.0.2.1:8443\nevil.example.org\nnot a value at all" });
}

describe("the console in a browser", () => {
	let app: RunningApp;
	let browser: Browser;
	let context: BrowserContext;
	let page: Page;
	let faults: string[];
	let session: string;

	beforeAll(async () => {
		app = await startApp();
		await createUser({ email: EMAIL, name: "Ada", role: "administrator", password: PASSWORD }, "test", app.fresh.database);
		await fill(app);
		session = ((await app.signIn(EMAIL, PASSWORD)) ?? "").slice("next-auth.session-token=".length);
		browser = await startBrowser();
	}, 180_000);
	afterAll(async () => {
		await browser.close();
		await app.stop();
	});

	beforeEach(async () => {
		context = await browser.newContext({ viewport: { width: 1400, height: 900 }, baseURL: app.url, colorScheme: "light", permissions: ["clipboard-read", "clipboard-write"] });
		faults = watch(context);
		await context.addCookies([{ name: "next-auth.session-token", value: session, url: app.url }]);
		page = await context.newPage();
	});
	afterEach(async () => {
		await context.close();
		// Whatever a test looks at: no error of a script, nothing the policy refused, no failed answer.
		expect(faults).toEqual([]);
	});

	it("signs in, refuses a wrong password in words, and leads to the page that was asked for", async () => {
		await context.clearCookies();
		await page.goto("/sources/cins");
		expect(new URL(page.url()).pathname).toBe("/sign-in");
		await page.getByLabel("E-mail address").fill(EMAIL);
		await page.getByLabel("Password").fill("wrong wrong wrong");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByRole("alert").filter({ hasText: "do not belong together" }).waitFor();
		// The browser itself reports the refused request; nothing else may be there.
		expect(faults.splice(0).filter((fault) => !fault.includes("401"))).toEqual([]);
		await page.getByLabel("Password").fill(PASSWORD);
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.waitForURL("**/sources/cins");
	});

	it("searches an indicator from anywhere and opens its page", async () => {
		await page.goto("/sources");
		// Keys count from the moment the page listens.
		await expect
			.poll(async () => {
				await page.keyboard.press("/");
				return page.evaluate(() => document.activeElement?.getAttribute("name"));
			})
			.toBe("keyword");
		await page.keyboard.type("192.0.2[.]1");
		await page.keyboard.press("Enter");
		await page.waitForURL("**/ip/192.0.2.1");
		await page.getByText("Listed by 2 of 2 sources").waitFor();
		const timeline = page.getByRole("region", { name: "Who listed it, and when" });
		expect(await timeline.getByRole("listitem").count()).toBe(2);
		await page.keyboard.press("d");
		await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("192.0.2[.]1");
	});

	it("moves over rows by keys, opens one, and lists the keys", async () => {
		await page.goto("/reputation?search=many.example.net");
		const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-copy"));
		const rows = await page.locator("[data-row]").evaluateAll((all) => all.map((row) => row.getAttribute("data-copy")));
		expect(rows.length).toBe(50);
		await page.locator("main [data-row]").first().waitFor();
		for (const [key, row] of [
			["j", 0],
			["j", 1],
			["j", 2],
			["k", 1],
		] as const) {
			await page.keyboard.press(key);
			expect([key, await focused()]).toEqual([key, rows[row]]);
		}
		await page.keyboard.press("?");
		const keys = page.getByRole("dialog", { name: "Keys" });
		await keys.waitFor();
		await page.keyboard.press("Escape");
		await keys.waitFor({ state: "hidden" });
		await page.keyboard.press("j");
		await page.keyboard.press("Enter");
		await page.waitForURL(/\/reputation\/[0-9a-f]{32}$/);
		expect(await page.locator("main [data-subject]").getAttribute("data-copy")).toMatch(/^host-\d+\.many\.example\.net$/);
	});

	it("says which services are not configured and what to set; that is unknown", async () => {
		// The page as the server writes it: in a browser this installation would ask the real services.
		const answer = await fetch(`${app.url}/ip/120.78.59.99`, { headers: { cookie: `next-auth.session-token=${session}` } });
		expect((await answer.text()).replaceAll(/<!--.*?-->|<[^>]+>/g, "")).toContain("Shodannot configuredUnknown there. An administrator can set SHODAN_KEY.");
	});

	it("opens one menu on any indicator, by mouse and by keys, and gives the focus back", async () => {
		await page.goto("/reputation?search=many.example.net");
		const row = page.locator("main [data-row]").first();
		const value = (await row.getAttribute("data-copy")) ?? "";
		const menu = page.getByRole("menu", { name: /^What to do with host-\d+\[\.\]many/ });
		await row.hover();
		await page.locator("main [data-menu]").first().click();
		await menu.waitFor();
		expect((await menu.getByRole("menuitem").allTextContents()).map((text) => text.replace(/[A-Z]$/, ""))).toEqual([
			"Copy defanged",
			"Copy as it is",
			"Look up",
			"Search all trackers",
			"Captures of it",
			"Hunt for it",
		]);
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await menu.waitFor({ state: "hidden" });
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(value);
		await row.focus();
		await page.keyboard.press("m");
		await menu.waitFor();
		await page.keyboard.press("Escape");
		await menu.waitFor({ state: "hidden" });
		expect(await page.evaluate(() => document.activeElement?.getAttribute("data-copy"))).toBe(value);
		await page.keyboard.press("m");
		await menu.getByRole("menuitem", { name: "Search all trackers" }).click();
		await page.waitForURL(`**/cross?keyword=${value}`);
	});

	it("keeps the theme that was chosen, over pages and reloads", async () => {
		await page.goto("/");
		const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
		const light = await paper();
		await page.getByRole("button", { name: "Light or dark" }).click();
		const dark = await paper();
		expect(dark).not.toBe(light);
		// The browser stores what a script sets a moment later.
		await expect.poll(async () => (await context.cookies()).find(({ name }) => name === "theme")?.value).toBe("dark");
		await page.reload();
		expect(await paper()).toBe(dark);
		await page.goto("/credits");
		expect(await paper()).toBe(dark);
	});

	it("gives the rows of the filters as CSV", async () => {
		await page.goto("/reputation");
		await page.getByLabel("Category", { exact: true }).selectOption("botnet-c2");
		await page.waitForURL("**category=botnet-c2**");
		const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
		expect(download.suggestedFilename()).toMatch(/\.csv$/);
		const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
		expect(lines).toHaveLength(3);
		expect(lines.join("\n")).toContain("evil.example.org");
	});

	it("keeps the frame around a record that does not exist, with the status that says so", async () => {
		const response = await page.goto(`/reputation/${"0".repeat(32)}`);
		expect(response?.status()).toBe(404);
		await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
		expect(await page.getByRole("navigation", { name: "Main", exact: true }).isVisible()).toBe(true);
		expect(faults.splice(0).filter((fault) => !fault.includes("404"))).toEqual([]);
	});

	const PAGES = [
		"/",
		"/cross",
		"/cross?keyword=evil.example.org",
		"/cross?keyword=many+example",
		"/cross?keyword=%01",
		"/reputation",
		"/reputation?search=nothing-at-all",
		"/ip/192.0.2.1",
		"/ip/203.0.113.9",
		"/domain/example.org",
		`/hash/${MD5}`,
		`/url/${encodeURIComponent(LONG)}`,
		"/captures",
		"/lookup/list",
		"/threat/attribute",
		"/sources",
		"/sources/cins",
		"/account",
		"/api-guide",
		"/credits",
	];

	it.each(["light", "dark"] as const)("can be read by everybody in the %s theme, and never scrolls sideways on a phone", async (theme) => {
		await context.addCookies([{ name: "theme", value: theme, url: app.url }]);
		for (const path of PAGES) {
			await page.setViewportSize({ width: 1400, height: 900 });
			await page.goto(path);
			await page.locator("main h1").waitFor({ state: "attached" });
			expect({ path, violations: await violations(page), wide: await overflow(page) }).toEqual({ path, violations: [], wide: 0 });
			await page.setViewportSize({ width: 390, height: 844 });
			expect({ path, phone: await overflow(page) }).toEqual({ path, phone: 0 });
		}
		await page.getByLabel("Menu").click();
		await page.getByRole("navigation", { name: "Main, small" }).waitFor();
		expect({ violations: await violations(page), phone: await overflow(page) }).toEqual({ violations: [], phone: 0 });
		await context.clearCookies({ name: "next-auth.session-token" });
		await page.goto("/sign-in");
		expect({ violations: await violations(page), phone: await overflow(page) }).toEqual({ violations: [], phone: 0 });
	});
});
