import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExistError, shown, toProblem } from "@/lib/errors";
import { csvCell, csvLine, csvOf } from "@/lib/http/csv";
import { checkOrigin, checkSameSite } from "@/lib/http/origin";

interface Payload {
	label: string;
	kind: string;
	value: string;
}

const PAYLOADS: Payload[] = readFileSync(join(import.meta.dirname, "../../fixtures/security/csv-injection.txt"), "utf8")
	.split("\n")
	.filter((line) => /^must-/.test(line))
	.map((line) => {
		const [label = "", kind = "", value = '""'] = line.split("\t");
		return { label, kind, value: JSON.parse(value) as string };
	});

/** What a spreadsheet takes out of one cell (RFC 4180). */
function parsed(cell: string): string {
	return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

const UNSEEN = "[ \\u0000\\u00a0\\u180e\\u2003\\u200b\\u2060\\u3000\\ufeff]*";
const DANGEROUS = new RegExp(`(?:^|\\r\\n|\\r(?!\\n)|(?<!\\r)\\n|\\u2028)${UNSEEN}[=+\\-@\\t\\r\\n\\uff1d\\uff0b\\uff0d\\uff20\\u2212]`);

describe("CSV", () => {
	it.each(PAYLOADS.filter(({ label }) => label === "must-neutralise"))("makes $kind $value inert, and it can be had back", ({ value }) => {
		const cell = csvCell(value);
		expect(cell.startsWith('"') && cell.endsWith('"')).toBe(true);
		expect(parsed(cell)).not.toMatch(DANGEROUS);
		// Apostrophes were added and nothing was taken away.
		expect(parsed(cell).replaceAll("'", "")).toBe(value.replaceAll("'", ""));
	});

	it.each(PAYLOADS.filter(({ label }) => label === "must-keep"))("keeps $kind $value byte for byte", ({ value }) => {
		expect(parsed(csvCell(value))).toBe(value);
	});

	it("quotes what needs quotes", () => {
		expect(csvLine(["a", 'say "hi"', "a,b", "line\nend", null, 3, true])).toBe('"a","say ""hi""","a,b","line\nend",,3,true\r\n');
	});

	it("streams rows behind a byte order mark and the header", async () => {
		const rows = (async function* () {
			yield { a: "1" };
			yield { a: "=2" };
		})();
		let text = "";
		for await (const part of csvOf([{ header: "a", value: (row: { a: string }) => row.a }], rows)) text += part;
		expect(text).toBe('\ufeff"a"\r\n"1"\r\n"\'=2"\r\n');
	});
});

describe("changing requests", () => {
	const request = (headers: Record<string, string>) => new Request("https://exist.example.com/api/x", { method: "POST", headers: { host: "exist.example.com", ...headers } });

	it.each([
		["our own page", { origin: "https://exist.example.com", "sec-fetch-site": "same-origin" }],
		["a script without a browser", {}],
	])("are taken from %s", (_, headers) => {
		expect(() => checkOrigin(request(headers))).not.toThrow();
	});

	it.each([
		["another site", { origin: "https://evil.example" }],
		["a sandboxed frame", { origin: "null" }],
		["a sibling domain", { origin: "https://exist.example.com.evil.example" }],
		["a browser that says so", { "sec-fetch-site": "cross-site" }],
		["a site of the same domain", { "sec-fetch-site": "same-site", origin: "https://other.example.com" }],
		["somebody with cookies and no origin", { cookie: "next-auth.session-token=x" }],
	])("are refused from %s", (_, headers) => {
		expect(() => checkOrigin(request(headers as Record<string, string>))).toThrow(ExistError);
	});
});

describe("a GET that spends something", () => {
	const from = (headers: Record<string, string>) => () => checkSameSite(new Request("https://exist.example.com/api/lookup/download?id=x", { headers }));

	it.each([
		["a link of our own page", { "sec-fetch-site": "same-origin" }],
		["the address bar", { "sec-fetch-site": "none" }],
		["a script, or a browser too old to say", {}],
	])("is answered to %s", (_, headers) => {
		expect(from(headers as Record<string, string>)).not.toThrow();
	});

	it.each([
		["another site", { "sec-fetch-site": "cross-site" }],
		["a site of the same domain", { "sec-fetch-site": "same-site" }],
		["another site that says it is us", { "sec-fetch-site": "cross-site", origin: "https://exist.example.com", referer: "https://exist.example.com/" }],
		["what no browser says", { "sec-fetch-site": "" }],
	])("is refused to %s", (_, headers) => {
		expect(from(headers as Record<string, string>)).toThrow(expect.objectContaining({ code: "forbidden", message: "This request comes from another site. Open it from a page here." }));
	});
});

describe("errors", () => {
	it("become their status, and unknown ones tell nothing", () => {
		expect(toProblem(new ExistError("rate_limited", "slow down", { retryAfter: 1.2 }))).toMatchObject({
			status: 429,
			headers: { "retry-after": "2" },
			body: { detail: "slow down", code: "rate_limited" },
		});
		expect(toProblem(new ExistError("invalid", "no", { field: "limit" }))).toMatchObject({ status: 400, body: { field: "limit" } });
		expect(JSON.stringify(toProblem(new Error("password=hunter2")))).not.toContain("hunter2");
	});

	it("show values without their control characters, cut to size", () => {
		expect(shown("a\u0000b\u001b[31m")).toBe("a\ufffdb\ufffd[31m");
		expect(shown("x".repeat(100), 10)).toBe(`${"x".repeat(10)}…`);
	});
});
