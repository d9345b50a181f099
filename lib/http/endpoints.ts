import { z } from "zod";
import { type Cost, type Role, type Scope, VALUES_PER_UNIT } from "@/lib/auth";
import { PROFILES } from "@/lib/capture/result";
import { PICTURES, SOURCES } from "@/lib/capture/views";
import { INDICATOR_TYPES } from "@/lib/domain";
import { MAX_BULK, REACHES } from "@/lib/lookup";
import { integerParameter, listParameter, type Parameters, readGiven, reputation, textParameter } from "@/lib/trackers";
import { FORMAT_PARAMETER } from "./answer-parameters";
import { jsonBody } from "./body";
import { captureAnswer, captureItem, captureList, captureRequests } from "./capture-shapes";
import { type HandlerContext, handler, json, type RouteHandler } from "./handler";
import { answerShape, bulkShape, offerShape } from "./lookup-shapes";

/** A call of the API that is no list of records. Handler, OpenAPI document and the API's page read the same definition. */
export interface Endpoint<P extends Parameters = Parameters, Answer extends z.ZodType = z.ZodType, Body extends z.ZodObject = z.ZodObject> {
	path: string;
	/** its JSON: such a call is POST, all others GET */
	body?: Body;
	/** what a key needs, `read` unless said */
	scope?: Scope;
	/** who may, everybody unless said */
	role?: Role;
	/** the answer is a file, not JSON */
	file?: string;
	/** other media types of body and answer, each with what it holds; the first one of the answers is what comes unless something else is asked for */
	also?: { bodies: Readonly<Record<string, string>>; answers: Readonly<Record<string, string>> };
	/** what it costs beyond `cost`, in words */
	costs?: string;
	/** what stands in braces in the path */
	segments?: Readonly<Record<string, string>>;
	/** of a good answer, 200 unless said */
	status?: number;
	title: string;
	says: string;
	parameters: P;
	answer: Answer;
	cost: Cost;
	/** needs neither session nor key */
	open?: boolean;
}

/** A call whose question is JSON, not parameters. */
type PostEndpoint<Answer extends z.ZodType = z.ZodType, Body extends z.ZodObject = z.ZodObject> = Endpoint<Parameters, Answer, Body> & { body: Body };

function defineEndpoint<P extends Parameters, Answer extends z.ZodType>(endpoint: Endpoint<P, Answer>): Endpoint<P, Answer> {
	return endpoint;
}

function definePost<Answer extends z.ZodType, Body extends z.ZodObject>(endpoint: PostEndpoint<Answer, Body>): PostEndpoint<Answer, Body> {
	return endpoint;
}

const indicator = z.object({ type: z.string(), value: z.string().describe("in canonical form") });

/** What a text was taken for. */
const query = z
	.discriminatedUnion("kind", [
		z.object({ kind: z.literal("indicator"), indicator, port: z.int().optional() }),
		z.object({ kind: z.literal("words"), words: z.array(z.string()) }),
		z.object({ kind: z.literal("empty") }),
		z.object({ kind: z.literal("invalid"), reason: z.string() }),
	])
	.describe("what the keyword was taken for");

export const indexEndpoint = defineEndpoint({
	path: "/api/",
	title: "Resources",
	says: "Names and addresses of the resources.",
	parameters: {},
	answer: z.record(z.string(), z.url()),
	cost: "read",
});

export const sourcesEndpoint = defineEndpoint({
	path: "/api/reputation/sources",
	title: "Reputation sources",
	says: "Numbers and names of the reputation sources, those that died included.",
	parameters: {},
	answer: z.record(z.string(), z.string()),
	cost: "read",
});

export const searchEndpoint = defineEndpoint({
	path: "/api/search",
	title: "Cross search",
	says: "Everything known about an indicator, or whatever holds all of the words: over all resources.",
	parameters: { keyword: textParameter("keyword", { description: "an indicator, defanged or not, or words", example: "duckdns.org" }) },
	answer: z.object({
		query,
		counts: z.array(z.object({ tracker: z.string(), count: z.int(), more: z.boolean().describe("the count is a floor") })),
		notes: z.array(z.string()).describe("what was understood or left out"),
		groups: z
			.array(z.object({ kind: z.string(), title: z.string(), total: z.int(), more: z.boolean(), rows: z.array(reputation.item) }))
			.describe("sightings: of the value itself, of what contains it, of what lies under it"),
		records: z
			.array(z.object({ tracker: z.string(), title: z.string(), total: z.int(), more: z.boolean(), rows: z.array(z.object({ id: z.string(), title: z.string(), url: z.url().describe("its page") })) }))
			.describe("records of the other resources that name it"),
	}),
	cost: "search",
});

const group = z.object({ kind: z.string(), title: z.string(), total: z.int(), more: z.boolean().describe("the total is a floor") });

export const lookupEndpoint = defineEndpoint({
	path: "/api/lookup",
	title: "Lookup",
	says: "What a value is, what the index knows of it in short, and who else can be asked about it. Nobody is asked.",
	parameters: {
		keyword: textParameter("keyword", { description: "an indicator, defanged or not", example: "120.78.59[.]202" }),
		reach: listParameter("reach", REACHES, { description: "who may be asked: everybody, nobody whom the target could notice, or only what is known here", example: "passive" }),
	},
	answer: z.object({
		query,
		known: z
			.object({
				sightings: z.int().describe("listings by sources, past ones included"),
				listed: z.array(z.string()).describe("sources that list it now"),
				categories: z.array(z.string()),
				firstSeen: z.iso.datetime().nullable(),
				lastSeen: z.iso.datetime().nullable(),
				warning: z.string().nullable().describe("list of well-known values it stands on"),
				related: z.array(group).describe("sightings of what contains it or lies under it"),
				records: z.array(z.object({ tracker: z.string(), title: z.string(), total: z.int(), more: z.boolean() })).describe("records of the other resources that name it"),
			})
			.nullable()
			.describe("null where the keyword is no indicator"),
		offers: z.array(offerShape).describe("services for this kind of value, and why some will not be asked"),
	}),
	cost: "search",
});

export const enrichEndpoint = definePost({
	path: "/api/lookup/enrich",
	title: "Enrich",
	says: "Asks one service about one value, or gives its answer that is kept. The answer is a state: only `found` says anything about the value, and nothing says that it is clean.",
	parameters: {},
	body: z.object({
		enricher: z.string().max(64).describe("`id` of an offer of /api/lookup"),
		type: z.enum(INDICATOR_TYPES),
		value: z.string().min(1).max(10_000).describe("defanged or not"),
		reach: z.enum(REACHES).default("passive").describe("who may be asked: everybody, nobody whom the target could notice, or only what is known here"),
		again: z.boolean().default(false).describe("ask anew although an answer is kept, at most every 30 seconds"),
	}),
	answer: answerShape,
	scope: "lookup",
	cost: "enrich",
});

export const downloadEndpoint = defineEndpoint({
	path: "/api/lookup/download",
	title: "Download",
	says: "A file that an answer offered in `downloads`, such as the traffic a sandbox recorded; 50 MB at most. It may be dangerous to open.",
	parameters: {
		enricher: textParameter("enricher", { description: "`id` of the service", example: "virustotal" }),
		id: textParameter("id", { description: "`id` of the download", example: "pcap" }),
		type: listParameter("type", INDICATOR_TYPES, { description: "type of the value", example: "md5" }),
		value: textParameter("value", { description: "the value", example: "44d88612fea8a8f36de82e1278abb02f" }),
	},
	answer: z.string(),
	file: "application/octet-stream",
	scope: "lookup",
	cost: "export",
});

export const bulkEndpoint = definePost({
	path: "/api/lookup/bulk",
	title: "Bulk lookup",
	says: `What the index knows of each of up to ${MAX_BULK.toLocaleString("en")} values, in their order: of the value, the blocks around its address, the listed domains above it, its host. Nobody else is asked. NDJSON unless the Accept header or \`format\` says JSON or CSV; its last line has the type \`end\` and the numbers, and where that is missing the answer is not whole. Bodies may be packed by gzip, 4.5 MB at most. A few are in hand at once; who waits 15 seconds for a place gets 503 with Retry-After.`,
	parameters: { format: { ...FORMAT_PARAMETER, description: "ndjson (unless said), json or csv; the Accept header says the same" } },
	body: z.object({ values: z.array(z.string()).min(1).max(MAX_BULK).describe("indicators, defanged or not") }),
	answer: bulkShape,
	also: {
		bodies: { "text/plain": "one value a line", "application/x-ndjson": 'one text a line, or an object whose `value` is one: `{"value": "evil.example"}`' },
		answers: {
			"application/x-ndjson": "one answer a line, as in JSON, with `type` `answer`; then the summary with `type` `end`, or what went wrong with `type` `error`",
			"text/csv": "one answer a line: value, kind, type, indicator, category, sources, first_seen, last_seen, containing, records, warning, reason, page, line",
		},
	},
	cost: "read",
	costs: `for ${VALUES_PER_UNIT} values`,
});

const capture = { id: "`id` of a capture" };

export const captureEndpoint = definePost({
	path: "/api/captures",
	title: "Capture a URL",
	says: "Has a browser visit a URL. Who asks for the same within ten minutes gets the same capture. The answer is where to look: the visit takes up to a minute.",
	parameters: {},
	body: z.object({
		url: z.string().min(1).max(10_000).describe("http or https, defanged or not"),
		profile: z.enum(PROFILES).default("desktop").describe("as whom the browser comes"),
		again: z.boolean().default(false).describe("a new visit although there is one of the last minutes, unless it is still under way"),
	}),
	answer: captureAnswer,
	role: "analyst",
	scope: "capture",
	cost: "capture",
	status: 202,
});

export const capturesEndpoint = defineEndpoint({
	path: "/api/captures",
	title: "Captures",
	says: "Visits to URLs, newest first.",
	parameters: {
		url: textParameter("url", { description: "a URL, or a host for everything captured there; defanged or not", example: "example.com" }),
		most: { ...integerParameter("limit", { min: 1, max: 100 }, { description: "captures of a page, 50 unless given", example: "10" }), fallback: 50 },
		from: textParameter("cursor", { description: "where the page begins: opaque, from `next` of another answer", example: "amhq3zk0.0f8fad5bd9cb469fa165708677289501" }),
	},
	answer: captureList,
	cost: "read",
});

export const oneCaptureEndpoint = defineEndpoint({
	path: "/api/captures/{id}",
	title: "One capture",
	says: "How far a capture is, and when it is over everything the visit said. Texts are the target's own.",
	parameters: {},
	segments: capture,
	answer: captureItem,
	cost: "read",
});

export const capturePictureEndpoint = defineEndpoint({
	path: "/api/captures/{id}/{picture}",
	title: "Capture picture",
	says: `A PNG file: ${PICTURES.join(", ")} (from the capture before).`,
	parameters: {},
	segments: { ...capture, picture: PICTURES.join(" | ") },
	answer: z.string(),
	file: "image/png",
	cost: "read",
});

export const captureSourceEndpoint = defineEndpoint({
	path: "/api/captures/{id}/source",
	title: "Capture source",
	says: "The source as plain text: as the server sent it, or as it was when the page had run.",
	parameters: { kind: listParameter("kind", SOURCES, { description: "content unless given", example: "markup" }) },
	segments: capture,
	answer: z.string(),
	file: "text/plain",
	cost: "read",
});

export const captureDownloadEndpoint = defineEndpoint({
	path: "/api/captures/{id}/download",
	title: "Capture download",
	says: "Content and downloads as a zip with the password `infected`, under names of ours; `manifest.json` says what they are.",
	parameters: {},
	segments: capture,
	answer: z.string(),
	file: "application/zip",
	cost: "export",
});

export const captureRequestsEndpoint = defineEndpoint({
	path: "/api/captures/{id}/requests",
	title: "Capture requests",
	says: "Every request the page made. As `csv` or as an HTTP Archive (`har`) as well.",
	parameters: { format: listParameter("format", ["json", "csv", "har"], { description: "json unless given", example: "har" }) },
	segments: capture,
	answer: captureRequests,
	cost: "read",
});

export const healthEndpoint = defineEndpoint({
	path: "/api/health",
	title: "Health",
	says: "Whether the parts answer. 503 when the installation is down.",
	parameters: {},
	answer: z.object({ status: z.enum(["ok", "degraded", "down"]), checks: z.object({ database: z.boolean(), cache: z.boolean() }) }),
	cost: "read",
	open: true,
});

export const endpoints: readonly Endpoint[] = [
	indexEndpoint,
	sourcesEndpoint,
	searchEndpoint,
	lookupEndpoint,
	bulkEndpoint,
	enrichEndpoint,
	downloadEndpoint,
	captureEndpoint,
	capturesEndpoint,
	oneCaptureEndpoint,
	capturePictureEndpoint,
	captureSourceEndpoint,
	captureDownloadEndpoint,
	captureRequestsEndpoint,
	healthEndpoint,
];

/** The handler of an endpoint: parameters come as they are declared, and what is answered has the declared shape. */
export function answering<P extends Parameters, Answer extends z.ZodType>(
	endpoint: Endpoint<P, Answer>,
	work: (query: ReturnType<typeof readGiven<P>>, context: HandlerContext) => Promise<z.output<Answer>>,
): RouteHandler {
	return handler({ role: "viewer", scope: endpoint.scope ?? "read", cost: endpoint.cost }, async (context) =>
		json(context.request, await work(readGiven(endpoint.parameters, context.url.searchParams), context)),
	);
}

/** The same for an endpoint with a body. What it answers is nobody's to keep. */
export function answeringBody<Answer extends z.ZodType, Body extends z.ZodObject>(
	endpoint: PostEndpoint<Answer, Body>,
	work: (body: z.output<Body>, context: HandlerContext) => Promise<z.output<Answer>>,
): RouteHandler {
	return handler({ role: endpoint.role ?? "viewer", scope: endpoint.scope ?? "read", cost: endpoint.cost }, async (context) =>
		Response.json(await work(await jsonBody(context.request, endpoint.body), context), {
			status: endpoint.status ?? 200,
			headers: { "cache-control": "private, no-store", "x-content-type-options": "nosniff" },
		}),
	);
}
