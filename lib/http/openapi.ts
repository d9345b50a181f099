import { z } from "zod";
import { BUDGET, COSTS, VALUES_PER_UNIT } from "@/lib/auth";
import { ERROR_STATUS, type ErrorCode } from "@/lib/errors";
import { type AnyTracker, PAGE_PARAMETERS, type Parameter, type Parameters, trackers } from "@/lib/trackers";
import { FORMAT_PARAMETER, fieldsParameter } from "./answer-parameters";
import type { Endpoint } from "./endpoint";
import { endpoints } from "./endpoints";
import { MAX_EXPORT } from "./list-response";

type Json = Record<string, unknown>;

/** A schema as OpenAPI 3.1 has it, which is JSON Schema 2020-12; the dialect is said once, for the whole document. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
	const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
	return rest;
}

/** Parameters are text on the wire; where the text is a number, its range says more than a pattern. */
function parameterSchema(parameter: Parameter): Json {
	const input = jsonSchema(parameter.schema, "input");
	const isNumber = parameter.schema instanceof z.ZodPipe && parameter.schema.out instanceof z.ZodNumber;
	const schema = isNumber ? jsonSchema(parameter.schema, "output") : input;
	return parameter.fallback === undefined ? schema : { ...schema, default: parameter.fallback };
}

function parameterObjects(parameters: Parameters): Json[] {
	return Object.values(parameters).map((parameter) => {
		const [name, ...aliases] = parameter.names;
		const older = aliases.length === 0 ? "" : `. Older name: ${aliases.join(", ")}`;
		return {
			name,
			in: "query",
			required: false,
			description: parameter.description + older,
			...(parameter.many ? { style: "form", explode: false } : {}),
			schema: parameterSchema(parameter),
			...(parameter.many ? { example: parameter.example.split(",") } : { example: isInteger(parameter) ? Number(parameter.example) : parameter.example }),
		};
	});
}

function isInteger(parameter: Parameter): boolean {
	return parameterSchema(parameter).type === "integer";
}

const header = (description: string, schema: Json, example: unknown): Json => ({ description, schema, example });
const integer = { type: "integer", minimum: 0 };

const HEADERS: Json = {
	"RateLimit-Policy": header("the limit: units and seconds of the window", { type: "string" }, `"api";q=${BUDGET.units};w=${BUDGET.windowSeconds}`),
	RateLimit: header("units that are left, and seconds until there are all of them again", { type: "string" }, '"api";r=599;t=42'),
	"RateLimit-Limit": header("units in a window", integer, BUDGET.units),
	"RateLimit-Remaining": header("units that are left", integer, 599),
	"RateLimit-Reset": header("seconds until there are all of them again", integer, 42),
	"Retry-After": header("seconds after which trying again makes sense", integer, 42),
	ETag: header("send it as If-None-Match to get 304 while the answer is the same", { type: "string" }, '"q3m0Rk0dK2rTqkT1mZ2p7w"'),
	"X-Total-Estimated": header("true where `count` is a floor: more than 100,000 records match, or more than 20,000 texts hold the words", { type: "string", enum: ["true"] }, "true"),
	"X-Export-Limit": header("most rows of one export", integer, MAX_EXPORT),
	Link: header("of an export that does not hold everything: where the next one goes on", { type: "string" }, '<https://exist.example/api/reputation?format=ndjson&cursor=amhq3zk0.0f8f>; rel="next"'),
	Allow: header("methods that are possible", { type: "string" }, "GET, HEAD, OPTIONS"),
};

function headers(...names: string[]): Json {
	return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const RATE_HEADERS = ["RateLimit-Policy", "RateLimit", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

const ERRORS: ReadonlyArray<readonly [code: ErrorCode, name: string, description: string, headers: readonly string[]]> = [
	["invalid", "Invalid", "A parameter is not understood: `detail` names it, its value and what would be right.", RATE_HEADERS],
	["unauthenticated", "Unauthenticated", "Neither a session nor a good API key.", []],
	["forbidden", "Forbidden", "The key lacks the scope, or its user the role.", RATE_HEADERS],
	["not_found", "NotFound", "There is no such resource or record.", RATE_HEADERS],
	["too_large", "TooLarge", "The body is larger than is read.", RATE_HEADERS],
	["not_allowed", "NotAllowed", "The method is not possible here; `Allow` says which are.", [...RATE_HEADERS, "Allow"]],
	["rate_limited", "RateLimited", "More than the limit in this window.", [...RATE_HEADERS, "Retry-After"]],
];

const problem = z.object({
	detail: z.string().describe("what is wrong and the way out, for people"),
	code: z.enum([...(Object.keys(ERROR_STATUS) as ErrorCode[]), "internal"]),
	field: z.string().optional().describe("parameter that is at fault"),
	details: z
		.array(z.record(z.string(), z.union([z.string(), z.number()])))
		.optional()
		.describe("faults within the value, such as places in a query"),
});

function errorResponses(): Json {
	const one = (description: string, names: readonly string[]): Json => ({
		description,
		...(names.length > 0 ? { headers: headers(...names) } : {}),
		content: { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } },
	});
	return { ...Object.fromEntries(ERRORS.map(([, name, description, names]) => [name, one(description, names)])), Failed: one("Something failed on the server, or a part of it does not answer.", []) };
}

function errors(...codes: ErrorCode[]): Json {
	const refs = ERRORS.filter(([code]) => codes.includes(code)).map(([code, name]) => [String(ERROR_STATUS[code]), { $ref: `#/components/responses/${name}` }]);
	return { ...Object.fromEntries(refs), "5XX": { $ref: "#/components/responses/Failed" } };
}

const NOT_MODIFIED = { "304": { description: "The answer is the one of the ETag that was sent.", headers: headers("ETag") } };
const IF_NONE_MATCH = { name: "If-None-Match", in: "header", required: false, description: "ETag of an answer that is at hand", schema: { type: "string" } };

function schemaName(resource: string): string {
	return resource.charAt(0).toUpperCase() + resource.slice(1);
}

function listOperation(tracker: AnyTracker): Json {
	const name = schemaName(tracker.resource);
	const fields = fieldsParameter(Object.keys(tracker.item.shape));
	return {
		operationId: `list${name}`,
		tags: [tracker.resource],
		summary: `${tracker.title}, newest first`,
		description: "Parameters that are not declared are ignored.",
		parameters: [...parameterObjects({ ...PAGE_PARAMETERS, ...tracker.parameters, format: FORMAT_PARAMETER, fields }), IF_NONE_MATCH],
		responses: {
			"200": {
				description: `A page of the list; as CSV or NDJSON all matches, ${MAX_EXPORT.toLocaleString("en")} at most. With \`fields\` only these.`,
				headers: headers(...RATE_HEADERS, "ETag", "X-Total-Estimated", "X-Export-Limit", "Link"),
				content: {
					"application/json": { schema: { $ref: `#/components/schemas/${name}Page` } },
					"text/csv": { schema: { type: "string" }, example: `${tracker.csv.map(({ header: title }) => `"${title}"`).join(",")}\r\n` },
					"application/x-ndjson": { schema: { type: "string", description: `one ${name} a line` } },
				},
			},
			...NOT_MODIFIED,
			...errors("invalid", "unauthenticated", "forbidden", "not_allowed", "rate_limited"),
		},
		"x-cost": { json: COSTS.read, csv: COSTS.export, ndjson: COSTS.export },
	};
}

function itemOperation(tracker: AnyTracker): Json {
	const name = schemaName(tracker.resource);
	const fields = fieldsParameter(Object.keys(tracker.item.shape));
	return {
		operationId: `get${name}`,
		tags: [tracker.resource],
		summary: `One of ${tracker.title}`,
		parameters: [{ name: "id", in: "path", required: true, description: "`id` of a record of the list", schema: { type: "string" } }, ...parameterObjects({ fields }), IF_NONE_MATCH],
		responses: {
			"200": {
				description: "The record. With `fields` only these.",
				headers: headers(...RATE_HEADERS, "ETag"),
				content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
			},
			...NOT_MODIFIED,
			...errors("invalid", "unauthenticated", "forbidden", "not_found", "not_allowed", "rate_limited"),
		},
		"x-cost": { json: COSTS.read },
	};
}

function endpointOperation(endpoint: Endpoint): Json {
	const words = endpoint.title.split(" ").map(schemaName).join("");
	const { body, file, scope, also, costs, role, segments = {} } = endpoint;
	const isOne = Object.keys(segments).length > 0;
	const described = (types: Readonly<Record<string, string>> = {}): Json => Object.fromEntries(Object.entries(types).map(([type, description]) => [type, { schema: { type: "string", description } }]));
	const json = { "application/json": { schema: jsonSchema(endpoint.answer, "output") } };
	const content = file === undefined ? { ...json, ...described(also?.answers) } : { [file]: { schema: { type: "string", format: "binary" } } };
	const kept = body === undefined && file === undefined;
	return {
		operationId: `${body === undefined ? "get" : "post"}${words}`,
		tags: ["other"],
		summary: endpoint.title,
		description: endpoint.says,
		parameters: [...Object.entries(segments).map(([name, description]) => ({ name, in: "path", required: true, description, schema: { type: "string" } })), ...parameterObjects(endpoint.parameters)],
		...(body === undefined ? {} : { requestBody: { required: true, content: { "application/json": { schema: jsonSchema(body, "input") }, ...described(also?.bodies) } } }),
		...(endpoint.open === true ? { security: [] } : {}),
		responses: {
			[String(endpoint.status ?? 200)]: {
				description: endpoint.says,
				...(endpoint.open === true ? {} : { headers: headers(...RATE_HEADERS, ...(kept ? ["ETag"] : [])) }),
				content,
			},
			...(endpoint.open === true ? { "503": { description: "It is down.", content: { "application/json": { schema: jsonSchema(endpoint.answer, "output") } } } } : kept ? NOT_MODIFIED : {}),
			...(endpoint.open === true
				? {}
				: errors(
						"invalid",
						"unauthenticated",
						"forbidden",
						...(file === undefined && !isOne ? [] : (["not_found"] as const)),
						"not_allowed",
						...(body === undefined ? [] : (["too_large"] as const)),
						"rate_limited",
					)),
		},
		...(endpoint.open === true ? {} : { "x-cost": { json: COSTS[endpoint.cost], ...(costs === undefined ? {} : { per: costs }) } }),
		...(scope === undefined ? {} : { "x-scope": scope }),
		...(role === undefined ? {} : { "x-role": role }),
	};
}

function pageSchema(tracker: AnyTracker): Json {
	const uri = { anyOf: [{ type: "string", format: "uri" }, { type: "null" }] };
	return {
		type: "object",
		required: ["count", "next", "previous", "results"],
		additionalProperties: false,
		properties: {
			count: { type: "integer", minimum: 0, description: "records that match; a floor where X-Total-Estimated says so" },
			next: { ...uri, description: "address of the next page" },
			previous: { ...uri, description: "address of the page before" },
			results: { type: "array", items: { $ref: `#/components/schemas/${schemaName(tracker.resource)}` } },
		},
	};
}

const DESCRIPTION = `Everything the pages show, as JSON. Nothing is changed by \`GET\` and \`HEAD\`; what asks others is \`POST\`, and a key needs the scope of \`x-scope\` for it.
Times are ISO 8601 in UTC. Parameters that are not declared are ignored. Addresses may end in a slash.
A key or a session may spend ${BUDGET.units} units in ${BUDGET.windowSeconds} seconds: an answer costs ${COSTS.read}, a cross search ${COSTS.search}, a CSV or NDJSON export ${COSTS.export}, a bulk look-up 1 for ${VALUES_PER_UNIT} values.`;

/** The OpenAPI 3.1 document, made of what the handlers read: parameters, items, errors, limits. `origin`: where this installation is. */
export function openApiDocument(origin: string): Json {
	const paths: Record<string, Json> = {};
	for (const tracker of trackers) {
		paths[`/api/${tracker.resource}`] = { get: listOperation(tracker) };
		paths[`/api/${tracker.resource}/{id}`] = { get: itemOperation(tracker) };
	}
	for (const endpoint of endpoints) paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.body === undefined ? "get" : "post"]: endpointOperation(endpoint) };
	const schemas = Object.fromEntries(
		trackers.flatMap((tracker) => [
			[schemaName(tracker.resource), jsonSchema(tracker.item, "output")],
			[`${schemaName(tracker.resource)}Page`, pageSchema(tracker)],
		]),
	);
	return {
		openapi: "3.1.1",
		info: { title: "EXIST Web API", version: "1", summary: "Cyber threat intelligence from many feeds, in one index", description: DESCRIPTION, license: { name: "MIT", identifier: "MIT" } },
		jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
		servers: [{ url: origin }],
		tags: [...trackers.map(({ resource, title }) => ({ name: resource, description: title })), { name: "other", description: "Calls that are no list of records" }],
		security: [{ bearer: [] }, { header: [] }, { session: [] }],
		paths,
		components: {
			schemas: { ...schemas, Problem: jsonSchema(problem, "output") },
			responses: errorResponses(),
			headers: HEADERS,
			securitySchemes: {
				bearer: { type: "http", scheme: "bearer", description: "An API key with the scope `read`, from the account page. `Authorization: Token …` is understood as well." },
				header: { type: "apiKey", in: "header", name: "X-API-Key", description: "The same key" },
				session: { type: "apiKey", in: "cookie", name: "next-auth.session-token", description: "The session of the console; `__Secure-next-auth.session-token` on HTTPS" },
			},
		},
	};
}
