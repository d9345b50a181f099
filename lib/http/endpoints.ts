import { z } from "zod";
import { VALUES_PER_UNIT } from "@/lib/auth";
import { INDICATOR_TYPES } from "@/lib/domain";
import { MAX_BULK, REACHES } from "@/lib/lookup";
import { listParameter, reputation, textParameter } from "@/lib/trackers";
import { FORMAT_PARAMETER } from "./answer-parameters";
import { captureEndpoints } from "./capture-endpoints";
import { defineEndpoint, definePost, type Endpoint } from "./endpoint";
import { hunterEndpoints } from "./hunter-endpoints";
import { answerShape, bulkShape, offerShape } from "./lookup-shapes";

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

export const healthEndpoint = defineEndpoint({
	path: "/api/health",
	title: "Health",
	says: "Whether the parts answer. 503 when the installation is down.",
	parameters: {},
	answer: z.object({
		status: z.enum(["ok", "degraded", "down"]),
		checks: z.object({ database: z.boolean(), cache: z.boolean(), hunters: z.boolean().describe("news is held against the hunters in time, and none was given up") }),
	}),
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
	...captureEndpoints,
	...hunterEndpoints,
	healthEndpoint,
];
