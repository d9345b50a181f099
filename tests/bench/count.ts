import type { Database } from "@/lib/platform";
import { type AnyTracker, count, list, trackers } from "@/lib/trackers";
import { fillEverything, vocabulary } from "./count-fill";
import { percentile, round } from "./random";
import { benchServer } from "./server";

const ROUNDS = 7;
const WARM_UP = 2;
/** The two trackers that grow into millions get all rows, the others a part of them. */
const SMALLER = 0.3;
const SLOWEST = 12;

/** Questions of each resource: every filter of its contract, and combinations whose indexes do not fit together. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
	reputation: [
		"",
		"source=1001",
		"source=1030",
		"type=domain",
		"category=phishing",
		"country=JP",
		"listed=true",
		"port=443",
		"datetime_after=2026-11-01",
		"datetime_after=2025-01-01&datetime_before=2026-11-01",
		"source=1001&datetime_after=2026-01-01",
		"category=phishing&country=JP&listed=true",
		"category=spam&source=1001,1002,1003",
		"search={common}",
		"search={rare}",
		"search={rare}&listed=true",
	],
	exploit: [
		"",
		"source=1101",
		"platform=windows",
		"kind=remote",
		"verified=true",
		"kind=remote&verified=true",
		"datetime_after=2026-06-01",
		"source=1101&datetime_before=2026-01-01",
		"search={common}",
		"search={rare}",
	],
	threatEvent: [
		"",
		"threat_level_id=1",
		"tag=tag:0",
		"tag=tag:40",
		"org=Org 3",
		"publish_timestamp_after=2026-01-01",
		"search={common}",
		"keyword={rare}",
		"attr={rare}",
		"source=1201&threat_level_id=2",
	],
	threatAttribute: [
		"",
		"type=domain",
		"category=Network activity",
		"to_ids=true",
		"timestamp_after=2026-11-01",
		"timestamp_after=2025-01-01",
		"type=domain&to_ids=true",
		"category=External analysis&timestamp_after=2026-06-01",
		"event__id=3",
		"value=nothing.example.org",
		"search={common}",
		"search={rare}",
	],
	twitter: ["", "screen_name=name3", "datetime_after=2026-06-01", "search={common}", "search={rare}"],
	news: ["", "source=1401", "repeats=true", "datetime_after=2026-06-01", "source=1401&datetime_after=2026-01-01", "search={common}", "search={rare}"],
	vuln: [
		"",
		"source=1502",
		"kev=true",
		"kev=false",
		"severity=critical",
		"score_min=9",
		"score_min=5&severity=high,critical",
		"epss_min=0.1",
		"epss_min=0.9",
		"vendor=vendor3",
		"cwe=CWE-3",
		"tag=patch",
		"rejected=false",
		"kev=true&severity=critical",
		"vulndb_published_date_after=2026-01-01",
		"vulndb_last_modified_after=2026-06-01&score_min=7",
		"search={common}",
		"search={rare}",
	],
};

interface Measured {
	resource: string;
	filter: string;
	p95Ms: number;
	count: number;
	estimated: boolean;
}

/** One answer of the API: the first page, and how many there are. */
async function answer(tracker: AnyTracker, filter: string, database: Database): Promise<{ count: number; estimated: boolean }> {
	const query = tracker.parse(new URLSearchParams(filter));
	const [, total] = await Promise.all([list(tracker, query, database), count(tracker, query, database)]);
	return total;
}

async function measure(tracker: AnyTracker, filter: string, database: Database): Promise<Measured> {
	const times: number[] = [];
	let total = { count: 0, estimated: false };
	for (let turn = 0; turn < WARM_UP + ROUNDS; turn++) {
		const begun = performance.now();
		total = await answer(tracker, filter, database);
		const took = performance.now() - begun;
		if (turn >= WARM_UP) times.push(took);
		// A question this slow is known after one answer; the bench has others to ask.
		if (took > 3000) return { resource: tracker.resource, filter, p95Ms: round(took), ...total };
	}
	return { resource: tracker.resource, filter, p95Ms: round(percentile(times, 0.95)), ...total };
}

/** Page and count of every resource under every filter, with `rows` sightings and as many attributes, and three tenths of that of the others. */
export async function countBench(rows: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const server = await benchServer();
	try {
		const database = await server.database("bench_count");
		const small = Math.round(rows * SMALLER);
		await fillEverything(server.admin, "bench_count", rows, small, say);
		const words = vocabulary();
		const measured: Measured[] = [];
		for (const [resource, filters] of Object.entries(QUESTIONS)) {
			const tracker = trackers.find((one) => one.resource === resource);
			if (tracker === undefined) throw new Error(`there is no resource ${resource}`);
			for (const filter of filters) {
				const asked = filter.replace("{common}", words[2] as string).replace("{rare}", words.at(-3) as string);
				const one = await measure(tracker, asked, database);
				say(`${one.p95Ms.toFixed(1).padStart(8)} ms  ${resource}?${asked}  ${one.estimated ? "more than " : ""}${one.count}`);
				measured.push(one);
			}
		}
		const slowest = [...measured].sort((a, b) => b.p95Ms - a.p95Ms).slice(0, SLOWEST);
		return {
			bench: "count",
			rows,
			otherRows: small,
			questions: measured.length,
			p95Ms: Object.fromEntries(Object.keys(QUESTIONS).map((resource) => [resource, Math.max(...measured.filter((one) => one.resource === resource).map(({ p95Ms }) => p95Ms))])),
			slowest,
		};
	} finally {
		await server.stop();
	}
}
