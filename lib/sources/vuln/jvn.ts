import { readXml, SuspectBody, type XmlElement } from "@/lib/net";
import { defineRecordSource, type PullAnswer, PullFailure, type PullTools, type ReadItem, type RecordBody, type Slice, type VulnItem } from "../record";
import { jvnDetail } from "./jvn-detail";
import { jvnEntry, localName } from "./jvn-item";

/** What is new or changed (some days back), and what is new. */
const FEEDS = ["https://jvndb.jvn.jp/ja/rss/jvndb.rdf", "https://jvndb.jvn.jp/ja/rss/jvndb_new.rdf"] as const;
const API = "https://jvndb.jvn.jp/myjvn";
/** Most entries the API's list gives at once, and ids that are asked for in one request of details. */
const LIST_PAGE = 50;
const DETAILS = 10;
const DETAIL_REQUESTS = 5;
/** The API sets no limit and asks for moderation. */
const SPACING_MS = 1000;
/** How far the first run reads the list back. */
const FIRST_DAYS = 30;
/** With more details owed than this, the list waits: the mark is written with every slice. */
const MAX_OWED = 500;
const DAY_MS = 86_400_000;
const STATUS = "status:Status";

type JvnMark = {
	/** start of the run that asked last */
	run: string;
	/** validators by feed */
	feeds: { [url: string]: { etag?: string; lastModified?: string } };
	/** what the feeds showed last: date of change by name */
	shown: { [name: string]: string };
	/** newest date of change that a feed showed */
	newest: string | null;
	/** the list being read by date of change, days in Japan; it closes a gap between the feed and what is stored */
	list: { from: string; to: string; start: number } | null;
	/** day in Japan since which the list was read; null before it was */
	from: string | null;
	/** names whose details are still to be fetched */
	owed: string[];
};

type JvnSlice = Slice<VulnItem, JvnMark>;
const EMPTY: JvnMark = { run: "", feeds: {}, shown: {}, newest: null, list: null, from: null, owed: [] };

/** The API answers a refused request with status 200 and a code. */
function checkStatus({ attributes }: XmlElement): void {
	if (attributes.retCd === "0") return;
	const told = [attributes.errMsg, attributes.errCd === undefined || attributes.errCd === "" ? undefined : `code ${attributes.errCd}`].filter((part) => part !== undefined && part !== "").join(", ");
	throw new PullFailure(`MyJVN refuses the request (retCd ${(attributes.retCd ?? "is missing").slice(0, 20)}${told === "" ? "" : `: ${told.slice(0, 200)}`}).`);
}

function elements(answer: Pick<PullAnswer, "bytes" | "headers">, names: readonly string[]): AsyncGenerator<XmlElement> {
	const contentType = answer.headers["content-type"];
	return readXml(answer.bytes, names, { ...(contentType === undefined ? {} : { contentType }), maxElement: 4 * 1024 * 1024 });
}

interface FeedResult {
	items: ReadItem<VulnItem>[];
	validators: { etag?: string; lastModified?: string };
}

async function readRss(url: string, known: JvnMark["feeds"][string] | undefined, tools: PullTools): Promise<FeedResult | null> {
	const answer = await tools.fetch({ url, ...known });
	if (answer.status === 304) return null;
	const items: ReadItem<VulnItem>[] = [];
	for await (const element of elements(answer, ["item"])) items.push(jvnEntry(element, items.length + 1));
	if (items.length === 0) throw new SuspectBody(`The feed ${url} has no entries.`);
	const { etag, "last-modified": lastModified } = answer.headers;
	return { items, validators: { ...(etag === undefined ? {} : { etag }), ...(lastModified === undefined ? {} : { lastModified }) } };
}

/** A day in Japan, which is what the API's dates mean. */
function dayInJapan(time: number): string {
	return new Date(time + 9 * 3_600_000).toISOString().slice(0, 10);
}

/**
 * What must be read from the list beside the feeds: at the first run some weeks; later where the oldest entry of the feed of
 * changes is newer than the newest known, so that entries may have come and gone between two runs; and what an operator wants
 * of the time before. `from`: the day since which nothing is missing once that is read.
 */
function gap(mark: JvnMark, oldest: number | undefined, tools: PullTools): Pick<JvnMark, "list" | "from"> {
	const { from } = mark;
	if (mark.list !== null) return { list: mark.list, from };
	const since = dayInJapan((tools.since ?? new Date(tools.now.getTime() - FIRST_DAYS * DAY_MS)).getTime());
	const today = dayInJapan(tools.now.getTime());
	if (mark.newest === null || from === null) return { list: { from: since, to: today, start: 1 }, from: since };
	const newest = Date.parse(mark.newest);
	if (oldest !== undefined && oldest > newest) return { list: { from: dayInJapan(newest), to: today, start: 1 }, from };
	return tools.since !== undefined && since < from ? { list: { from: since, to: from, start: 1 }, from: since } : { list: null, from };
}

async function feedSlice(mark: JvnMark, tools: PullTools): Promise<JvnSlice> {
	const feeds = { ...mark.feeds };
	const shown: { [name: string]: string } = {};
	const items: ReadItem<VulnItem>[] = [];
	let oldest: number | undefined;
	let all = true;
	for (const url of FEEDS) {
		const read = await readRss(url, mark.feeds[url], tools);
		all &&= read !== null;
		if (read === null) continue;
		feeds[url] = read.validators;
		for (const one of read.items) {
			if (!one.ok) {
				items.push(one);
				continue;
			}
			const { name, modified } = one.item;
			const time = modified.toISOString();
			if (url === FEEDS[0]) oldest = Math.min(oldest ?? modified.getTime(), modified.getTime());
			if (mark.shown[name] !== time && shown[name] === undefined) items.push(one);
			shown[name] = time;
		}
	}
	const changed = items.flatMap((one) => (one.ok ? [one.item.name] : []));
	// A feed that did not change was not read: what it shows is still what it showed.
	const after: JvnMark = {
		...mark,
		run: tools.now.toISOString(),
		feeds,
		shown: all ? shown : { ...mark.shown, ...shown },
		newest: Object.values(shown).reduce<string | null>((newest, time) => (newest === null || time > newest ? time : newest), mark.newest),
		...gap(mark, oldest, tools),
		owed: [...new Set([...mark.owed, ...changed])],
	};
	return { items, mark: after, done: over(after), note: changed.length === 0 ? "Nothing new in the feeds." : `${changed.length} new or changed in the feeds` };
}

function listAddress({ from, to, start }: NonNullable<JvnMark["list"]>): string {
	const day = (which: string, text: string): Array<[string, string]> => {
		const [year, month, date] = text.split("-").map((part) => String(Number(part)));
		return [
			[`datePublished${which}Y`, year as string],
			[`datePublished${which}M`, month as string],
			[`datePublished${which}D`, date as string],
		];
	};
	// "n" turns off the ranges of a week that apply where nothing is said. "datePublished" is the API's name for the date of change.
	const query = new URLSearchParams([
		["method", "getVulnOverviewList"],
		["feed", "hnd"],
		["lang", "ja"],
		["rangeDatePublic", "n"],
		["rangeDatePublished", "n"],
		["rangeDateFirstPublished", "n"],
		...day("Start", from),
		...day("End", to),
		["startItem", String(start)],
		["maxCountItem", String(LIST_PAGE)],
	]);
	return `${API}?${query}`;
}

async function listSlice(mark: JvnMark, list: NonNullable<JvnMark["list"]>, tools: PullTools): Promise<JvnSlice> {
	const answer = await tools.fetch({ url: listAddress(list) });
	const items: ReadItem<VulnItem>[] = [];
	let total: number | undefined;
	for await (const element of elements(answer, ["item", STATUS])) {
		if (localName(element) !== "Status") items.push(jvnEntry(element, list.start + items.length));
		else {
			checkStatus(element);
			total = Number(element.attributes.totalRes);
		}
	}
	if (total === undefined || !Number.isSafeInteger(total)) throw new PullFailure("MyJVN's list does not say how many entries there are: its format changed.");
	const start = list.start + items.length;
	if (items.length === 0 && start <= total) throw new PullFailure(`MyJVN's list is empty at entry ${start} of ${total}. It goes on there at the next run.`);
	const owed = items.flatMap((one) => (one.ok ? [one.item.name] : []));
	const after: JvnMark = { ...mark, list: start > total ? null : { ...list, start }, owed: [...new Set([...mark.owed, ...owed])] };
	return { items, mark: after, done: over(after), note: `${Math.min(start - 1, total)} of ${total} in the list since ${list.from}` };
}

/** Details of some names. A document that cannot be read is asked for name by name, so that one record does not hide nine. */
async function details(names: readonly string[], tools: PullTools): Promise<ReadItem<VulnItem>[]> {
	const url = `${API}?method=getVulnDetailInfo&feed=hnd&lang=ja&vulnId=${names.join("+")}`;
	const items: ReadItem<VulnItem>[] = [];
	try {
		for await (const element of elements(await tools.fetch({ url }), ["Vulinfo", STATUS])) {
			if (localName(element) === "Status") checkStatus(element);
			else items.push(jvnDetail(element, items.length + 1));
		}
		return items;
	} catch (error) {
		if (!(error instanceof SuspectBody)) throw error;
		const [only] = names;
		if (names.length === 1 && only !== undefined) return [{ ok: false, where: only, reason: `its details cannot be read: ${error.message}`, excerpt: url }];
	}
	const found: ReadItem<VulnItem>[] = [];
	for (const name of names) {
		await tools.sleep(SPACING_MS);
		found.push(...(await details([name], tools)));
	}
	return found;
}

async function detailSlice(mark: JvnMark, tools: PullTools): Promise<JvnSlice> {
	const items: ReadItem<VulnItem>[] = [];
	let owed = mark.owed;
	for (let turn = 0; turn < DETAIL_REQUESTS && owed.length > 0; turn++) {
		if (turn > 0) {
			if (tools.secondsLeft() * 1000 < 5 * SPACING_MS) break;
			await tools.sleep(SPACING_MS);
		}
		try {
			items.push(...(await details(owed.slice(0, DETAILS), tools)));
		} catch (error) {
			// What was fetched before is stored first; the next slice meets the failure again and ends the run with it.
			if (turn > 0 && error instanceof PullFailure) break;
			throw error;
		}
		owed = owed.slice(DETAILS);
	}
	const after: JvnMark = { ...mark, owed };
	return { items, mark: after, done: over(after), note: owed.length === 0 ? `Details of ${items.length}` : `Details of ${items.length}, ${owed.length} to go` };
}

function over(mark: JvnMark): boolean {
	return mark.list === null && mark.owed.length === 0;
}

async function next(mark: JvnMark | null, tools: PullTools): Promise<JvnSlice> {
	const known = mark ?? EMPTY;
	if (known.run !== tools.now.toISOString()) return feedSlice(known, tools);
	if (known.list !== null && known.owed.length < MAX_OWED) return listSlice(known, known.list, tools);
	return known.owed.length > 0 ? detailSlice(known, tools) : { items: [], mark: known, done: true };
}

async function* parse({ bytes, contentType }: RecordBody): AsyncGenerator<ReadItem<VulnItem>> {
	let at = 0;
	const answer = { bytes, headers: contentType === undefined ? {} : { "content-type": contentType } };
	for await (const element of elements(answer, ["item", "Vulinfo"])) yield localName(element) === "item" ? jvnEntry(element, ++at) : jvnDetail(element, ++at);
}

/**
 * JVN iPedia, in Japanese. Its feeds say what is new or changed, and are stored as they are; then the API (MyJVN) is asked for
 * each record's details. Where the API is not to be reached the run fails, what the feeds told stays and the details stay owed.
 * @see https://jvndb.jvn.jp/apis/
 */
export const jvn = defineRecordSource<"vuln", JvnMark>({
	id: "jvn",
	name: "JVN",
	number: 1502,
	tracker: "vuln",
	homepage: "https://jvndb.jvn.jp/",
	everyMinutes: 60,
	formerNumbers: [201],
	licence: {
		name: "JVN iPedia and MyJVN terms of IPA",
		url: "https://jvndb.jvn.jp/apis/termsofuse.html",
		redistributable: false,
		attribution: "Vulnerability countermeasure information by JVN iPedia, IPA and JPCERT/CC.",
	},
	reading: { mode: "pull", next, parse },
});
