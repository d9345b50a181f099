import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalise } from "@/lib/domain/canonical";
import { indicatorId } from "@/lib/indicators/identity";
import { bulkLookup, MAX_BULK } from "@/lib/lookup";
import { type Database, lit } from "@/lib/platform";
import { type Api, startApi } from "../harness/api";
import type { TestDatabase } from "../harness/database";
import { type CorpusRow, corpus } from "./corpus";
import { indexed, withHashesAndBlocks } from "./indexed";
import { percentile, round, seeded } from "./random";
import { benchServer } from "./server";

const CALLS = 40;
const WARM_UP = 6;
/** Calls that a key may make in a minute, whose clock stands still here. */
const CALLS_OF_KEY = 25;

/** What a SOC's logs hold: half is nobody's, the rest listed values, names below listed domains, addresses inside listed blocks. */
function value(random: () => number, rows: readonly CorpusRow[], blocks: readonly string[]): string {
	const kind = random();
	const address = () => `${1 + Math.floor(random() * 222)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;
	const row = rows[Math.floor(random() * rows.length)] as CorpusRow;
	if (kind < 0.3) return row.value;
	if (kind < 0.4) return /^[a-z0-9.-]+\.[a-z]+$/.test(row.value) ? `cdn${Math.floor(random() * 1000)}.${row.value}` : row.value;
	if (kind < 0.45 && blocks.length > 0) return (blocks[Math.floor(random() * blocks.length)] as string).replace(".0/24", `.${1 + Math.floor(random() * 250)}`);
	if (kind < 0.6) return address();
	if (kind < 0.7) return `https://www.shop${Math.floor(random() * 1e9).toString(36)}.com/item/${Math.floor(random() * 1e6)}?ref=mail`;
	return `${["www", "api", "img", "mail"][Math.floor(random() * 4)]}.site${Math.floor(random() * 1e9).toString(36)}.${["com", "net", "co.uk", "de"][Math.floor(random() * 4)]}`;
}

interface Timed {
	valuesPerSecond: number;
	p50Ms: number;
	p95Ms: number;
}

async function timed(calls: ReadonlyArray<readonly string[]>, work: (values: readonly string[], turn: number) => Promise<void>): Promise<Timed> {
	for (const [turn, values] of calls.slice(0, WARM_UP).entries()) await work(values, turn);
	const times: number[] = [];
	for (const [turn, values] of calls.slice(WARM_UP).entries()) {
		const begun = performance.now();
		await work(values, turn + WARM_UP);
		times.push(performance.now() - begun);
	}
	const all = times.reduce((sum, time) => sum + time, 0);
	return { valuesPerSecond: Math.round((times.length * MAX_BULK * 1000) / all), p50Ms: round(percentile(times, 0.5)), p95Ms: round(percentile(times, 0.95)) };
}

/** Ids of one statement: MariaDB turns lists of 1,000 and more into a table it joins. */
const PLAIN_IDS = 900;

/** The least a look-up could be: ids that somebody made before, one statement after the other, and the rows that are there. */
async function plainIn(database: Database, ids: readonly string[]): Promise<void> {
	for (let from = 0; from < ids.length; from += PLAIN_IDS)
		await database.query(`SELECT indicator_id, source, listed, seen_at FROM sighting WHERE indicator_id IN (${ids.slice(from, from + PLAIN_IDS).join(",")})`);
}

function idsOf(values: readonly string[]): string[] {
	return values.flatMap((one) => {
		const made = canonicalise(one);
		return made.ok ? [lit(indicatorId(made.indicator))] : [];
	});
}

/** 10,000 values a call over `rows` indicators: by the service, by the handler of the Web API, and by a bare `IN`, in turn. */
export async function bulkBench(rows: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-bulk-"));
	const server = await benchServer();
	try {
		const source = await corpus(rows);
		const all = withHashesAndBlocks(source.rows);
		const database = await indexed(server, "bench_bulk", all, folder);
		say(`${all.length.toLocaleString("en")} indicators, ${source.real ? "real" : "synthetic"}.`);
		const random = seeded(23);
		const blocks = all.flatMap(({ value: text }) => (text.endsWith(".0/24") ? text : []));
		const calls = Array.from({ length: CALLS + WARM_UP }, () => Array.from({ length: MAX_BULK }, () => value(random, all, blocks)));
		const kinds: Record<string, number> = {};
		for await (const answer of bulkLookup(calls[0] ?? [], database)) kinds[answer.kind] = (kinds[answer.kind] ?? 0) + 1;
		const ids = calls.map(idsOf);
		const peer = await timed(calls, (_, turn) => plainIn(database, ids[turn] ?? []));
		say(`Plain IN: ${JSON.stringify(peer)}`);
		const service = await timed(calls, async (values) => {
			let answers = 0;
			for await (const _ of bulkLookup(values, database)) answers++;
			if (answers !== values.length) throw new Error(`${answers} answers`);
		});
		say(`Service: ${JSON.stringify(service)}`);
		let api: Api = await startApi({ database } as TestDatabase);
		const http = await timed(calls, async (values, turn) => {
			if (turn % CALLS_OF_KEY === 0) api = await api.withNewKey();
			const { status, text } = await api.ask("/api/lookup/bulk", { method: "POST", body: values.join("\n"), headers: { "content-type": "text/plain" } });
			if (status !== 200 || !text.includes('{"type":"end","values":10000,')) throw new Error(`${status}: ${text.slice(-200)}`);
		});
		say(`Handler: ${JSON.stringify(http)}`);
		return {
			bench: "bulk",
			rows: all.length,
			real: source.real,
			valuesPerSecond: http.valuesPerSecond,
			p95Ms: http.p95Ms,
			serviceValuesPerSecond: service.valuesPerSecond,
			serviceP95Ms: service.p95Ms,
			plainInValuesPerSecond: peer.valuesPerSecond,
			ratioToPlainIn: round(http.valuesPerSecond / peer.valuesPerSecond),
			serviceRatioToPlainIn: round(service.valuesPerSecond / peer.valuesPerSecond),
			kinds,
		};
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
