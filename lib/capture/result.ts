/** How a capture is doing. `done` is told by its outcome. */
export const CAPTURE_STATES = ["queued", "resolving", "visiting", "storing", "done"] as const;
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** `rendered`: in the browser. `fetched`: not a page, so its bytes were kept and nothing ran. The others say why there is nothing. */
export const OUTCOMES = ["rendered", "fetched", "blocked", "unresolved", "failed", "timeout"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** As whom the browser comes. */
export const PROFILES = ["desktop", "phone"] as const;
export type Profile = (typeof PROFILES)[number];

export interface Hop {
	url: string;
	status: number;
	/** how the next one was named: a header, a meta element, a script */
	by: "location" | "refresh" | "page";
	address: string | null;
}

export interface SeenRequest {
	url: string;
	method: string;
	/** document, script, image … as the browser calls it */
	kind: string;
	status: number | null;
	mediaType: string | null;
	/** bytes of the body on the wire, where they are known */
	bytes: number | null;
	/** the address that was dialled */
	address: string | null;
	/** milliseconds after the start */
	at: number;
	/** why there was no answer: refused by our guard, or what the network said */
	failure: { by: "guard" | "network" | "budget"; reason: string } | null;
}

export interface Certificate {
	subject: string;
	issuer: string;
	names: string[];
	validFrom: string;
	validTo: string;
	/** SHA-256, 64 hex, lower case */
	fingerprint: string;
	protocol: string;
	/** why a browser would not trust it, null where it would */
	fault: string | null;
}

export interface Download {
	url: string;
	/** as the server named it: shown, never used as a path */
	name: string;
	mediaType: string | null;
	bytes: number;
	sha256: string;
	/** false: too large to keep, or cut */
	kept: boolean;
}

/** Lists that have a cap: what the page did, `headers` of the response, `names` of the certificate. */
export type Listed = "hops" | "headers" | "names" | "requests" | "console" | "cookies" | "downloads" | "dialogs" | "popups";

/** Everything a visit says, but for the bytes. Texts are the target's own: plain text, cut to sane lengths. */
export interface CaptureResult {
	outcome: Outcome;
	/** in words, where the outcome needs them */
	reason: string | null;
	finalUrl: string;
	hops: Hop[];
	response: {
		status: number;
		contentType: string | null;
		/** bytes of the content after its encoding; a floor where `truncated` */
		bytes: number;
		truncated: boolean;
		server: string | null;
		lastModified: string | null;
		/** SHA-256 of the content, 64 hex; null where it was not read whole */
		sha256: string | null;
		/** every header as it came, in its order */
		headers: Array<[name: string, value: string]>;
		address: string | null;
	} | null;
	/** from the page, or from the markup in its own encoding */
	title: string | null;
	encoding: string | null;
	certificate: Certificate | null;
	/** in order */
	requests: SeenRequest[];
	console: Array<{ level: string; text: string }>;
	cookies: Array<{ name: string; value: string; domain: string; path: string; expires: string | null; secure: boolean; httpOnly: boolean; sameSite: string | null }>;
	/** SHA-256 and the MurmurHash3 that Shodan and others index (`http.favicon.hash`) */
	favicon: { url: string; sha256: string; mmh3: number; bytes: number } | null;
	downloads: Download[];
	dialogs: Array<{ kind: string; text: string }>;
	/** windows the page wanted to open */
	popups: string[];
	/** of each list, how many there were beyond those that are listed */
	more: Record<Listed, number>;
	/** how the picture of the whole page came out, null where no page was shown */
	fullPage: {
		/** CSS pixels from the page's top to its end */
		height: number;
		/** how many of them are in the picture, from the top: 0 where it is lost */
		shown: number;
		/** why there is none, in words */
		lost: string | null;
	} | null;
	/** milliseconds from start to end */
	tookMs: number;
	/** bytes over the wire in all */
	wireBytes: number;
}

const NO_MORE: Readonly<CaptureResult["more"]> = { hops: 0, headers: 0, names: 0, requests: 0, console: 0, cookies: 0, downloads: 0, dialogs: 0, popups: 0 };

/** A result of which nothing is known yet. */
export function emptyResult(finalUrl: string, outcome: Outcome, reason: string | null): CaptureResult {
	return {
		outcome,
		reason,
		finalUrl,
		hops: [],
		response: null,
		title: null,
		encoding: null,
		certificate: null,
		requests: [],
		console: [],
		cookies: [],
		favicon: null,
		downloads: [],
		dialogs: [],
		popups: [],
		more: { ...NO_MORE },
		fullPage: null,
		tookMs: 0,
		wireBytes: 0,
	};
}

/** A result as it was stored. Early ones counted requests alone and did not speak of the long picture. */
export function storedResult(text: string): CaptureResult {
	const {
		requestsMore = 0,
		more = {},
		fullPage = null,
		...said
	} = JSON.parse(text) as Omit<CaptureResult, "more" | "fullPage"> & {
		requestsMore?: number;
		more?: Partial<CaptureResult["more"]>;
		fullPage?: CaptureResult["fullPage"];
	};
	return { ...said, more: { ...NO_MORE, requests: requestsMore, ...more }, fullPage };
}

/** Bytes of a capture, by what they are. */
export const PARTS = ["screenshot", "full-page", "content", "markup", "text", "favicon", "download"] as const;
export type PartKind = (typeof PARTS)[number];

export interface Part {
	kind: PartKind;
	/** 0, or the number of the download */
	number: number;
	mediaType: string;
	bytes: Buffer;
}
