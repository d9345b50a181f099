import { bulkUnits } from "@/lib/auth";
import { toProblem } from "@/lib/errors";
import { BULK_COLUMNS, BULK_KINDS, type BulkAnswer, type BulkKind, bulkPortions } from "@/lib/lookup";
import { log, places, placesOfEach } from "@/lib/platform";
import { type CsvColumn, readParameter } from "@/lib/trackers";
import { FORMAT_PARAMETER, type Format } from "./answer-parameters";
import { bulkValues, type GivenValues } from "./bulk-values";
import { csvOf } from "./csv";
import type { HandlerContext } from "./handler";
import { publicOrigin } from "./origin";
import { streamed, untilDone } from "./stream";

/** Answers with the whole address of their pages. Nobody else has them, so they are changed, not copied. */
async function* portions({ values }: GivenValues, origin: string): AsyncGenerator<BulkAnswer[]> {
	for await (const portion of bulkPortions(values)) {
		for (const answer of portion) if (answer.page !== null) answer.page = origin + answer.page;
		yield portion;
	}
}

/** An answer with the line it belongs to. */
type BulkItem = BulkAnswer & { line: number };

async function* singly(found: AsyncIterable<BulkAnswer[]>, lines: readonly number[]): AsyncGenerator<BulkItem> {
	let at = 0;
	for await (const portion of found) for (const answer of portion) yield { ...answer, line: lines[at++] ?? at };
}

function summary(counts: Readonly<Record<BulkKind, number>>) {
	const { listed, known, "not listed": notListed, invalid } = counts;
	return { values: listed + known + notListed + invalid, listed, known, notListed, invalid };
}

/** The words around and between answers: one a line and an end that says that all are there, or one document. */
const FRAMES = {
	ndjson: { begin: "", item: (json: string, line: number) => `{"type":"answer","line":${line},${json.slice(1)}\n`, end: (counts: string) => `{"type":"end",${counts.slice(1)}\n` },
	json: { begin: '{"answers":[', item: (json: string, line: number, at: number) => `${at === 0 ? "" : ","}{"line":${line},${json.slice(1)}`, end: (counts: string) => `],"summary":${counts}}` },
} as const;

/** Text in parts. A failure amid NDJSON becomes its last line, since the status is long sent. */
async function* written(found: AsyncIterable<BulkAnswer[]>, lines: readonly number[], format: "ndjson" | "json"): AsyncGenerator<string> {
	const frame = FRAMES[format];
	const counts = Object.fromEntries(BULK_KINDS.map((kind) => [kind, 0])) as Record<BulkKind, number>;
	let chunk: string = frame.begin;
	let at = 0;
	let begun = false;
	try {
		for await (const portion of found) {
			for (const answer of portion) {
				counts[answer.kind]++;
				chunk += frame.item(JSON.stringify(answer), lines[at] ?? at + 1, at);
				at++;
			}
			yield chunk;
			begun = true;
			chunk = "";
		}
	} catch (error) {
		if (!begun || format === "json") throw error;
		log.error({ err: error }, "a bulk look-up failed midway");
		yield `${chunk}${JSON.stringify({ type: "error", ...toProblem(error).body })}\n`;
		return;
	}
	yield chunk + frame.end(JSON.stringify(summary(counts)));
}

const COLUMNS: ReadonlyArray<CsvColumn<BulkItem>> = [...BULK_COLUMNS, { header: "line", value: ({ line }) => line }];

/** Unlike a list this is NDJSON unless something else is asked for: its answers are many and each is whole. */
function formatOf(request: Request, url: URL): Format {
	const asked = readParameter(FORMAT_PARAMETER, url.searchParams);
	if (asked !== undefined) return asked;
	const accept = request.headers.get("accept") ?? "";
	if (accept.includes("ndjson")) return "ndjson";
	if (accept.includes("text/csv")) return "csv";
	return accept.includes("application/json") ? "json" : "ndjson";
}

const TYPES: Readonly<Record<Format, string>> = { ndjson: "application/x-ndjson; charset=utf-8", json: "application/json; charset=utf-8", csv: "text/csv; charset=utf-8; header=present" };

/**
 * Bodies in hand at once in this process: one unpacks to 16 MB, and its values and what is found of them are several times that.
 * Others wait for a place, and a reader that takes nothing for half a minute loses its own.
 */
const takePlace = places(4, 40, 15_000);
const STALL_MS = 30_000;

/** A person's own of them: with slow bodies alone nobody keeps all the others waiting. */
const takeOwn = placesOfEach(3, 40, 15_000);

async function bothPlaces(person: string): Promise<() => void> {
	const own = await takeOwn(person);
	try {
		const shared = await takePlace();
		return () => {
			shared();
			own();
		};
	} catch (error) {
		own();
		throw error;
	}
}

/** Answers for every value of a request's body, in its order, while they are found. Throws `unavailable` where too many are in hand. */
export async function bulkResponse({ request, url, principal, charge }: Pick<HandlerContext, "request" | "url" | "principal" | "charge">): Promise<Response> {
	const format = formatOf(request, url);
	const giveBack = await bothPlaces(principal.user.email);
	try {
		const given = await bulkValues(request);
		await charge(bulkUnits(given.values.length));
		const found = () => portions(given, publicOrigin(request));
		const parts = () => untilDone(format === "csv" ? csvOf(COLUMNS, singly(found(), given.lines)) : written(found(), given.lines, format), giveBack);
		const disposition = format === "csv" ? { "content-disposition": 'attachment; filename="exist-lookup.csv"' } : {};
		return await streamed(request, parts, { "content-type": TYPES[format], ...disposition }, STALL_MS);
	} catch (error) {
		giveBack();
		throw error;
	}
}
