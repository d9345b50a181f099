import type { BrowserContext } from "puppeteer-core";
import type { AddressPolicy } from "@/lib/net/guard";
import { launch, type RunningBrowser } from "./browser";
import { BUDGET, type Budget, Clock } from "./budget";
import { type Dial, Judge } from "./judge";
import { CaptureProxy } from "./proxy";
import { type Answered, collected, early, type Visit } from "./report";
import type { Profile } from "./result";
import { prepare, type Scene } from "./scene";

/** More of a URL than any browser's address bar is good for. */
const MAX_URL = 16_384;
const QUIET_MS = 500;
const POLL_MS = 50;

export interface VisitOptions {
	profile?: Profile;
	/** path of a system Chromium, null for the packaged one */
	chromium?: string | null;
	policy?: AddressPolicy;
	/** where sockets go, for the demonstration and tests; judged is the public address all the same */
	dial?: Dial;
	budget?: Partial<Budget>;
	onProgress?: (state: "resolving" | "visiting") => void;
	/** a browser that runs already; it stays. Only where what is visited is ours: a capture has a browser of its own */
	browser?: RunningBrowser;
}

/**
 * Visits a URL on somebody's behalf. The target is asked once, by the browser, whose only way out is a proxy that judges every
 * address; when it returns, the browser and its files are gone. Whatever the target does is an outcome; throws only where no browser
 * can be started (`unavailable`).
 */
export async function visit(address: string, options: VisitOptions = {}): Promise<Visit> {
	const budget: Budget = { ...BUDGET, ...options.budget };
	const clock = new Clock(budget.totalMs);
	const profile = options.profile ?? "desktop";
	options.onProgress?.("resolving");
	if (!URL.canParse(address)) return early(address, { outcome: "blocked", reason: "that is no URL a browser would open" }, clock);
	if (address.length > MAX_URL) return early(address, { outcome: "blocked", reason: `the URL has ${address.length} characters, at most ${MAX_URL} are visited` }, clock);
	const url = new URL(address);
	// Never sent: a name and password in a link are bait, or somebody's.
	url.username = "";
	url.password = "";
	const judge = new Judge(options.policy ?? {});
	const verdict = await judge.judge(url);
	if (!verdict.ok) return early(url.href, { outcome: verdict.kind === "dns" ? "unresolved" : "blocked", reason: verdict.reason }, clock);
	options.onProgress?.("visiting");
	const proxy = await CaptureProxy.start({ judge, maxBytes: budget.wireBytes, ...(options.dial === undefined ? {} : { dial: options.dial }) });
	let browser: RunningBrowser | undefined;
	let context: BrowserContext | undefined;
	try {
		browser = options.browser ?? (await launch({ systemPath: options.chromium ?? null, maxMemory: budget.memoryBytes, profile }));
		clock.until(browser.gone);
		context = (await clock.within(browser.browser.createBrowserContext({ proxyServer: proxy.address, proxyBypassList: ["<-loopback>"] }), budget.answerMs)) ?? undefined;
		const given = { proxy, judge, clock, budget, profile };
		const scene = context === undefined ? null : await clock.within(prepare(context, browser, given), budget.answerMs);
		if (scene === null) return early(url.href, { outcome: "failed", reason: browser.ended() ?? "the browser did not get ready" }, clock);
		const answered = await go(scene, url.href);
		return await collected(scene, url.href, answered);
	} finally {
		await Promise.all([options.browser === undefined ? browser?.end() : clock.within(context?.close() ?? Promise.resolve(), 5_000), proxy.close()]);
	}
}

async function go({ session, frameId, clock, budget, main, record, proxy }: Scene, url: string): Promise<Answered> {
	let loads = 0;
	let loaded = (): void => {};
	const load = new Promise<void>((resolve) => {
		loaded = resolve;
	});
	session.on("Page.lifecycleEvent", ({ frameId: frame, name }) => {
		if (frame !== frameId || name !== "load" || main.current === null) return;
		loads++;
		loaded();
	});
	const answer = await clock.within(session.send("Page.navigate", { url }), budget.answerMs);
	if (answer === null) return { error: null, timedOut: true };
	if (main.current?.rendered !== true) return { error: answer.errorText ?? null, timedOut: false };
	const latest = clock.at() + budget.loadMs;
	while (loads === 0 && clock.at() < latest && !proxy.exhausted && (await alive(clock, POLL_MS, load)));
	const settled = Math.min(clock.at() + budget.settleMs, latest + budget.settleMs);
	let quietSince = clock.at();
	let seen = main.current;
	while (clock.at() < settled && clock.at() - quietSince < QUIET_MS && (await alive(clock, Math.min(POLL_MS, QUIET_MS - (clock.at() - quietSince))))) {
		if (record.running > 0 || main.current !== seen) quietSince = clock.at();
		seen = main.current;
	}
	return { error: answer.errorText ?? null, timedOut: false };
}

/** Waits a moment, or until something happens; whether going on waiting makes sense. */
async function alive(clock: Clock, ms: number, until?: Promise<void>): Promise<boolean> {
	await (until === undefined ? clock.pause(ms) : clock.within(until, ms));
	return clock.going;
}
