import { ExistError, shown } from "@/lib/errors";
import { type BaseQuery, count, list, MAX_OFFSET, stream, type Tracker } from "@/lib/trackers";
import { csvOf } from "./csv";
import { json } from "./handler";
import { publicOrigin } from "./origin";
import { streamed } from "./stream";

type AnyTracker<Q extends BaseQuery, R extends { id: string }> = Tracker<Q, R>;

/** Rows of one export. More is for the bulk interfaces. */
const MAX_EXPORT = 500_000;

function wanted(request: Request, url: URL): "json" | "csv" | "ndjson" {
	const format = url.searchParams.get("format");
	if (format === "csv" || format === "ndjson" || format === "json") return format;
	if (format !== null && format !== "") throw new ExistError("invalid", `format="${shown(format, 20)}" is not offered: give json, csv or ndjson.`, { field: "format" });
	const accept = request.headers.get("accept") ?? "";
	if (accept.includes("text/csv")) return "csv";
	return accept.includes("application/x-ndjson") ? "ndjson" : "json";
}

function picker(url: URL): (item: Record<string, unknown>) => Record<string, unknown> {
	const fields = (url.searchParams.get("fields") ?? "")
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name !== "");
	if (fields.length === 0) return (item) => item;
	return (item) => {
		for (const name of fields) {
			if (!Object.hasOwn(item, name)) throw new ExistError("invalid", `fields names "${shown(name, 30)}", which is no field. Fields are ${Object.keys(item).join(", ")}.`, { field: "fields" });
		}
		return Object.fromEntries(fields.map((name) => [name, item[name]]));
	};
}

function link(url: URL, origin: string, change: Record<string, string | null>): string {
	const next = new URL(`${url.pathname}${url.search}`, origin);
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

async function* ndjsonOf<R>(rows: AsyncIterable<R>, toItem: (row: R) => Record<string, unknown>): AsyncGenerator<string> {
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

/** A tracker's list as the original's envelope, or as CSV or NDJSON where that is asked for. */
export async function listResponse<Q extends BaseQuery, R extends { id: string }>(tracker: AnyTracker<Q, R>, request: Request): Promise<Response> {
	const url = new URL(request.url);
	const format = wanted(request, url);
	const query = tracker.parse(url.searchParams);
	const pick = picker(url);
	if (format === "csv") {
		return streamed(csvOf(tracker.csv, stream(tracker, query, MAX_EXPORT)), {
			"content-type": "text/csv; charset=utf-8; header=present",
			"content-disposition": `attachment; filename="exist-${tracker.resource}.csv"`,
		});
	}
	if (format === "ndjson") {
		return streamed(
			ndjsonOf(stream(tracker, query, MAX_EXPORT), (row) => pick(tracker.toApi(row))),
			{ "content-type": "application/x-ndjson; charset=utf-8" },
		);
	}
	const [page, total] = await Promise.all([list(tracker, query), count(tracker, query)]);
	const origin = publicOrigin(request);
	const body = { count: total.count, ...neighbours(url, origin, query, page), results: page.rows.map((row) => pick(tracker.toApi(row))) };
	return json(request, body, total.estimated ? { "x-total-estimated": "true" } : {});
}
