import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "@/lib/http/openapi";
import { trackers } from "@/lib/trackers";

interface Operation {
	operationId: string;
	parameters: Array<{ name: string; in: string; schema: Record<string, unknown>; description: string }>;
	responses: Record<string, { content?: Record<string, unknown>; $ref?: string }>;
}

interface Document {
	paths: Record<string, { get: Operation; post?: Operation & { requestBody: { content: Record<string, { schema: { properties: Record<string, unknown>; required: string[] } }> } } }>;
	components: { schemas: Record<string, { properties: Record<string, unknown>; required: string[] }> };
}

const document = openApiDocument("https://exist.example") as unknown as Document;

function references(value: unknown): string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => (name === "$ref" ? [String(inner)] : references(inner)));
}

describe("the OpenAPI document", () => {
	it("is valid OpenAPI 3.1, and survives the way over the wire", async () => {
		const validator = new Validator();
		const result = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
		expect(result.errors ?? []).toEqual([]);
		expect([result.valid, validator.version]).toEqual([true, "3.1"]);
	});

	it("would be refused with a fault in it", async () => {
		const broken = structuredClone(document) as unknown as { paths: Record<string, { get: { responses: unknown } }> };
		const first = Object.values(broken.paths)[0];
		if (first !== undefined) first.get.responses = 5;
		expect((await new Validator().validate(broken as unknown as Record<string, unknown>)).valid).toBe(false);
	});

	it("refers to nothing that is missing", () => {
		for (const reference of new Set(references(document))) {
			const found = reference
				.replace("#/", "")
				.split("/")
				.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
			expect([reference, typeof found]).toEqual([reference, "object"]);
		}
	});

	it("names each operation once", () => {
		const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
		expect(ids).toEqual([...new Set(ids)]);
	});

	it("describes a question that is JSON, and what a key needs for it", () => {
		const enrich = document.paths["/api/lookup/enrich"];
		expect(Object.keys(enrich ?? {})).toEqual(["post"]);
		const body = enrich?.post?.requestBody.content["application/json"]?.schema;
		expect([Object.keys(body?.properties ?? {}), body?.required]).toEqual([
			["enricher", "type", "value", "reach", "again"],
			["enricher", "type", "value"],
		]);
		expect(enrich?.post).toMatchObject({ "x-scope": "lookup", responses: { "400": {}, "401": {}, "403": {}, "413": {}, "429": {} } });
		expect(Object.keys(document.paths["/api/lookup/download"]?.get.responses["200"]?.content ?? {})).toEqual(["application/octet-stream"]);
	});

	it("describes the other spellings of a question and its answer, and what many values cost", () => {
		const bulk = document.paths["/api/lookup/bulk"]?.post;
		expect(Object.keys(bulk?.requestBody.content ?? {})).toEqual(["application/json", "text/plain", "application/x-ndjson"]);
		expect(Object.keys(bulk?.responses["200"]?.content ?? {})).toEqual(["application/json", "application/x-ndjson", "text/csv"]);
		expect(bulk).toMatchObject({ "x-cost": { json: 1, per: "for 500 values" }, responses: { "413": {} }, requestBody: { required: true } });
		expect(bulk?.requestBody.content["application/json"]?.schema.properties.values).toMatchObject({ type: "array", minItems: 1, maxItems: 10_000 });
	});

	it.each(trackers)("describes $resource: every parameter, every field", (tracker) => {
		const list = document.paths[`/api/${tracker.resource}`]?.get;
		const names = list?.parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
		expect(names?.sort()).toEqual(["limit", "offset", "cursor", "format", "fields", ...Object.values(tracker.parameters).map((parameter) => parameter.names[0])].sort());
		expect(Object.keys(list?.responses["200"]?.content ?? {})).toEqual(["application/json", "text/csv", "application/x-ndjson"]);
		expect(Object.keys(list?.responses ?? {}).sort()).toEqual(["200", "304", "400", "401", "403", "405", "429", "5XX"].sort());
		const one = document.paths[`/api/${tracker.resource}/{id}`]?.get;
		expect(Object.keys(one?.responses ?? {})).toContain("404");
		const schema = document.components.schemas[tracker.resource.charAt(0).toUpperCase() + tracker.resource.slice(1)];
		expect(Object.keys(schema?.properties ?? {})).toEqual(Object.keys(tracker.item.shape));
		expect(schema?.required).toEqual(Object.keys(tracker.item.shape));
	});

	it("gives numbers their range, lists their values, older names in words", () => {
		const parameters = Object.fromEntries((document.paths["/api/reputation"]?.get.parameters ?? []).map((parameter) => [parameter.name, parameter]));
		expect(parameters.limit?.schema).toMatchObject({ type: "integer", minimum: 1, maximum: 1000, default: 50 });
		expect(parameters.category?.schema).toMatchObject({ type: "array", items: { enum: expect.arrayContaining(["phishing"]) } });
		expect(parameters.datetime_after?.description).toContain("datetime_0");
		expect(parameters.datetime_after?.schema).toMatchObject({ type: "string" });
	});
});
