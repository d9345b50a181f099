import type { Protocol } from "puppeteer-core";
import { shown } from "@/lib/errors";
import type { Clock } from "./budget";
import { favicon } from "./favicon";
import type { Document, Failure } from "./main-document";
import { type PageText, readPage } from "./page";
import { kept } from "./record";
import { type CaptureResult, emptyResult, type Part } from "./result";
import type { Scene } from "./scene";
import { brokenDown, fullPageShot, windowShot } from "./shots";

const MAX_URL = 16_384;
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

/** A visit that was over before a browser did anything. */
export function early(url: string, failure: Failure, clock: Clock): Visit {
	return { result: { ...emptyResult(kept(url, MAX_URL), failure.outcome, failure.reason), tookMs: clock.at() }, parts: [] };
}

/** Why there is no answer, in words. */
function failed(scene: Scene, url: string, { error, timedOut }: Answered): Failure {
	const { main, proxy } = scene;
	if (main.failure !== null) return main.failure;
	const broken = brokenDown(scene);
	if (broken !== null) return { outcome: "failed", reason: broken };
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

interface Shown {
	facts: Partial<CaptureResult>;
	parts: Part[];
}

/** What a page said of itself, and what it looks like. */
async function shownByPage(scene: Scene, page: PageText | null): Promise<Shown> {
	if (page === null) return { facts: silent(scene), parts: [] };
	const { session, frameId, clock, budget } = scene;
	const parts: Part[] = [
		{ kind: "markup", number: 0, mediaType: "text/plain; charset=utf-8", bytes: Buffer.from(page.markup.toWellFormed(), "utf8") },
		{ kind: "text", number: 0, mediaType: "text/plain; charset=utf-8", bytes: Buffer.from(page.text.toWellFormed(), "utf8") },
	];
	const [window, icon] = await Promise.all([windowShot(scene), page.icon === "" ? null : favicon(session, frameId, page.icon, clock, budget)]);
	// A page that was seen was visited, whatever becomes of the browser now.
	const broken = window === null ? brokenDown(scene) : null;
	const long = await fullPageShot(scene, window);
	for (const each of [window, long.part, icon?.part]) if (each != null) parts.push(each);
	const facts: Partial<CaptureResult> = { title: page.title, encoding: page.encoding.toLowerCase(), favicon: icon?.icon ?? null, fullPage: long.fullPage };
	if (/^https?:/.test(page.url)) facts.finalUrl = kept(page.url, MAX_URL);
	return { facts: broken === null ? facts : { ...facts, outcome: "failed", reason: broken }, parts };
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

/** What a visit came to by the answer of its address alone. */
function answeredBy(scene: Scene, document: Document | null, url: string, answered: Answered): Shown {
	if (document === null) return { facts: { ...failed(scene, url, answered), finalUrl: kept(scene.main.hops.at(-1)?.url ?? url, MAX_URL) }, parts: [] };
	const parts: Part[] = document.content.length > 0 ? [{ kind: "content", number: 0, mediaType: document.mediaType, bytes: document.content }] : [];
	const facts = { outcome: document.rendered ? ("rendered" as const) : ("fetched" as const), finalUrl: kept(document.url, MAX_URL), response: document.response, ...tooMuch(scene) };
	const broken = document.rendered ? null : scene.browser.ended();
	return { facts: broken === null ? facts : { ...facts, outcome: "failed", reason: broken }, parts };
}

/** Gathers what a visit left, in an order that gets the most out of a page that may stop answering. */
export async function collected(scene: Scene, url: string, answered: Answered): Promise<Visit> {
	const { main, record, proxy, judge, clock, budget, control, contextId, certificates, downloads, session, frameId } = scene;
	const document = main.current;
	const answer = answeredBy(scene, document, url, answered);
	// Before the pictures: a page can be made so that drawing it ends the browser, and what it dropped until then is evidence all the same.
	const [cookies, files, certified, page] = await Promise.all([
		clock.within(control.send("Storage.getCookies", contextId === undefined ? {} : { browserContextId: contextId }), budget.stepMs),
		saved(scene),
		clock.within(certificates.of(document?.url ?? url), budget.stepMs),
		document?.rendered === true ? readPage(session, frameId, clock, budget) : null,
	]);
	const shown = document?.rendered === true ? await shownByPage(scene, page) : { facts: {}, parts: [] };
	await record.complete(judge);
	const found = cookies?.cookies ?? [];
	const result: CaptureResult = {
		...emptyResult(kept(url, MAX_URL), "failed", null),
		...answer.facts,
		...shown.facts,
		hops: main.hops,
		certificate: certified?.certificate ?? null,
		cookies: found.slice(0, MAX_COOKIES).map(cookie),
		downloads: files.downloads,
		requests: record.requests,
		console: record.console,
		dialogs: record.dialogs,
		popups: record.popups,
		more: {
			...record.more,
			hops: main.hopsMore,
			headers: document?.headersMore ?? 0,
			names: certified?.namesMore ?? 0,
			cookies: Math.max(0, found.length - MAX_COOKIES),
			downloads: downloads.more,
		},
		tookMs: clock.at(),
		wireBytes: proxy.bytes,
	};
	return { result, parts: [...answer.parts, ...files.parts, ...shown.parts] };
}

/** What was cut, in words. */
function tooMuch({ main, proxy, budget }: Scene): { reason: string | null } {
	if (proxy.exhausted) return { reason: `more than ${Math.round(budget.wireBytes / 1_000_000)} MB were sent, the rest is missing` };
	return { reason: main.current?.fault ?? null };
}

/** A page that lets questions pass. */
function silent(scene: Scene): Failure {
	const broken = brokenDown(scene);
	if (broken !== null) return { outcome: "failed", reason: broken };
	return { outcome: "timeout", reason: scene.clock.left() === 0 ? "the time was up before the page could be looked at" : "the page keeps the browser busy without end, so there is no picture of it" };
}
