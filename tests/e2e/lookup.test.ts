import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createUser } from "@/lib/auth/users";
import { type FakeProvider, MISBEHAVIOURS, startFakeProvider } from "../fakes/enrichers";
import { lineSource, runSource, testContext } from "../harness/ingest";
import { type RunningApp, startApp } from "./app";
import { overflow, startBrowser, violations, watch } from "./browser";

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery staple";
const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const SOURCE = lineSource({ id: "cins", name: "CINS", number: 261, category: "phishing" });
/** Public, so that a service may be asked about them; the fake provider behaves another way for each. */
const FOUND = "120.78.59.202";
const [UNKNOWN, HTML, HALF, LATE, LIMITED] = ["120.78.59.1", "120.78.59.2", "120.78.59.3", "120.78.59.4", "120.78.59.5"] as const;
const provider = (address: string) => `internetdb.shodan.io/${address}`;

describe("looking up in a browser", () => {
	let app: RunningApp;
	let fake: FakeProvider;
	let browser: Browser;
	let context: BrowserContext;
	let page: Page;
	let faults: string[];
	let session: string;

	beforeAll(async () => {
		fake = await startFakeProvider({
			[provider(FOUND)]: { file: "internetdb.json" },
			[provider(HTML)]: MISBEHAVIOURS.html,
			[provider(HALF)]: MISBEHAVIOURS.halfJson,
			[provider(LATE)]: MISBEHAVIOURS.sleeps,
			[provider(LIMITED)]: { ...MISBEHAVIOURS.limitedFor90, headers: { "retry-after": "3" } },
		});
		app = await startApp({ EXIST_DEMO_UPSTREAM: fake.url });
		await createUser({ email: EMAIL, name: "Ada", role: "viewer", password: PASSWORD }, "test", app.fresh.database);
		const many = Array.from({ length: 30 }, (_, at) => `host-${at}.listed.example.org`);
		await runSource(testContext(app.fresh.database, [SOURCE], {}), SOURCE, { text: [FOUND, "evil.example.org", "hxxp://evil.example.org/login", MD5, "listed.example.org", ...many].join("\n") });
		session = ((await app.signIn(EMAIL, PASSWORD)) ?? "").slice("next-auth.session-token=".length);
		browser = await startBrowser();
	}, 180_000);
	afterAll(async () => {
		await browser.close();
		await app.stop();
		await fake.stop();
	});

	beforeEach(async () => {
		context = await browser.newContext({ viewport: { width: 1400, height: 900 }, baseURL: app.url, colorScheme: "light", permissions: ["clipboard-read", "clipboard-write"] });
		faults = watch(context);
		await context.addCookies([{ name: "next-auth.session-token", value: session, url: app.url }]);
		page = await context.newPage();
	});
	afterEach(async () => {
		await context.close();
		expect(faults).toEqual([]);
	});

	it("says under the name what it is, as services answer", async () => {
		await page.goto("/ip/120.78.59.99");
		const line = page.locator("main h1 + p, main h1 ~ p").filter({ hasText: "·" }).first();
		await line.waitFor();
		await expect.poll(() => line.textContent()).toMatch(/China|country unknown/);
		await expect.poll(() => line.textContent()).not.toContain("…");
	});

	const palette = () => page.getByRole("dialog", { name: "Look up" });
	/** Keys count from the moment the page listens. */
	const openPalette = (key = "/") =>
		expect
			.poll(
				async () => {
					if (!(await palette().isVisible())) await page.keyboard.press(key);
					return palette().isVisible();
				},
				{ timeout: 15_000 },
			)
			.toBe(true);
	const panel = (name: string) => page.getByRole("region", { name, exact: true });
	const reach = (value: string) => context.addCookies([{ name: "reach", value, url: app.url }]);
	const asked = (address: string) => fake.asked.filter((path) => path === provider(address)).length;

	it.each([
		["192.0.2[.]1", "Taken for: IPv4", "/ip/192.0.2.1"],
		["hxxp://evil[.]example.org/login", "Taken for: URL", `/url/${encodeURIComponent("http://evil.example.org/login")}`],
		["evil[.]example.org:8443", "The port 8443 is no part of the value", "/domain/evil.example.org"],
		[MD5.toUpperCase(), "Taken for: MD5", `/hash/${MD5}`],
		["fe80::1%eth0", "The zone %eth0", "/ip/fe80%3A%3A1"],
		["http://paypal.com:s3cret@evil.example.org/", "is a user name, not the host", `/url/${encodeURIComponent("http://evil.example.org/")}`],
		["аpple.example", "mixes letters of Cyrillic and Latin", "/domain/xn--pple-43d.example"],
		["paypal login", "Taken for: words", "/cross?keyword=paypal%20login"],
	])("takes %s for what it is, says so, and goes there", async (text, said, path) => {
		await reach("index");
		await page.goto("/sources");
		await openPalette();
		await page.keyboard.insertText(text);
		await palette().getByRole("status").filter({ hasText: said }).waitFor();
		expect(await palette().getByRole("option").first().textContent()).not.toContain("s3cret");
		await page.keyboard.press("Enter");
		await page.waitForURL((url) => `${url.pathname}${url.search}` === path);
		await page.locator("main h1").waitFor();
	});

	it("opens by three keys and by typing, remembers what was looked up, and forgets it", async () => {
		await reach("index");
		await page.goto("/domain/evil.example.org");
		await page.getByText("Listed by 1 of").waitFor();
		await openPalette("Control+k");
		expect(await palette().getByRole("combobox").inputValue()).toBe("evil[.]example[.]org");
		await page.keyboard.press("Escape");
		await palette().waitFor({ state: "hidden" });
		await page.goto("/sources");
		await page.getByRole("textbox", { name: "Search indicator or words" }).fill("evil");
		await palette().getByRole("group", { name: "Recent in this browser" }).getByRole("option", { name: "evil[.]example[.]org" }).waitFor();
		expect(await violations(page)).toEqual([]);
		await palette().getByRole("combobox").fill("");
		await palette().getByRole("option", { name: "Forget recent look-ups" }).click();
		await palette().getByRole("group", { name: "Recent in this browser" }).waitFor({ state: "hidden" });
		expect(await page.evaluate(() => localStorage.length)).toBe(0);
		await palette().getByRole("combobox").fill("reputat");
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await page.waitForURL("**/reputation");
		await openPalette();
		await palette().getByRole("combobox").fill("keys");
		await palette().getByRole("option", { name: "Keys ?" }).click();
		await page.getByRole("dialog", { name: "Keys" }).waitFor();
	});

	it("makes a list of several lines that are pasted", async () => {
		await page.goto("/sources");
		await openPalette();
		await page.evaluate(() => navigator.clipboard.writeText("evil[.]example.org\n192.0.2.1\nno value\n"));
		await page.keyboard.press("Control+v");
		await palette().getByRole("option", { name: "Look up 3 values as a list" }).waitFor();
		await page.keyboard.press("Enter");
		await page.waitForURL("**/lookup/list?values=**");
		await page.getByRole("heading", { name: "Look up list" }).waitFor();
	});

	it("says why something cannot be looked up, and the way out", async () => {
		const text = async (path: string) => {
			await page.goto(path);
			return page.locator("main").textContent();
		};
		expect(await text("/lookup?keyword=999.1.1.1")).toMatch(/cannot be looked up[\s\S]*"999\.1\.1\.1" is no host name[\s\S]*Search for it as words/);
		expect(await text(`/lookup?keyword=http://a.com/${"y".repeat(9_900)}`)).toMatch(/at most 8192 are kept/);
		expect(await text("/lookup?keyword=http://u:s3cret@[bad/")).not.toContain("s3cret");
		expect(await text("/ip/fe80::1%25eth0")).toMatch(/no IP address[\s\S]*zone %eth0[\s\S]*fe80\[:\]\[:\]1 instead/);
		await page.goto(`/url/${encodeURIComponent("http://u:s3cret@evil.example.org/login")}`);
		await page.waitForURL(`**/url/${encodeURIComponent("http://evil.example.org/login")}`);
		expect(await page.content()).not.toContain("s3cret");
		for (const [keyword, path] of [
			["1.2.3.4%0Aevil.com", "/lookup/list?values=1.2.3.4%0Aevil.com"],
			["two+words", "/cross?keyword=two%20words"],
			["CVE-2021-44228", "/cross?keyword=CVE-2021-44228"],
		]) {
			await page.goto(`/lookup?keyword=${keyword}`);
			await page.waitForURL((url) => `${url.pathname}${url.search}` === path);
		}
	});

	it("shows what the index knows at once and what a service says when it comes, and asks anew when told to", async () => {
		const before = asked(FOUND);
		await page.goto(`/ip/${FOUND}`);
		await page.getByText("Listed by 1 of").waitFor();
		const shodan = panel("Shodan InternetDB");
		await shodan
			.getByText(/open ports/)
			.first()
			.waitFor();
		expect(asked(FOUND)).toBe(before + 1);
		// The verdict repeats what weighs, and leads to it.
		await page.getByRole("link", { name: "Shodan InternetDB", exact: true }).first().click();
		expect(new URL(page.url()).hash).toBe("#service-internetdb");
		await shodan.getByText("Raw answer").click();
		await shodan.getByText('"hostnames"').waitFor();
		await shodan.getByRole("button", { name: "Show all" }).click();
		expect(await shodan.getByRole("link", { name: /^CVE-/ }).count()).toBeGreaterThan(2);
		// An answer is kept: another visit asks nobody.
		await page.reload();
		await shodan
			.getByText(/open ports/)
			.first()
			.waitFor();
		expect(asked(FOUND)).toBe(before + 1);
	});

	it.each([
		["nothing known", UNKNOWN, "unknown", /Knows nothing of it\. That is no verdict\./],
		["a page in place of JSON", HTML, "failed", /Unknown for now\..*sent a page in place of JSON.*Asked again at \d\d:\d\d/],
		["half a JSON", HALF, "failed", /Unknown for now\..*Asked again at/],
		["silence", LATE, "timed out", /Unknown for now: no answer within 8 s\. Asked again at/],
		["a limit", LIMITED, "rate limit", /Unknown for now: it says it was asked too often\. Asked again at/],
	])("shows %s as what it is, never as good", async (_what, address, badge, words) => {
		await page.goto(`/ip/${address}`);
		const shodan = panel("Shodan InternetDB");
		await shodan.locator("header").filter({ hasText: badge }).waitFor();
		expect(await shodan.textContent()).toMatch(words);
		await page.getByText("What they would say is unknown.").waitFor();
		expect(await page.locator("main").textContent()).not.toMatch(/\bclean\b|\bsafe\b|harmless/i);
	});

	it("asks again by itself when a limit is over", async () => {
		const before = asked(LIMITED);
		await page.goto(`/ip/${LIMITED}`);
		await panel("Shodan InternetDB").locator("header").filter({ hasText: "rate limit" }).waitFor();
		await expect.poll(() => asked(LIMITED), { timeout: 15_000 }).toBeGreaterThan(before + 1);
	});

	it("asks only whom the switch allows, on the server as well, and remembers the choice", async () => {
		const address = "120.78.59.77";
		await reach("index");
		await page.goto(`/ip/${address}`);
		await page.getByText("Nobody outside sees the value.").waitFor();
		await panel("Location").getByText("China").first().waitFor();
		const held = panel("Not asked").getByRole("listitem").filter({ hasText: "Shodan InternetDB" });
		await held.getByText("held back").waitFor();
		expect(asked(address)).toBe(0);
		expect(
			await page.evaluate(
				async (value) => (await fetch("/api/lookup/enrich", { method: "POST", body: JSON.stringify({ enricher: "internetdb", type: "ipv4", value, reach: "index" }) })).json(),
				address,
			),
		).toEqual({
			state: "off",
			held: { why: "reach" },
		});
		expect(asked(address)).toBe(0);
		await page.getByRole("radio", { name: "Passive only" }).check({ force: true });
		await panel("Shodan InternetDB").getByText("Knows nothing of it").waitFor();
		expect(asked(address)).toBe(1);
		expect((await context.cookies()).find(({ name }) => name === "reach")?.value).toBe("passive");
		// Whom the owner may hear of is still left out, but for a press on that one.
		const names = panel("Not asked").getByRole("listitem").filter({ hasText: "Reverse DNS" });
		await names.getByRole("button", { name: "Ask this one" }).click();
		await panel("Reverse DNS").waitFor();
	});

	it("looks up a list: filtered, sorted, taken away as CSV and defanged, with a service asked about each value", async () => {
		await page.goto("/lookup/list");
		const values = ["evil[.]example.org", FOUND, UNKNOWN, "no value", "999.1.1.1", ...Array.from({ length: 990 }, (_, at) => `host-${at}.listed.example.org`), "EVIL.example.org"];
		await page.getByLabel(/IP addresses, blocks/).fill(values.join("\n"));
		await page.getByRole("button", { name: "Look up", exact: true }).click();
		await page.getByText("32 of 993 values are listed.").waitFor();
		await page.getByText("Left out: 2 no indicator, 1 repeated.").waitFor();
		const rows = page.getByRole("region", { name: "Values" }).locator("tbody tr");
		expect(await rows.count()).toBe(100);
		await page.getByLabel("Show", { exact: true }).selectOption("invalid");
		expect(await rows.allInnerTexts()).toEqual([expect.stringContaining("no value"), expect.stringContaining('"999.1.1.1" is no host name.')]);
		await page.getByLabel("Show", { exact: true }).selectOption("listed");
		await page.getByRole("button", { name: "Value", exact: true }).click();
		expect(await rows.first().textContent()).toContain("120.78.59[.]202");
		await page.getByRole("button", { name: "Copy defanged" }).click();
		await expect.poll(async () => (await page.evaluate(() => navigator.clipboard.readText())).split("\n").slice(0, 2)).toEqual(["120.78.59[.]202", "evil[.]example[.]org"]);
		const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
		const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
		expect([lines.length, lines[1]]).toEqual([33, expect.stringMatching(/^"120\.78\.59\.202","120\.78\.59\.202","IPv4","listed","CINS","phishing",/)]);
		await page.getByText("Ask services about these values").click();
		await page.getByLabel("Shodan InternetDB").check();
		await page.getByRole("button", { name: "Ask the chosen" }).click();
		await page.getByText(/^[12] of 2/).waitFor();
		expect(await violations(page)).toEqual([]);
	});

	it("takes a file as a list, and says why it does not take another", async () => {
		await page.goto("/lookup/list");
		const field = page.locator("input[type=file]");
		await field.setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from('"evil.example.org","phishing"\n# a comment\n192.0.2.9\n') });
		await page.getByText("1 of 2 values is listed.").or(page.getByText("1 of 2 values are listed.")).waitFor();
		await field.setInputFiles({ name: "picture.png", mimeType: "image/png", buffer: Buffer.from([137, 80, 78, 71, 0, 1]) });
		await page.getByRole("alert").filter({ hasText: '"picture.png" is no text file' }).waitFor();
		await field.setInputFiles({ name: "huge.txt", mimeType: "text/plain", buffer: Buffer.alloc(5 * 1024 * 1024, "a") });
		await page.getByRole("alert").filter({ hasText: "at most 4 MB are read" }).waitFor();
	});

	it.each(["light", "dark"] as const)("can be read by everybody in the %s theme, and never scrolls sideways on a phone", async (theme) => {
		await context.addCookies([{ name: "theme", value: theme, url: app.url }]);
		for (const path of [
			`/ip/${FOUND}`,
			"/domain/listed.example.org",
			`/url/${encodeURIComponent("http://evil.example.org/login")}`,
			`/hash/${MD5}`,
			"/lookup/list?values=evil.example.org%0Anone",
			"/lookup?keyword=999.1.1.1",
		]) {
			await page.setViewportSize({ width: 1400, height: 900 });
			await page.goto(path);
			await page.locator("main h1").waitFor({ state: "attached" });
			await page.getByText("asking…").first().waitFor({ state: "detached" });
			expect({ path, violations: await violations(page), wide: await overflow(page) }).toEqual({ path, violations: [], wide: 0 });
			await page.setViewportSize({ width: 390, height: 844 });
			expect({ path, violations: await violations(page), phone: await overflow(page) }).toEqual({ path, violations: [], phone: 0 });
		}
		await openPalette();
		expect({ violations: await violations(page), phone: await overflow(page) }).toEqual({ violations: [], phone: 0 });
	});
});
