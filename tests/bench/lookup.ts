import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GET } from "@/app/api/lookup/route";
import { BUDGET, COSTS } from "@/lib/auth";
import { canonicalise, type Expectation, type Indicator, registrableDomain } from "@/lib/domain";
import { healthReading } from "@/lib/health";
import { offers } from "@/lib/lookup";
import type { Database } from "@/lib/platform";
import { describeIndicator } from "@/lib/search";
import { allSources } from "@/lib/sources";
import { totals } from "@/lib/trackers";
import { type Api, startApi } from "../harness/api";
import type { TestDatabase } from "../harness/database";
import { testContext } from "../harness/ingest";
import { type CorpusRow, corpus } from "./corpus";
import { benchSource } from "./feed";
import { indexed, withHashesAndBlocks } from "./indexed";
import { overHttp } from "./over-http";
import { percentile, round, seeded } from "./random";
import { benchServer } from "./server";

const QUESTIONS = 300;
const WARM_UP = 40;
/** Pages that are asked for at once, for requests a second. */
const AT_ONCE = 8;
const KINDS = ["ip", "ipInBlock", "domain", "domainOfMany", "url", "hash", "unknown"] as const;
type Kind = (typeof KINDS)[number];

function made(text: string, as: Expectation = "any"): Indicator | null {
	const result = canonicalise(text, as);
	return result.ok ? result.indicator : null;
}

/** What each kind of page is asked for, drawn from the rows, so that domains with thousands of subdomains come as often as they occur. */
const PICKS: Readonly<Record<Kind, (value: string, at: number) => Indicator | null>> = {
	ip: (value) => made(value, "ip"),
	ipInBlock: (value) => (value.endsWith(".0/24") ? made(value.replace(".0/24", ".77")) : null),
	domain: (value) => made(value, "domain"),
	domainOfMany: (value) => {
		const host = made(value, "domain");
		const domain = host === null ? null : registrableDomain(host.value);
		return domain === null ? null : made(domain);
	},
	url: (value) => made(value, "url"),
	hash: (value) => made(value, "hash"),
	unknown: (_, at) => made(`www.nobody${at}.example.edu`),
};

function questions(rows: readonly CorpusRow[], kind: Kind): Indicator[] {
	const random = seeded(31);
	const found: Indicator[] = [];
	for (let turn = 0; found.length < QUESTIONS && turn < QUESTIONS * 600; turn++) {
		const indicator = PICKS[kind]((rows[Math.floor(random() * rows.length)] as CorpusRow).value, turn);
		if (indicator !== null) found.push(indicator);
	}
	return found;
}

/** Everything an indicator's page reads before its services answer: what the index says, which services there are, sources and the frame's numbers. */
async function page(indicator: Indicator, database: Database): Promise<void> {
	const reading = healthReading(testContext(database, [...allSources, benchSource]));
	await Promise.all([describeIndicator(indicator, database, []), offers(indicator, "passive"), reading.sources(), reading.progress(), totals(database)]);
}

async function measured(indicators: readonly Indicator[], work: (indicator: Indicator) => Promise<void>) {
	const times: number[] = [];
	for (const indicator of indicators.slice(0, WARM_UP)) await work(indicator);
	for (const indicator of indicators) {
		const begun = performance.now();
		await work(indicator);
		times.push(performance.now() - begun);
	}
	return { p50Ms: round(percentile(times, 0.5)), p95Ms: round(percentile(times, 0.95)), maxMs: round(Math.max(...times)), asked: times.length };
}

type Measured = Awaited<ReturnType<typeof measured>>;

async function eachKind(asked: Readonly<Record<Kind, Indicator[]>>, work: (indicator: Indicator) => Promise<void>, say: (text: string) => void): Promise<Partial<Record<Kind, Measured>>> {
	const details: Partial<Record<Kind, Measured>> = {};
	for (const kind of KINDS) {
		details[kind] = await measured(asked[kind], work);
		say(`${kind}: ${JSON.stringify(details[kind])}`);
	}
	return details;
}

function slowest(details: Partial<Record<Kind, Measured>>): number {
	return Math.max(...Object.values(details).map(({ p95Ms }) => p95Ms));
}

/** Questions that a key may ask in a minute, whose clock stands still here: a look-up costs as much as a search. */
const QUESTIONS_OF_KEY = Math.floor(BUDGET.units / COSTS.search);

/** Asks `GET /api/lookup` over HTTP, from the client's request to the last byte of the answer. */
async function httpAsker(database: Database) {
	let api: Api = await startApi({ database } as TestDatabase);
	let asked = 0;
	const server = await overHttp((request) => GET(request, { params: Promise.resolve({}) }));
	return {
		stop: server.stop,
		ask: async ({ value }: Indicator): Promise<void> => {
			if (++asked % QUESTIONS_OF_KEY === 0) api = await api.withNewKey();
			const answer = await fetch(`${server.url}/api/lookup?${new URLSearchParams({ keyword: value })}`, { headers: { authorization: api.authorization } });
			const text = await answer.text();
			if (answer.status !== 200 || !text.includes('"known":{')) throw new Error(`${answer.status}: ${text.slice(0, 200)}`);
		},
	};
}

/** How many a second where eight are asked for at all times. */
async function perSecond(indicators: readonly Indicator[], database: Database): Promise<number> {
	const left = [...indicators];
	const begun = performance.now();
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			for (let next = left.pop(); next !== undefined; next = left.pop()) await page(next, database);
		}),
	);
	return Math.round((indicators.length * 1000) / (performance.now() - begun));
}

/** The index part of an indicator's page over `rows` indicators, kind by kind, and all kinds mixed at once. */
export async function lookupBench(rows: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-lookup-"));
	const server = await benchServer();
	try {
		const source = await corpus(rows);
		const all = withHashesAndBlocks(source.rows);
		const database = await indexed(server, "bench_lookup", all, folder);
		say(`${all.length.toLocaleString("en")} indicators, ${source.real ? "real" : "synthetic"}.`);
		const asked = Object.fromEntries(KINDS.map((kind) => [kind, questions(all, kind)])) as Record<Kind, Indicator[]>;
		const details = await eachKind(asked, (indicator) => page(indicator, database), say);
		const http = await httpAsker(database);
		const httpDetails = await eachKind(asked, http.ask, (text) => say(`Over HTTP, ${text}`)).finally(http.stop);
		const random = seeded(37);
		const mixed = KINDS.flatMap((kind) => asked[kind]).sort(() => random() - 0.5);
		return {
			bench: "lookup",
			rows: all.length,
			real: source.real,
			p95Ms: slowest(details),
			httpP95Ms: slowest(httpDetails),
			requestsPerSecond: await perSecond(mixed, database),
			details,
			httpDetails,
		};
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
