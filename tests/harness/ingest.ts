import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunDetail, runDetail } from "@/lib/health";
import { advanceRun, type IngestContext, startRun } from "@/lib/ingest";
import type { Database } from "@/lib/platform";
import type { AnySource } from "@/lib/sources";
import { defineSource, type SourceDefinition } from "@/lib/sources/define";
import { recordStores } from "@/lib/trackers/stores";

/** A context without geography, network or secrets; the clock is the test's. */
export function testContext(database: Database, sources: readonly AnySource[], extra: Partial<IngestContext> = {}): IngestContext {
	return { database, sources, stores: recordStores, secrets: {}, policy: {}, country: () => null, ownDomains: [], now: () => new Date(), retryDelays: [], ...extra };
}

/** The simplest source there is: one value a line. */
export function lineSource(extra: Partial<SourceDefinition> = {}): SourceDefinition {
	return defineSource({
		id: "test-lines",
		name: "Test lines",
		number: 9100,
		tracker: "reputation",
		homepage: "https://example.com/",
		url: "https://feed.example.com/list.txt",
		everyMinutes: 60,
		lists: { mode: "snapshot" },
		licence: { name: "none", redistributable: true },
		category: "suspicious",
		format: { kind: "lines" },
		row: ({ text }) => ({ value: text, as: "any" }),
		...extra,
	});
}

/** Runs a source to its end from a text or a file on disk. */
export async function runSource(context: IngestContext, source: Pick<AnySource, "number">, body: { text: string } | { file: string }, milliseconds = 20_000): Promise<RunDetail> {
	const folder = await mkdtemp(join(tmpdir(), "exist-test-"));
	try {
		let file: string;
		if ("file" in body) file = body.file;
		else {
			file = join(folder, "body");
			await writeFile(file, body.text);
		}
		const started = await startRun(source.number, { trigger: "cli", withFile: true }, context);
		if (!started.started) throw new Error(started.message);
		for (let turn = 0; turn < 500; turn++) {
			const progress = await advanceRun(started.run, { milliseconds, file }, context);
			if (progress.done) return await runDetail(started.run, context);
		}
		throw new Error(`run ${started.run} does not end`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Runs a source that is asked over the network (a test's own loopback server) to the end of one run. */
export async function runPull(context: IngestContext, source: Pick<AnySource, "number">, milliseconds = 20_000): Promise<RunDetail> {
	const started = await startRun(source.number, { trigger: "manual" }, context);
	if (!started.started) throw new Error(started.message);
	for (let turn = 0; turn < 500; turn++) {
		const progress = await advanceRun(started.run, { milliseconds }, context);
		if (progress.done) return await runDetail(started.run, context);
	}
	throw new Error(`run ${started.run} does not end`);
}

/** What a source lists, sorted: the values that are present. */
export async function presentValues(database: Database, source: number): Promise<string[]> {
	const rows = await database.query<{ value: string }>(`SELECT i.value FROM sighting s JOIN indicator i ON i.id = s.indicator_id WHERE s.source = ${source} AND s.present = 1`);
	return rows.map((row) => row.value).sort();
}

/** Everything that is stored about records, as one text: two stores are equal when their dumps are. Observation times are left out. */
export async function dumpIndex(database: Database): Promise<string> {
	const parts: string[] = [];
	for (const query of [
		"SELECT HEX(id) AS a, type AS b, value AS c, host_key AS d, HEX(ip_from) AS e, HEX(ip_to) AS f, warning AS g FROM indicator ORDER BY id",
		"SELECT HEX(id) AS a, source AS b, present AS c, listed AS d, category AS e, ports AS f, description AS g, tags AS h, HEX(digest) AS i FROM sighting ORDER BY id",
		"SELECT HEX(indicator_id) AS a, source AS b FROM presence ORDER BY indicator_id, source, from_at",
		"SELECT HEX(indicator_id) AS a, HEX(sibling_id) AS b FROM hash_sibling ORDER BY indicator_id, sibling_id",
		"SELECT HEX(indicator_id) AS a, text AS b FROM search_text ORDER BY indicator_id",
		"SELECT source AS a, SUM(records) AS b, SUM(indicators) AS c FROM daily_count GROUP BY source ORDER BY source",
		"SELECT source AS a, present_count AS b, sighting_count AS c FROM source_state ORDER BY source",
	]) {
		const rows = await database.query(query);
		parts.push(rows.map((row) => Object.values(row).join("|")).join("\n"));
	}
	return parts.join("\n--\n");
}
