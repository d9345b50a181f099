import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { COSTS } from "@/lib/auth";
import { type AnyTracker, PAGE_PARAMETERS, type Parameter, type Parameters, trackers } from "@/lib/trackers";
import { FORMAT_PARAMETER, fieldsParameter } from "./answer-parameters";
import type { Endpoint } from "./endpoint";
import { endpoints } from "./endpoints";

/** The API as its page shows it: plain data of the same definitions that handlers and OpenAPI document read. */
export interface GuideParameter {
	name: string;
	/** names of older clients */
	older: readonly string[];
	description: string;
	example: string;
	/** the values there are, where they are few */
	choices: readonly string[] | null;
	many: boolean;
}

export interface GuideCall {
	id: string;
	/** a POST has JSON in place of parameters */
	method: "GET" | "POST";
	/** `/api/reputation/{id}`: what stands in braces is a field of the form */
	path: string;
	title: string;
	says: string;
	parameters: readonly GuideParameter[];
	/** units of the limit */
	cost: string;
	open: boolean;
}

export interface GuideResource {
	name: string;
	title: string;
	calls: readonly GuideCall[];
	/** fields of an item */
	fields: ReadonlyArray<{ name: string; type: string; description: string }>;
}

interface Described {
	type?: string;
	format?: string;
	description?: string;
	enum?: string[];
	items?: Described;
	anyOf?: Described[];
	$ref?: string;
}

function described(schema: z.ZodType, io: "input" | "output"): Described {
	return z.toJSONSchema(schema, { io }) as Described;
}

function guideParameter(parameter: Parameter): GuideParameter {
	const { names, description, example, many } = parameter;
	const { enum: own, items } = described(parameter.schema, "input");
	return { name: names[0], older: names.slice(1), description, example, choices: own ?? items?.enum ?? null, many };
}

function guideParameters(parameters: Parameters): GuideParameter[] {
	return Object.values(parameters).map(guideParameter);
}

/** A type in words: `text`, `list of text`, `number or null`, `time`. */
function typeWords(schema: Described): string {
	if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeWords))].join(" or ");
	if (schema.enum !== undefined) return schema.enum.join(" | ");
	if (schema.type === "array") return `list of ${typeWords(schema.items ?? {})}`;
	if (schema.format === "date-time") return "time";
	if (schema.format === "date") return "day";
	const words: Readonly<Record<string, string>> = { string: "text", integer: "number", boolean: "true or false" };
	return words[schema.type ?? ""] ?? schema.type ?? "any";
}

function itemFields(tracker: AnyTracker): GuideResource["fields"] {
	const { properties = {} } = z.toJSONSchema(tracker.item, { io: "output" }) as { properties?: Record<string, Described> };
	return Object.entries(properties).map(([name, schema]) => ({ name, type: typeWords(schema), description: schema.description ?? "" }));
}

function resourceGuide(tracker: AnyTracker): GuideResource {
	const fields = guideParameter(fieldsParameter(Object.keys(tracker.item.shape)));
	const { resource, title } = tracker;
	return {
		name: resource,
		title,
		calls: [
			{
				id: `${resource}-list`,
				method: "GET",
				path: `/api/${resource}`,
				title: "List",
				says: "Newest first: count, next, previous, results.",
				parameters: [...guideParameters({ ...tracker.parameters, ...PAGE_PARAMETERS, format: FORMAT_PARAMETER }), fields],
				cost: `${COSTS.read}, as csv or ndjson ${COSTS.export}`,
				open: false,
			},
			{
				id: `${resource}-item`,
				method: "GET",
				path: `/api/${resource}/{id}`,
				title: "One record",
				says: "By the id that stands in the list.",
				parameters: [fields],
				cost: String(COSTS.read),
				open: false,
			},
		],
		fields: itemFields(tracker),
	};
}

/** Members of a body, as parameters are shown. */
function guideFields(body: z.ZodObject): GuideParameter[] {
	const { properties = {} } = z.toJSONSchema(body, { io: "input" }) as { properties?: Record<string, Described> };
	return Object.entries(properties).map(([name, schema]) => ({
		name,
		older: [],
		description: schema.description ?? typeWords(schema),
		example: "",
		choices: schema.enum ?? (schema.type === "boolean" ? ["true", "false"] : null),
		many: schema.type === "array",
	}));
}

function endpointCall(endpoint: Endpoint): GuideCall {
	const { path, title, says, parameters, body, cost, costs, open } = endpoint;
	return {
		id: `${body === undefined ? "" : "post-"}${path.replace(/\W+/g, "-").replace(/^-|-$/g, "")}`,
		method: body === undefined ? "GET" : "POST",
		path,
		title,
		says,
		parameters: body === undefined ? guideParameters(parameters) : guideFields(body),
		cost: open === true ? "nothing" : [COSTS[cost], costs].filter((part) => part !== undefined).join(" "),
		open: open === true,
	};
}

/** Every call there is, resource by resource, then the others. */
export function apiGuide(): { resources: GuideResource[]; others: GuideCall[] } {
	const document: GuideCall = {
		id: "openapi",
		method: "GET",
		path: "/api/openapi.json",
		title: "OpenAPI document",
		says: "All of this for programs: OpenAPI 3.1.",
		parameters: [],
		cost: String(COSTS.read),
		open: false,
	};
	return { resources: trackers.map(resourceGuide), others: [...endpoints.map(endpointCall), document] };
}

const EXAMPLES = [
	{ file: "api.sh", title: "curl", says: "Lists, an exact question, CSV, an ETag" },
	{ file: "newest.py", title: "Python", says: "What was listed since a time, page by page, for a SIEM" },
	{ file: "match.sh", title: "curl", says: "The hosts of a log that are listed, by bulk lookup" },
	{ file: "match.py", title: "Python", says: "The same for a log of any length, 10,000 values a call" },
	{ file: "match.mjs", title: "JavaScript", says: "The same, answers read while they come" },
	{ file: "blocklist.mjs", title: "JavaScript", says: "Addresses that are listed now as a stream, for a firewall" },
] as const;

/** The example programs of `docs/examples`, which the tests run. */
export function apiExamples(): Promise<Array<{ file: string; title: string; says: string; text: string }>> {
	return Promise.all(EXAMPLES.map(async (example) => ({ ...example, text: await readFile(join(process.cwd(), "docs", "examples", example.file), "utf8") })));
}
