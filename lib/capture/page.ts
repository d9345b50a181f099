import type { CDPSession } from "puppeteer-core";
import type { Budget, Clock } from "./budget";
import { kept } from "./record";
import type { Profile } from "./result";

/** Longest address of an icon, one that holds its own bytes included. */
const MAX_ICON = 500_000;
const MAX_TITLE = 1_000;
const MAX_MARKUP = 4_000_000;
const MAX_TEXT = 1_000_000;

export interface View {
	width: number;
	height: number;
	scale: number;
	mobile: boolean;
}

export const VIEWS: Readonly<Record<Profile, View>> = {
	desktop: { width: 1366, height: 768, scale: 1, mobile: false },
	phone: { width: 390, height: 844, scale: 2, mobile: true },
};

/** What the browser says it is: the headless one tells on itself, and many pages show such visitors something else. */
export function userAgent(
	profile: Profile,
	version: string,
): { userAgent: string; metadata: { platform: string; platformVersion: string; architecture: string; model: string; mobile: boolean; brands: Array<{ brand: string; version: string }> } } {
	const major = /(\d+)\./.exec(version)?.[1] ?? "147";
	const mobile = profile === "phone";
	const system = mobile ? "Linux; Android 10; K" : "Windows NT 10.0; Win64; x64";
	const brands = ["Chromium", "Google Chrome", "Not.A/Brand"].map((brand) => ({ brand, version: brand.startsWith("Not") ? "8" : major }));
	return {
		userAgent: `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 ${mobile ? "Mobile " : ""}Safari/537.36`,
		metadata: { platform: mobile ? "Android" : "Windows", platformVersion: mobile ? "14.0.0" : "15.0.0", architecture: mobile ? "" : "x86", model: mobile ? "K" : "", mobile, brands },
	};
}

export interface PageText {
	url: string;
	title: string;
	encoding: string;
	text: string;
	markup: string;
	icon: string;
}

/**
 * Runs in a world of its own, so what the page's scripts changed does not count; and by the prototypes' own getters, since an
 * `<img name=title>` would stand in for `document.title`.
 */
const READ = `(() => {
	const get = (proto, name, of) => Object.getOwnPropertyDescriptor(proto, name).get.call(of);
	const root = get(Document.prototype, "documentElement", document);
	const body = get(Document.prototype, "body", document);
	const all = (selector) => [...Document.prototype.querySelectorAll.call(document, selector)];
	const link = all("link[rel~=icon i]").map((each) => each.href).find((href) => href.length <= ${MAX_ICON} && /^(https?|data):/.test(href));
	const html = body instanceof HTMLElement ? body : root;
	const text = html instanceof HTMLElement ? get(HTMLElement.prototype, "innerText", html) : root === null ? "" : get(Node.prototype, "textContent", root);
	return {
		url: get(Document.prototype, "URL", document).slice(0, 16384),
		title: get(Document.prototype, "title", document).slice(0, ${MAX_TITLE + 1}),
		encoding: get(Document.prototype, "characterSet", document),
		text: text.slice(0, ${MAX_TEXT}),
		markup: root === null ? "" : get(Element.prototype, "outerHTML", root).slice(0, ${MAX_MARKUP}),
		icon: link ?? (/^https?:/.test(location.href) ? new URL("/favicon.ico", location.href).href : ""),
	};
})()`;

/** What the page says at this moment; null where it is too busy to answer. */
export async function readPage(session: CDPSession, frameId: string, clock: Clock, budget: Budget): Promise<PageText | null> {
	const reading = async (): Promise<PageText | null> => {
		const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId, worldName: "exist" });
		const { result } = await session.send("Runtime.evaluate", { expression: READ, contextId: executionContextId, returnByValue: true, timeout: budget.stepMs });
		return (result.value as PageText | undefined) ?? null;
	};
	const read = await clock.within(reading(), budget.stepMs);
	return read === null ? null : { ...read, title: kept(read.title, MAX_TITLE) };
}
