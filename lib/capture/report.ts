import type { Protocol } from "puppeteer-core";
import { shown } from "@/lib/errors";
import type { Clock } from "./budget";
import { favicon } from "./favicon";
import type { Failure } from "./main-document";
import { pictures, readPage, VIEWS } from "./page";
import { kept } from "./record";
import type { CaptureResult, Outcome, Part } from "./result";
import type { Scene } from "./scene";

const MAX_COOKIES = 100;
/** of all downloads together */
const MAX_DOWNLOADED = 20_000_000;

export interface Visit {
	result: CaptureResult;
	parts: Part[];
}

export interface Answered {
	/** of the navigation, null where there was none */
	error: string | null;
	timedOut: boolean;
}

function empty(finalUrl: string, { outcome, reason }: { outcome: Outcome; reason: string | null }, clock: Clock): CaptureResult {
	return {
		outcome,
		reason,
		finalUrl: kept(finalUrl, 16_384),
		hops: [],
		response: null,
		title: null,
		encoding: null,
		certificate: null,
		requests: [],
		requestsMore: 0,
		console: [],
		cookies: [],
		favicon: null,
		downloads: [],
		dialogs: [],
		popups: [],
		tookMs: clock.at(),
		wireBytes: 0,
	};
}

/** A visit that was over before a browser did anything. */
export function early(url: string, failure: Failure, clock: Clock): Visit {
	return { result: empty(url, failure, clock), parts: [] };
}

/** Why there is no answer, in words. */
function failed({ main, browser, proxy }: Scene, url: string, { error, timedOut }: Answered): Failure {
	if (main.failure !== null) return main.failure;
	const ended = browser.ended();
	if (ended !== null) return { outcome: "failed", reason: ended };
	if (browser.gone.aborted) return { outcome: "failed", reason: "the browser broke down" };
	const { host } = new URL(url);
	if (timedOut) return { outcome: "timeout", reason: `${host} did not answer in time` };
	const code = error?.replace(/^net::/, "") ?? "";
	if (/TUNNEL|PROXY/.test(code)) return main.refused(new URL(main.hops.at(-1)?.url ?? url));
	if (proxy.exhausted) return { outcome: "failed", reason: "the budget of bytes is used up" };
	if (code === "ERR_SSL_CLIENT_AUTH_CERT_NEEDED" || code === "ERR_BAD_SSL_CLIENT_AUTH_CERT") return { outcome: "failed", reason: `${host} wants a client certificate` };
	if (code === "ERR_UNSAFE_REDIRECT" || code === "ERR_UNKNOWN_URL_SCHEME") return { outcome: "blocked", reason: `${host} redirects to an address that is not visited` };
	if (code === "ERR_TOO_MANY_REDIRECTS") return { outcome: "failed", reason: `${host} redirects too often` };
	if (/^ERR_SSL|^ERR_CERT/.test(code)) return { outcome: "failed", reason: `${host} does not speak proper TLS (${code})` };
	return { outcome: "failed", reason: code === "" ? `${host} gave no answer` : `${host} gave no answer (${shown(code, 60)})` };
}

function cookie({ name, value, domain, path, expires, secure, httpOnly, sameSite }: Protocol.Network.Cookie): CaptureResult["cookies"][number] {
	const at = new Date(expires * 1000);
	return {
		name: kept(name, 200),
		value: kept(value, 1_000),
		domain: kept(domain, 253),
		path: kept(path, 200),
		expires: expires <= 0 || Number.isNaN(at.getTime()) ? null : at.toISOString(),
		secure,
		httpOnly,
		sameSite: sameSite ?? null,
	};
}

/** What a page shows: pictures, texts, icon. Says whether it answered at all. */
async function shownByPage(scene: Scene): Promise<{ facts: Partial<CaptureResult>; parts: Part[]; answered: boolean }> {
	const { session, frameId, clock, budget, profile } = scene;
	const page = await readPage(session, frameId, clock, budget);
	if (page === null) return { facts: {}, parts: [], answered: false };
	const parts: Part[] = [
		{ kind: "markup", number: 0, mediaType: "text/plain; charset=utf-8", bytes: Buffer.from(page.markup.toWellFormed(), "utf8") },
		{ kind: "text", number: 0, mediaType: "text/plain; charset=utf-8", bytes: Buffer.from(page.text.toWellFormed(), "utf8") },
	];
	parts.push(...(await pictures(session, VIEWS[profile], clock, budget)));
	const icon = page.icon === "" ? null : await favicon(session, frameId, page.icon, clock, budget);
	if (icon !== null) parts.push(icon.part);
	const finalUrl = /^https?:/.test(page.url) ? { finalUrl: kept(page.url, 16_384) } : {};
	return { facts: { ...finalUrl, title: page.title, encoding: page.encoding.toLowerCase(), favicon: icon?.icon ?? null }, parts, answered: true };
}

/** Files: what the page saved, and the address itself where it is one. */
async function saved(scene: Scene): Promise<{ downloads: CaptureResult["downloads"]; parts: Part[] }> {
	const { downloads, clock, main } = scene;
	const found = await downloads.collect(clock, MAX_DOWNLOADED);
	const document = main.current;
	if (document === null || document.attachment === null) return found;
	const { bytes, sha256, truncated } = document.response;
	const isWhole = !truncated && document.content.length === bytes;
	const number = found.downloads.length;
	found.downloads.push({ url: kept(document.url, 2_048), name: document.attachment, mediaType: document.mediaType, bytes, sha256: sha256 ?? "", kept: isWhole });
	if (isWhole) found.parts.push({ kind: "download", number, mediaType: "application/octet-stream", bytes: document.content });
	return found;
}

/** Gathers what a visit left, in an order that gets the most out of a page that may stop answering. */
export async function collected(scene: Scene, url: string, answered: Answered): Promise<Visit> {
	const { main, record, proxy, judge, clock, budget, control, contextId, certificates, browser } = scene;
	const document = main.current;
	const parts: Part[] = [];
	let facts: Partial<CaptureResult>;
	if (document === null) {
		const last = main.hops.at(-1);
		facts = { ...failed(scene, url, answered), finalUrl: last?.url ?? url };
	} else {
		facts = { outcome: document.rendered ? "rendered" : "fetched", finalUrl: document.url, response: document.response, ...tooMuch(scene) };
		if (document.content.length > 0) parts.push({ kind: "content", number: 0, mediaType: document.mediaType, bytes: document.content });
	}
	// Before the pictures: a page can be made so that drawing it ends the browser, and what it dropped until then is evidence all the same.
	const cookies = await clock.within(control.send("Storage.getCookies", contextId === undefined ? {} : { browserContextId: contextId }), budget.stepMs);
	const files = await saved(scene);
	parts.push(...files.parts);
	if (document?.rendered === true) {
		const page = await shownByPage(scene);
		parts.push(...page.parts);
		facts = { ...facts, ...page.facts };
		if (!page.answered) facts = { ...facts, ...silent(scene) };
	}
	const certificate = await clock.within(certificates.of(document?.url ?? url), budget.stepMs);
	await record.complete(judge);
	const ended = browser.ended();
	const result: CaptureResult = {
		...empty(url, { outcome: "failed", reason: null }, clock),
		...facts,
		...(ended === null || document === null ? {} : { outcome: "failed" as const, reason: ended }),
		hops: main.hops,
		certificate,
		cookies: (cookies?.cookies ?? []).slice(0, MAX_COOKIES).map(cookie),
		downloads: files.downloads,
		requests: record.requests,
		requestsMore: record.requestsMore,
		console: record.console,
		dialogs: record.dialogs,
		popups: record.popups,
		tookMs: clock.at(),
		wireBytes: proxy.bytes,
	};
	return { result, parts };
}

/** What was cut, in words. */
function tooMuch({ main, proxy, budget }: Scene): { reason: string | null } {
	if (proxy.exhausted) return { reason: `more than ${Math.round(budget.wireBytes / 1_000_000)} MB were sent, the rest is missing` };
	return { reason: main.current?.fault ?? null };
}

/** A page that lets questions pass. */
function silent({ browser, clock }: Scene): Failure {
	const ended = browser.ended();
	if (ended !== null) return { outcome: "failed", reason: ended };
	if (browser.gone.aborted) return { outcome: "failed", reason: "the browser broke down" };
	return { outcome: "timeout", reason: clock.left() === 0 ? "the time was up before the page could be looked at" : "the page keeps the browser busy without end, so there is no picture of it" };
}
