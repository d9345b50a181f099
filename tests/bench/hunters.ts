import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { judge } from "@/lib/hunters";
import { judgeParts } from "@/lib/hunters/parts";
import { createHunter } from "@/lib/hunters/store";
import type { Database } from "@/lib/platform";
import { defineSource } from "@/lib/sources/define";
import { hunterKills, type Lane } from "../harness/hunter-kills";
import { runSource, testContext } from "../harness/ingest";
import { type CorpusRow, corpus, syntheticRows } from "./corpus";
import { benchSource, writeFeed } from "./feed";
import { indexed } from "./indexed";
import { percentile, round, seeded } from "./random";
import { fillSeed } from "./search";
import { type BenchServer, benchServer } from "./server";
import { slackFaults } from "./slack-faults";

export interface HuntersOptions {
	hunters: number;
	/** records that were there before */
	archive: number;
	/** records of a run */
	fresh: number;
	/** processes that are killed; 0 leaves faults out */
	kills: number;
}

/** Hunters that ask the whole archive by the original's plan; all of them would take minutes. */
const SEED_HUNTERS = 12;
/** Runs that bring news, one after the other. */
const RUNS = 5;
const LANES = 4;

/** Brings the news: a source of its own, so that nothing of the archive leaves its list. */
const newsSource = defineSource({ ...benchSource, id: "bench-news", name: "Bench news", number: 9002, lists: { mode: "append" } });

/** Queries as teams write them: words of two, names, values, networks, with fields and exceptions. */
function queriesOf(rows: readonly CorpusRow[], count: number): string[] {
	const random = seeded(3);
	const found = new Set<string>();
	const any = (): CorpusRow => rows[Math.floor(random() * rows.length)] as CorpusRow;
	const label = ({ value }: CorpusRow): string => value.replace(/^[a-z]+:\/\//, "").split(/[./:]/)[0] ?? "";
	const makers: ReadonlyArray<() => string> = [
		() => `${any().family}, ${any().family}`,
		() => `${any().family} type:domain`,
		() => `"${any().family}" -type:url`,
		() => `${label(any())}, ${label(any())}`,
		() => any().value,
		() => `${1 + Math.floor(random() * 222)}.${Math.floor(random() * 256)}.0.0/16`,
		() => `${label(any())} ${any().family}`,
	];
	for (let turn = 0; found.size < count && turn < count * 40; turn++) {
		const query = (makers[turn % makers.length] as () => string)();
		if (/^[\x20-\x7e]{3,200}$/.test(query) && !/(^|[\s,])[^\s,"]{0,1}($|[\s,])/.test(query)) found.add(query);
	}
	return [...found];
}

/** Makes hunters of those queries that the language takes. */
async function makeHunters(database: Database, rows: readonly CorpusRow[], count: number): Promise<string[]> {
	const made: string[] = [];
	for (const query of queriesOf(rows, count * 2)) {
		if (made.length === count) break;
		try {
			await createHunter({ kind: "reputation", name: `Hunter ${made.length}`, query, enabled: true, slack: true, channel: null, digestOver: 10 }, "bench", database);
			made.push(query);
		} catch {
			// A label of the corpus that is no term.
		}
	}
	if (made.length < count) throw new Error(`only ${made.length} of ${count} hunters could be made of the corpus`);
	return made;
}

/** Records that are new: half of them of families and networks that some hunters ask for, as the archive has. */
function newRows(rows: readonly CorpusRow[], count: number, run: number): CorpusRow[] {
	const random = seeded(100 + run);
	return [...syntheticRows(count, 7000 + run)].map(({ value, family }) => ({ value, family: random() < 0.5 ? (rows[Math.floor(random() * rows.length)] as CorpusRow).family : family }));
}

/** A hunter by the original's plan: every row of the archive is compared with every word. */
async function askByLike(connection: Connection, query: string): Promise<number> {
	const words = (clause: string): string[] =>
		clause
			.split(/\s+/)
			.filter((word) => word !== "" && !word.startsWith("-") && !/^[a-z]+:[^/]/.test(word))
			.map((word) => word.replaceAll('"', ""));
	const values: string[] = [];
	const clauses = query.split(",").map((clause) =>
		words(clause)
			.map((word) => {
				const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
				values.push(pattern, pattern, pattern, pattern);
				return "(ip LIKE ? OR domain LIKE ? OR url LIKE ? OR description LIKE ?)";
			})
			.join(" AND "),
	);
	const begun = performance.now();
	await connection.query(`SELECT id FROM reputation_blacklist WHERE ${clauses.filter((clause) => clause !== "").join(" OR ")}`, values);
	return (performance.now() - begun) / 1000;
}

async function faultsOf(server: BenchServer, kills: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const lane = async (name: string): Promise<Lane> => ({ database: await server.database(name), url: server.url(name), name });
	const scripts = await slackFaults(await server.database("bench_faults"), say);
	const lanes: Lane[] = [];
	for (let at = 0; at < LANES; at++) lanes.push(await lane(`bench_kills_${at}`));
	const killed = await hunterKills({ lanes, template: await lane("bench_kills"), kills, seed: 17, say });
	return {
		alertsLost: scripts.lost + killed.alertsLost,
		alertsTwice: scripts.twice + killed.alertsTwice,
		scripts,
		kills: killed,
	};
}

/** New records held against all hunters over an archive, the same by the original's plan, and what faults and kills do to alerts. */
export async function huntersBench({ hunters, archive, fresh, kills }: HuntersOptions, say: (text: string) => void): Promise<Record<string, unknown>> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-hunters-"));
	const server = await benchServer();
	try {
		const { rows, real } = await corpus(archive);
		const database = await indexed(server, "bench_hunters", rows, folder);
		// There is nobody yet who could ask for the archive.
		while ((await judge({ milliseconds: 60_000 }, judgeParts(database))).left > 0);
		const queries = await makeHunters(database, rows, hunters);
		say(`${rows.length.toLocaleString("en")} records in the archive, ${queries.length} hunters.`);
		const seconds: number[] = [];
		const found = { records: 0, hits: 0, alerts: 0 };
		for (let run = 0; run < RUNS; run++) {
			const file = join(folder, `news-${run}`);
			await writeFeed(file, newRows(rows, fresh, run));
			await database.execute(`UPDATE source_state SET next_run_at = NULL WHERE source = ${newsSource.number}`);
			await runSource(testContext(database, [newsSource]), newsSource, { file });
			const begun = performance.now();
			const { records, hits, alerts, left } = await judge({ milliseconds: 60_000 }, judgeParts(database));
			seconds.push((performance.now() - begun) / 1000);
			if (left > 0) throw new Error("the judge did not come to an end");
			found.records += records;
			found.hits += hits;
			found.alerts += alerts;
			say(`Run ${run + 1}: ${JSON.stringify({ seconds: round(seconds.at(-1) ?? 0, 3), records, hits, alerts })}`);
		}
		const connection = await fillSeed(server, rows, folder);
		const asked: number[] = [];
		const every = Math.max(1, Math.floor(queries.length / SEED_HUNTERS));
		for (let at = 0; at < queries.length && asked.length < SEED_HUNTERS; at += every) asked.push(await askByLike(connection, queries[at] as string));
		await connection.end();
		const seedSeconds = (asked.reduce((sum, one) => sum + one, 0) / asked.length) * queries.length;
		// The first run has compiled the hunters as well; the slowest counts.
		const slowest = Math.max(...seconds);
		return {
			bench: "hunters",
			hunters: queries.length,
			archive: rows.length,
			new: fresh,
			real,
			seconds: round(slowest, 3),
			medianSeconds: round(percentile(seconds, 0.5), 3),
			firstSeconds: round(seconds[0] ?? 0, 3),
			found,
			seedSeconds: round(seedSeconds, 1),
			seedHuntersMeasured: asked.length,
			seedIsScaled: asked.length < queries.length,
			speedup: round(seedSeconds / slowest, 0),
			...(kills > 0 ? await faultsOf(server, kills, say) : {}),
		};
	} finally {
		await server.stop();
		await rm(folder, { recursive: true, force: true });
	}
}
