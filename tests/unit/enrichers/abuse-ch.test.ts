import { describe, expect, it } from "vitest";
import { ZodError } from "zod";
import { known } from "@/lib/enrichers/abuse-ch";

describe("an outcome of abuse.ch", () => {
	it("says that something is known, or that nothing is", () => {
		expect(known({ query_status: "ok" }, "host")).toBe(true);
		for (const query_status of ["no_result", "no_results", "hash_not_found"]) expect(known({ query_status }, "host")).toBe(false);
	});

	it.each([
		["unknown_auth_key", "refused"],
		["http_post_expected", "failed"],
		["x".repeat(10_000), "failed"],
	])("%.20s is no answer", (query_status, kind) => {
		expect(() => known({ query_status }, "host")).toThrow(expect.objectContaining({ kind, message: expect.stringMatching(/^.{1,100}$/) }));
	});

	it("must be there", () => expect(() => known({ data: [] }, "host")).toThrow(ZodError));
});
