import type { Cost } from "@/lib/auth";
import { ExistError } from "@/lib/errors";
import { knowAddedFeeds } from "@/lib/feeds";
import { type AnyTracker, type BaseQuery, type CsvColumn, count, exportEnd, get, list, MAX_OFFSET, readParameter, stream, trackerByResource } from "@/lib/trackers";
import { fieldPicker, fieldsParameter, wantedFormat } from "./answer-parameters";
import { csvOf } from "./csv";
import { json } from "./handler";
import { publicOrigin } from "./origin";
import { streamed } from "./stream";

/** Rows of one export; it says where the next one goes on. */
export const MAX_EXPORT = 500_000;

function link(url: URL, origin: string, change: Record<string, string | null>): string {
	const next = new URL(`${url.pathname.replace(/\/+$/, "")}${url.search}`, origin);
	for (const [name, value] of Object.entries(change)) {
		if (value === null) next.searchParams.delete(name);
		else next.searchParams.set(name, value);
	}
	return next.href;
}

function neighbours(url: URL, origin: string, query: BaseQuery, page: { next: string | null; previous: string | null }) {
	const offset = query.offset ?? 0;
	if (query.cursor !== undefined) {
		return {
			next: page.next === null ? null : link(url, origin, { cursor: page.next, offset: null }),
			previous: page.previous === null ? null : link(url, origin, { cursor: page.previous, offset: null }),
		};
	}
	const deeper = offset + query.limit;
	const further = deeper > MAX_OFFSET ? { cursor: page.next, offset: null } : { offset: String(deeper), limit: String(query.limit) };
	const before = offset - query.limit;
	return {
		next: page.next === null ? null : link(url, origin, further),
		previous: offset === 0 ? null : link(url, origin, before > 0 ? { offset: String(before), limit: String(query.limit) } : { offset: null, limit: String(query.limit) }),
	};
}

async function* ndjsonOf(rows: AsyncIterable<unknown>, toItem: (row: unknown) => Record<string, unknown>): AsyncGenerator<string> {
	let chunk = "";
	for await (const row of rows) {
		chunk += `${JSON.stringify(toItem(row))}\n`;
		if (chunk.length > 64_000) {
			yield chunk;
			chunk = "";
		}
	}
	if (chunk !== "") yield chunk;
}

/** The columns of a CSV export; `fields` names them by their headers. */
function csvColumns(tracker: AnyTracker, params: URLSearchParams): ReadonlyArray<CsvColumn<unknown>> {
	const headers = tracker.csv.map(({ header }) => header);
	const fields = readParameter(fieldsParameter(headers), params);
	return fields === undefined ? tracker.csv : fields.flatMap((name) => tracker.csv.filter(({ header }) => header === name));
}

/** The tracker behind a resource's name. Throws `not_found`. */
function resource(name: string | undefined): AnyTracker {
	const tracker = trackerByResource(name ?? "");
	if (tracker === undefined) throw new ExistError("not_found", "Not found.");
	return tracker;
}

/** Parameters of any resource whose answer reads texts. */
const WORDS = ["search", "keyword", "attr"] as const;

/** What a request for a list costs: exports read and send far more than a page, words read more than a page shows. */
export function listCost(request: Request): Cost {
	try {
		if (wantedFormat(request) !== "json") return "export";
		const { searchParams } = new URL(request.url);
		return WORDS.some((name) => (searchParams.get(name) ?? "") !== "") ? "search" : "read";
	} catch {
		// The answer will be a refusal.
		return "read";
	}
}

/** What an export says of its end before it begins: how many rows it may have, and where the next one goes on. */
function exportHeaders(next: string | null, request: Request, max: number): Record<string, string> {
	const url = new URL(request.url);
	return { "x-export-limit": String(max), ...(next === null ? {} : { link: `<${link(url, publicOrigin(request), { cursor: next, offset: null })}>; rel="next"` }) };
}

/** A resource's list as the original's envelope, or as CSV or NDJSON where that is asked for. */
export async function listResponse(name: string | undefined, request: Request, maxExport = MAX_EXPORT): Promise<Response> {
	const tracker = resource(name);
	await knowAddedFeeds();
	const url = new URL(request.url);
	const format = wantedFormat(request);
	const query = tracker.parse(url.searchParams);
	const next = format === "json" || request.method === "HEAD" ? null : await exportEnd(tracker, query, maxExport);
	if (format === "csv") {
		const columns = csvColumns(tracker, url.searchParams);
		return streamed(request, () => csvOf(columns, stream(tracker, query, next)), {
			...exportHeaders(next, request, maxExport),
			"content-type": "text/csv; charset=utf-8; header=present",
			"content-disposition": `attachment; filename="exist-${tracker.resource}.csv"`,
		});
	}
	const pick = fieldPicker(tracker, url.searchParams);
	const toItem = (row: unknown) => pick(tracker.toApi(row));
	if (format === "ndjson") {
		return streamed(request, () => ndjsonOf(stream(tracker, query, next), toItem), {
			...exportHeaders(next, request, maxExport),
			"content-type": "application/x-ndjson; charset=utf-8",
		});
	}
	const [page, total] = await Promise.all([list(tracker, query), count(tracker, query)]);
	const body = { count: total.count, ...neighbours(url, publicOrigin(request), query, page), results: page.rows.map(toItem) };
	return json(request, body, total.estimated ? { "x-total-estimated": "true" } : {});
}

/** One record of a resource. Throws `not_found`. */
export async function itemResponse(name: string | undefined, id: string | undefined, request: Request): Promise<Response> {
	const tracker = resource(name);
	const pick = fieldPicker(tracker, new URL(request.url).searchParams);
	await knowAddedFeeds();
	const row = await get(tracker, id ?? "");
	if (row === null) throw new ExistError("not_found", "Not found.");
	return json(request, pick(tracker.toApi(row)));
}
