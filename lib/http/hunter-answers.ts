import { ExistError, toProblem } from "@/lib/errors";
import { streamHits } from "@/lib/hunters";
import { backtest } from "@/lib/hunters/backtest";
import type { Hit, Hunter } from "@/lib/hunters/hunter";
import { knownKind, soundQuery } from "@/lib/hunters/reading";
import { log, places } from "@/lib/platform";
import type { CsvColumn } from "@/lib/trackers";
import { jsonBody } from "./body";
import { csvOf } from "./csv";
import type { HandlerContext } from "./handler";
import { backtestEndpoint } from "./hunter-endpoints";
import { backtestJson } from "./hunter-shapes";
import { publicOrigin } from "./origin";
import { streamed, untilDone } from "./stream";

/** Lines while they are found. A failure amid them becomes the last line, since the status is long sent. */
async function* linesOf(found: AsyncIterable<object>): AsyncGenerator<string> {
	let begun = false;
	try {
		for await (const line of found) {
			yield `${JSON.stringify(line)}\n`;
			begun = true;
		}
	} catch (error) {
		if (!begun) throw error;
		if (!(error instanceof ExistError)) log.error({ err: error }, "a backtest failed midway");
		yield `${JSON.stringify({ type: "error", ...toProblem(error).body })}\n`;
	}
}

/** A backtest reads for up to a minute in the process that answers everybody: two at once, and a reader that takes nothing loses its place. */
const takePlace = places(2, 10, 30_000);
const STALL_MS = 30_000;

/** A query held against the last 30 days, as NDJSON; it ends when the client is gone. Throws `unavailable` where too many are under way. */
export async function backtestResponse({ request }: Pick<HandlerContext, "request">): Promise<Response> {
	const { kind: id, query: text, digestOver } = await jsonBody(request, backtestEndpoint.body);
	const kind = knownKind(id);
	const query = soundQuery(kind, text);
	const origin = publicOrigin(request);
	async function* lines() {
		for await (const line of backtest(kind, query, { digestOver, signal: request.signal })) yield backtestJson(line, origin);
	}
	const giveBack = await takePlace();
	try {
		return await streamed(request, () => untilDone(linesOf(lines()), giveBack), { "content-type": "application/x-ndjson; charset=utf-8", "x-accel-buffering": "no" }, STALL_MS);
	} catch (error) {
		giveBack();
		throw error;
	}
}

function hitColumns(origin: string): ReadonlyArray<CsvColumn<Hit>> {
	return [
		{ header: "found", value: ({ at }) => at.toISOString() },
		{ header: "date", value: ({ recordAt }) => recordAt.toISOString() },
		{ header: "source", value: ({ source }) => source.name },
		{ header: "title", value: ({ title }) => title },
		{ header: "terms", value: ({ matches }) => [...new Set(matches.map(({ term }) => term))].join(" | ") },
		{ header: "places", value: ({ matches }) => [...new Set(matches.map(({ place }) => place))].join(" | ") },
		{ header: "excerpt", value: ({ matches }) => matches[0]?.excerpt ?? "" },
		{ header: "page", value: ({ path }) => origin + path },
	];
}

/** A name as part of a file's: what every system takes, short. Empty where nothing is left of it. */
function slug(name: string): string {
	return name
		.normalize("NFKD")
		.toLowerCase()
		.replace(/\p{M}+/gu, "")
		.replace(/[^a-z0-9]+/g, "-")
		.slice(0, 60)
		.replace(/^-+|-+$/g, "");
}

/** What the file of a hunter's hits is called: by its name, or by its id where the name holds no letter that all systems take. */
export function hitsFile({ id, name }: Pick<Hunter, "id" | "name">): string {
	const named = slug(name);
	return `exist-hunter-${named === "" ? id : named}.csv`;
}

/** All hits of a hunter as CSV, newest first. */
export function hitsCsv(hunter: Hunter, request: Request): Promise<Response> {
	return streamed(request, () => csvOf(hitColumns(publicOrigin(request)), streamHits(hunter.id)), {
		"content-type": "text/csv; charset=utf-8; header=present",
		"content-disposition": `attachment; filename="${hitsFile(hunter)}"`,
	});
}
