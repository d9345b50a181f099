import { afterEach, describe, expect, it, vi } from "vitest";
import { ListStore } from "@/components/lookup/list/list-store";
import { MAX_VALUES, parseList } from "@/components/lookup/list/parse";
import { IndexFailure, readIndex } from "@/components/lookup/list/read-index";
import { csvOfRows, defangedLines, shownRows } from "@/components/lookup/list/view";

describe("a list as it is pasted or uploaded", () => {
	it("takes each value once, leaves comments out, and says what is no indicator", () => {
		const { rows, repeated, comments } = parseList(
			'# a feed\r\nevil[.]example\nEVIL.example\n1.2.3.4, 8.8.8.8\n"hxxp://a[.]com/x","phishing","2026-01-01"\nhello world\n999.1.1.1\n\nhttp://u:s3cret@b.com/',
		);
		expect(rows.map(({ indicator, text, reason }) => [indicator?.value ?? text, reason])).toEqual([
			["evil.example", null],
			["1.2.3.4", null],
			["8.8.8.8", null],
			["http://a.com/x", null],
			["hello world", "This is no indicator."],
			["999.1.1.1", '"999.1.1.1" is no host name.'],
			["http://b.com/", null],
		]);
		expect({ repeated, comments }).toEqual({ repeated: 1, comments: 1 });
		expect(JSON.stringify(rows)).not.toContain("s3cret");
	});

	it("counts what is beyond the limit", () => {
		const list = parseList(Array.from({ length: MAX_VALUES + 7 }, (_, at) => `host-${at}.example.com`).join("\n"));
		expect([list.rows.length, list.beyond]).toEqual([MAX_VALUES, 7]);
	});
});

/** The index's answer as `POST /api/lookup/bulk` gives it. */
function lines(values: readonly string[], listed: (value: string) => string[]): string {
	const answers = values.map((value, at) => {
		const sources = listed(value).map((name, number) => ({ number, name, category: "phishing", listed: true }));
		return {
			type: "answer",
			line: at + 1,
			value,
			kind: sources.length > 0 ? "listed" : "not listed",
			reason: "Words.",
			category: sources.length > 0 ? "phishing" : null,
			sources,
			firstSeen: null,
			lastSeen: null,
			warning: null,
		};
	});
	return [...answers, { type: "end" }].map((line) => `${JSON.stringify(line)}\n`).join("");
}

describe("what is answered to a list", () => {
	afterEach(() => {
		vi.unstubAllGlobals();
	});

	function serve(listed: (value: string) => string[]) {
		vi.stubGlobal("fetch", async (_address: string, { body }: { body: string }) => new Response(lines((JSON.parse(body) as { values: string[] }).values, listed)));
	}

	it("stands beside the value it belongs to; listed ones can be picked, sorted and taken away", async () => {
		serve((value) => (value === "evil.example" ? ["CINS", "=URLhaus"] : []));
		const store = new ListStore("good.example\nevil.example\nno value\n1.2.3.4", () => "passive");
		await store.readIndex();
		const place = { key: "place", down: false } as const;
		expect(shownRows(store, "listed", place).map(({ text }) => text)).toEqual(["evil.example"]);
		expect(shownRows(store, "not", place).map(({ text }) => text)).toEqual(["good.example", "1.2.3.4"]);
		expect(shownRows(store, "invalid", place).map(({ text }) => text)).toEqual(["no value"]);
		const sorted = shownRows(store, "all", { key: "listed", down: false });
		expect(sorted[0]?.text).toBe("evil.example");
		const csv = csvOfRows(store, sorted, []);
		expect(csv.split("\r\n")[1]).toBe('"evil.example","evil.example","domain","listed","CINS; =URLhaus","phishing",,,,"Words."');
		expect(defangedLines(sorted)).toBe("evil[.]example\ngood[.]example\n1.2.3[.]4\nno value");
		store.close();
	});

	it("is asked for in portions, and an answer that ends early is no answer", async () => {
		const sizes: number[] = [];
		vi.stubGlobal("fetch", async (_address: string, { body }: { body: string }) => {
			const { values } = JSON.parse(body) as { values: string[] };
			sizes.push(values.length);
			return new Response(
				sizes.length === 2
					? lines(values, () => [])
							.split("\n")
							.slice(0, 10)
							.join("\n")
					: lines(values, () => []),
			);
		});
		const values = Array.from({ length: 4_500 }, (_, at) => `v${at}`);
		const told: number[] = [];
		await expect(readIndex(values, (at) => told.push(at), new AbortController().signal)).rejects.toThrow(new IndexFailure("The index stopped after 2,010 of 4,500 values."));
		expect(sizes).toEqual([2000, 2000]);
		expect(told).toEqual(Array.from({ length: 2010 }, (_, at) => at));
	});
});
