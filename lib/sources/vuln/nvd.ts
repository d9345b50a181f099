import { readFeed } from "@/lib/net";
import { defineRecordSource, PullFailure, type PullTools, type ReadItem, type RecordBody, type Slice, type VulnItem } from "../record";
import { numberOf, textOf } from "../text";
import { nvdItem } from "./nvd-cve";

const API = "https://services.nvd.nist.gov/rest/json/cves/2.0";
const PAGE = 2000;
const DAY_MS = 86_400_000;
/** The API refuses longer ranges. */
const WINDOW_MS = 120 * DAY_MS;
/** Records become visible some time after their own date of change, so each window begins a little before the last one's end. */
const OVERLAP_MS = 6 * 3_600_000;
/** Between two requests: 5 in 30 seconds are allowed without a key, 50 with one. */
const SPACING_MS = { anonymous: 6000, keyed: 600 } as const;
/** After "too many requests" the count starts anew in this time. */
const PENALTY_MS = 30_000;

/** A range of "last modified" that is being read page by page. */
type Window = {
	start: string;
	end: string;
	index: number;
	/** as the last page said; null before the first */
	total: number | null;
	/** reads what lies before everything read so far */
	back: boolean;
};

type NvdMark = {
	/** everything modified from `from` up to `upTo` is stored */
	from: string;
	upTo: string;
	window: Window | null;
	/** start of the run that asked last: its first request need not wait */
	run: string;
};

interface Page {
	entries: readonly unknown[];
	total: number;
}

function openWindow(start: number, end: number, back: boolean): Window {
	return { start: new Date(start).toISOString(), end: new Date(end).toISOString(), index: 0, total: null, back };
}

/** What is to be read next: the window left open, what was modified since, then what lies before as far as the operator wants. */
function nextWindow(mark: NvdMark | null, tools: PullTools): Window | null {
	const now = tools.now.getTime();
	if (mark === null) return openWindow(now - WINDOW_MS, now, false);
	if (mark.window !== null) return mark.window;
	const upTo = Date.parse(mark.upTo);
	if (upTo < now) return openWindow(upTo - OVERLAP_MS, Math.min(upTo - OVERLAP_MS + WINDOW_MS, now), false);
	const from = Date.parse(mark.from);
	const since = tools.since?.getTime() ?? from;
	return since < from ? openWindow(Math.max(since, from - WINDOW_MS), from, true) : null;
}

function address({ start, end, index }: Window): string {
	const zoned = (time: string): string => time.replace("Z", "+00:00");
	return `${API}?${new URLSearchParams({ lastModStartDate: zoned(start), lastModEndDate: zoned(end), resultsPerPage: String(PAGE), startIndex: String(index) })}`;
}

/** A refused key and a refused range come as 404 with the reason in a header, too many requests as 403. */
function explained(failure: PullFailure, keyed: boolean): PullFailure {
	if (failure.status === 404) return new PullFailure(`NVD refuses the request${keyed ? ": check the NVD_KEY, it may be wrong or expired" : ""}. ${failure.message}`, 404, failure.retryAfter);
	if (failure.status === 403 || failure.status === 429) {
		return new PullFailure(
			`NVD allows no more requests for now${keyed ? "" : "; a free NVD_KEY allows ten times as many"}. ${failure.message}`,
			failure.status,
			failure.retryAfter ?? PENALTY_MS / 1000,
		);
	}
	return failure;
}

async function ask(window: Window, tools: PullTools): Promise<Page> {
	const request = { url: address(window), timeoutMs: 50_000, ...(tools.secret === undefined ? {} : { headers: { apiKey: tools.secret } }) };
	for (let turn = 0; ; turn++) {
		try {
			return pageOf(await (await tools.fetch(request)).json());
		} catch (error) {
			if (!(error instanceof PullFailure)) throw error;
			const limited = error.status === 403 || error.status === 429;
			if (!limited || turn > 0 || tools.secondsLeft() * 1000 < 2 * PENALTY_MS) throw explained(error, tools.secret !== undefined);
			await tools.sleep(PENALTY_MS);
		}
	}
}

function pageOf(json: unknown): Page {
	const total = numberOf(json, "totalResults");
	const entries = typeof json === "object" && json !== null ? (json as { vulnerabilities?: unknown }).vulnerabilities : undefined;
	if (total === undefined || !Array.isArray(entries)) {
		const said = textOf(json, "message") ?? textOf(json, "error") ?? Object.keys(Object(json)).slice(0, 5).join(", ");
		throw new PullFailure(`NVD answered something that is no page of CVEs${said === "" ? "" : ` (${said.slice(0, 120)})`}.`);
	}
	return { entries, total };
}

/**
 * The window after a page. A record that is changed while the pages are read leaves the window, and all behind it move up by
 * one: as many as have left are read again, else as many would be missed.
 */
function advanced(window: Window, page: Page): Window | null {
	const left = window.total === null ? 0 : Math.max(0, window.total - page.total);
	const index = Math.max(0, window.index + page.entries.length - left);
	if (page.entries.length === 0 && window.index < page.total) {
		throw new PullFailure(`NVD sent an empty page at ${window.index.toLocaleString("en")} of ${page.total.toLocaleString("en")} CVEs. It goes on there at the next run.`);
	}
	return index >= page.total ? null : { ...window, index, total: page.total };
}

function closed(mark: NvdMark | null, window: Window, run: string): NvdMark {
	if (mark === null) return { from: window.start, upTo: window.end, window: null, run };
	return window.back ? { ...mark, from: window.start, window: null, run } : { ...mark, upTo: window.end, window: null, run };
}

function opened(mark: NvdMark | null, window: Window, run: string): NvdMark {
	// Before the first window is closed nothing is complete: both ends stand at its beginning.
	return mark === null ? { from: window.start, upTo: window.start, window, run } : { ...mark, window, run };
}

async function next(mark: NvdMark | null, tools: PullTools): Promise<Slice<VulnItem, NvdMark>> {
	const run = tools.now.toISOString();
	const window = nextWindow(mark, tools);
	if (window === null) return { items: [], mark: mark as NvdMark, done: true, note: "Nothing to read." };
	const spacing = tools.secret === undefined ? SPACING_MS.anonymous : SPACING_MS.keyed;
	if (mark?.run === run) {
		const left = tools.secondsLeft() * 1000;
		await tools.sleep(Math.min(spacing, left));
		if (left <= spacing) return { items: [], mark, done: false };
	}
	const page = await ask(window, tools);
	const items = page.entries.map((entry, at): ReadItem<VulnItem> => nvdItem(entry, `${window.index + at + 1} of ${page.total}`));
	const rest = advanced(window, page);
	const after = rest === null ? closed(mark, window, run) : opened(mark, rest, run);
	const number = (value: number): string => value.toLocaleString("en");
	const range = `${window.start.slice(0, 10)} to ${window.end.slice(0, 10)}`;
	const note = rest === null ? `${number(page.total)} CVEs modified ${range}` : `${number(rest.index)} of ${number(page.total)} CVEs modified ${range}`;
	return { items, mark: after, done: nextWindow(after, tools) === null, note };
}

async function* parse({ bytes, contentType }: RecordBody): AsyncGenerator<ReadItem<VulnItem>> {
	for await (const item of readFeed(bytes, { kind: "json", root: ["vulnerabilities"] }, contentType === undefined ? {} : { contentType })) {
		yield item.ok ? nvdItem(item.record.json, String(item.record.line)) : { ok: false, where: String(item.line), reason: item.reason, excerpt: item.excerpt };
	}
}

/**
 * Every CVE, from NVD. The first run reads what was modified in the last 120 days (the longest range the API takes), later ones
 * what was modified since. NVD rewrites old records in masses: a window can hold a hundred thousand.
 * @see https://nvd.nist.gov/developers/vulnerabilities
 */
export const nvd = defineRecordSource<"vuln", NvdMark>({
	id: "nvd",
	name: "NVD",
	number: 1501,
	tracker: "vuln",
	homepage: "https://nvd.nist.gov/",
	secret: { name: "nvdKey", required: false },
	everyMinutes: 120,
	licence: {
		name: "NVD, public domain",
		url: "https://nvd.nist.gov/developers/terms-of-use",
		redistributable: true,
		attribution: "This product uses the NVD API but is not endorsed or certified by the NVD.",
	},
	reading: { mode: "pull", next, parse },
});
