import { describe, expect, it } from "vitest";
import { SuspectBody } from "@/lib/net";
import type { EpssItem } from "@/lib/sources/record";
import { epss } from "@/lib/sources/vuln/epss";
import { good, readAll, sample } from "./helpers";

const read = (text: string | Uint8Array, url?: string, size?: number) => readAll<EpssItem>(epss, text, url, size);

describe("EPSS", () => {
	it("reads the layouts of 2022 and 2023", async () => {
		expect(good(await read(sample("epss-2022.csv.gz")))).toEqual([
			{ kind: "epss", cve: "CVE-2020-5902", score: 0.96817, percentile: 0.99999, day: "2022-02-04" },
			{ kind: "epss", cve: "CVE-2018-19571", score: 0.17187, percentile: 0.93112, day: "2022-02-04" },
		]);
		expect(good(await read(sample("epss-2023.csv.gz"), "x", 3)).map(({ score, day }) => [score, day])).toEqual([
			[0.97567, "2023-03-07"],
			[0.00113, "2023-03-07"],
		]);
	});

	it("reads today's layout, with Z in its date", async () => {
		const text = "#model_version:v2025.03.14,score_date:2026-02-25T12:55:00Z\ncve,epss,percentile\nCVE-2024-1,0.5,0.9\nCVE-2024-12345,4.3e-05,1\nCVE-2024-12346,1,0\n";
		const items = await read(text);
		expect(items[0]).toMatchObject({ ok: false, where: "3", reason: '"CVE-2024-1" is no CVE id' });
		expect(good(items.slice(1))).toEqual([
			{ kind: "epss", cve: "CVE-2024-12345", score: 4.3e-5, percentile: 1, day: "2026-02-25" },
			{ kind: "epss", cve: "CVE-2024-12346", score: 1, percentile: 0, day: "2026-02-25" },
		]);
	});

	it("reads the layout of 2021: no date but in the name, no percentile", async () => {
		const text = "cve,epss\nCVE-2020-5902,0.65117\nCVE-2020-8209,0.37211\n";
		expect(good(await read(text, "https://x.example/epss_scores-2021-04-14.csv.gz"))).toEqual([
			{ kind: "epss", cve: "CVE-2020-5902", score: 0.65117, day: "2021-04-14" },
			{ kind: "epss", cve: "CVE-2020-8209", score: 0.37211, day: "2021-04-14" },
		]);
		expect(good(await read(text, "https://x.example/current"))[0]?.day).toBe("2026-11-24");
	});

	it("sets aside rows that are none, and goes on", async () => {
		const text =
			'cve,epss,percentile\nCVE-2020-5902,1.2,0.1\nCVE-2020-5903,,0.1\nCVE-2020-5904,-0.1,0.1\nCVE-2020-5905,NaN,0.1\n=1+1,0.1,0.1\nCVE-2020-5906,0.1\n"CVE-2020-5907,0.1,0.1\nCVE-2020-5908,0.2,high\n';
		const items = await read(text);
		expect(items.map((item) => (item.ok ? item.item.cve : item.reason))).toEqual([
			'"1.2" is no score from 0 to 1',
			'"" is no score from 0 to 1',
			'"-0.1" is no score from 0 to 1',
			'"NaN" is no score from 0 to 1',
			'"=1+1" is no CVE id',
			"it has 2 cells, 3 are expected",
			"a quote in it is never closed",
			"CVE-2020-5908",
		]);
		expect(items.at(-1)).toMatchObject({ item: { score: 0.2 } });
		expect((items.at(-1) as { item: EpssItem }).item.percentile).toBeUndefined();
	});

	it.each([
		["a web page", "<html><title>403</title></html>"],
		["JSON", '{"status":"OK","data":[]}'],
		["other columns", "#model_version:v5\ncve,score\nCVE-2020-5902,0.1\n"],
	])("refuses %s", async (_what, text) => {
		await expect(read(text)).rejects.toThrow(SuspectBody);
	});

	it("gives nothing for an empty body", async () => {
		expect(await read("")).toEqual([]);
	});
});
