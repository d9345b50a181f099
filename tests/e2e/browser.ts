import packaged from "@sparticuz/chromium";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Flags of the package for functions in the cloud that a test on a machine must do without. */
const UNWANTED = /^--(?:single-process|no-zygote|headless)/;

/** The Chromium that is a package, so that no test downloads one. */
export async function startBrowser(): Promise<Browser> {
	return chromium.launch({ executablePath: await packaged.executablePath(), args: packaged.args.filter((flag) => !UNWANTED.test(flag)), headless: true });
}

/** What went wrong on the pages of a context: errors of scripts, messages of the console, breaches of the policy, failed requests. */
export function watch(context: BrowserContext): string[] {
	const faults: string[] = [];
	const note = (page: Page): void => {
		page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
		page.on("console", (message) => {
			if (message.type() === "error" || message.type() === "warning") faults.push(`${page.url()}: ${message.text()}`);
		});
		page.on("response", (response) => {
			if (response.status() >= 500) faults.push(`${response.url()}: ${response.status()}`);
		});
	};
	context.on("page", note);
	return faults;
}

/** Serious and critical violations of WCAG 2.2 A and AA on a page, as "rule: element". */
export async function violations(page: Page): Promise<string[]> {
	// Not as a script element: the policy would refuse it, as it should.
	await page.evaluate(axe.source);
	return page.evaluate(async () => {
		const { axe: loaded } = window as unknown as { axe: typeof axe };
		const { violations: found } = await loaded.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] });
		return found
			.filter(({ impact }) => impact === "serious" || impact === "critical")
			.flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} (${failureSummary?.slice(0, 200)})`));
	});
}

/** By how many pixels a page is wider than the window. */
export function overflow(page: Page): Promise<number> {
	return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
