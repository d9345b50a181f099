import { ExistError } from "@/lib/errors";
import type { IngestContext } from "@/lib/ingest";
import { inHalves, type Queryable } from "@/lib/platform";
import type { RecordStore, StoreContext } from "@/lib/records";
import type { RecordTracker } from "@/lib/sources/record";
import { ownerOf, type RecordOwner } from "./former";
import { type Converted, exploitOf, newsOf, tweetOf } from "./items";
import { type ReadingContext, readSeedDatabase, readSeedFile, type SeedProgress } from "./read-seed";
import { Report, type SeedReport } from "./report";
import { stageReputation, storeSightings, writeFormerIds } from "./reputation";
import { type Listing, type SeedRow, SeedStage } from "./stage";
import { whyNot } from "./tables";
import { eventOf } from "./threat";
import { vulnOf } from "./vuln";

export type SeedInput = { file: string } | { databaseUrl: string };

export interface ImportOptions {
	/** everything is read, judged and tried, nothing is kept */
	dryRun?: boolean;
	progress?: (progress: SeedProgress) => void;
}

/** Rows of one transaction: far below what a small database plan takes in one, far above a round trip. */
const BATCH = 200;
/** Characters of one transaction: events and exploits can be large. */
const BATCH_WEIGHT = 1_500_000;
const LISTINGS = 1000;

/** Ends a transaction that was only a rehearsal. */
class Rehearsed extends Error {}

interface Part<Tracker extends RecordTracker = RecordTracker> {
	tracker: Tracker;
	table: string;
	convert: (row: SeedRow, stage: SeedStage) => Converted<unknown>;
}

const PARTS: readonly Part[] = [
	{ tracker: "exploit", table: "exploit_exploit", convert: exploitOf },
	{ tracker: "news", table: "news_news", convert: newsOf },
	{ tracker: "twitter", table: "twitter_tweet", convert: tweetOf },
	{ tracker: "vuln", table: "vuln_vuln", convert: vulnOf },
	{ tracker: "threat", table: "threat_event", convert: eventOf },
];

/** A row on its way: its old key, what it became, whose record that is. */
interface Entry {
	seed: string;
	item: unknown;
	owner: RecordOwner;
}

async function inTransaction<T>(context: IngestContext, dryRun: boolean, work: (tx: Queryable) => Promise<T>): Promise<T> {
	let result: T | undefined;
	try {
		return await context.database.transaction(async (tx) => {
			result = await work(tx);
			if (dryRun) throw new Rehearsed();
			return result;
		});
	} catch (error) {
		if (error instanceof Rehearsed) return result as T;
		throw error;
	}
}

async function importReputation(stage: SeedStage, report: Report, context: IngestContext, options: Required<ImportOptions>, at: Date): Promise<void> {
	const total = stage.counts("reputation_blacklist").kept;
	let done = 0;
	const rows = { now: at.getTime(), country: context.country, ownDomains: context.ownDomains };
	for (const page of stage.pages("reputation_blacklist")) {
		for (const row of page) {
			const result = stageReputation(row, stage, rows);
			if ("reason" in result) report.setAside("reputation", `reputation_blacklist ${row.id}`, result.reason);
			else {
				report.imported("reputation");
				for (const note of result.notes) report.note("reputation", `reputation_blacklist ${row.id}`, note);
			}
		}
		done += page.length;
		options.progress({ phase: "reputation", done: done / 2, total, rows: done });
	}
	let batch: Listing[][] = [];
	const write = async (): Promise<void> => {
		if (batch.length === 0) return;
		const groups = batch;
		batch = [];
		await inHalves(groups, async (part) => {
			report.stored("reputation", await inTransaction(context, options.dryRun, (tx) => storeSightings(tx, part, { at, ownDomains: context.ownDomains })));
		});
	};
	let written = 0;
	for (const group of stage.listings()) {
		batch.push(group);
		written += group.length;
		if (batch.length < LISTINGS) continue;
		await write();
		options.progress({ phase: "reputation", done: Math.min(total, total / 2 + written / 2), total, rows: done });
	}
	await write();
}

/** Stores some items by the same store as ingest does, each under the source that owns it, and notes where their old keys lead. */
async function storeItems(tx: Queryable, part: Part, entries: readonly Entry[], store: RecordStore<unknown>, at: Date, report: Report, context: IngestContext): Promise<() => void> {
	const owners = new Map(entries.map(({ owner }) => [owner.number, owner]));
	const later: Array<() => void> = [];
	for (const owner of owners.values()) {
		const own = entries.filter((entry) => entry.owner === owner);
		const storeContext: StoreContext = { source: owner, at, ownDomains: context.ownDomains, archived: true };
		const counts = await store.store(
			tx,
			own.map(({ item, seed }) => ({ item, where: `${part.table} ${seed}` })),
			storeContext,
		);
		const refused = new Set(counts.setAside.map(({ where }) => where));
		const landed = own.filter(({ seed }) => !refused.has(`${part.table} ${seed}`));
		const records = landed.flatMap((entry) => {
			const record = report.recordOf(part.tracker, entry.item, owner);
			return record === null ? [] : [{ old: entry.seed, record }];
		});
		await writeFormerIds(tx, part.tracker, records);
		if (counts.new > 0) await tx.execute(`UPDATE source_state SET sighting_count = sighting_count + ${counts.new}, present_count = present_count + ${counts.new} WHERE source = ${owner.number}`);
		later.push(() => {
			report.imported(part.tracker, landed.length);
			report.stored(part.tracker, counts);
			for (const { where, reason } of counts.setAside) report.setAside(part.tracker, where, reason);
		});
	}
	// A transaction may be started again; what it did is counted when it is through.
	return () => {
		for (const count of later) count();
	};
}

async function importPart(part: Part, stage: SeedStage, report: Report, context: IngestContext, options: Required<ImportOptions>, at: Date): Promise<void> {
	const total = stage.counts(part.table).kept;
	if (total === 0) return;
	const store = context.stores[part.tracker] as RecordStore<unknown> | undefined;
	if (store === undefined) {
		report.waiting(part.tracker, total, "this release cannot store records of the tracker yet");
		return;
	}
	let batch: Entry[] = [];
	let weight = 0;
	const write = async (): Promise<void> => {
		if (batch.length === 0) return;
		const entries = batch;
		batch = [];
		weight = 0;
		await inHalves(entries, async (some) => {
			const count = await inTransaction(context, options.dryRun, (tx) => storeItems(tx, part, some, store, at, report, context));
			count();
		});
	};
	let done = 0;
	for (const page of stage.pages(part.table)) {
		for (const row of page) {
			const seed = row.id as string;
			const where = `${part.table} ${seed}`;
			const made = part.convert(row, stage);
			const owner = made.ok ? ownerOf(part.tracker, made.former) : null;
			if (!made.ok || owner === null) {
				report.setAside(part.tracker, where, made.ok ? `its source ${made.former} has no owner here` : made.reason);
				continue;
			}
			for (const note of made.notes) report.note(part.tracker, where, note);
			batch.push({ seed, item: made.item, owner });
			weight += JSON.stringify(made.item).length;
			if (batch.length >= BATCH || weight >= BATCH_WEIGHT) await write();
		}
		done += page.length;
		options.progress({ phase: part.tracker, done, total, rows: done });
	}
	await write();
}

/**
 * Imports the data of the original. Rows are put down first and written then by the stores that ingest uses, so identity and
 * digest make it repeatable: a second import of the same data changes nothing, an import that was stopped is done again. Every
 * row is accounted for: stored, joined with another of the same record, or set aside with its reason. Hunters are not told of any of
 * it: it is old news, and would be thousands of messages.
 */
export async function importSeed(input: SeedInput, context: IngestContext, given: ImportOptions = {}): Promise<SeedReport> {
	const options: Required<ImportOptions> = { dryRun: given.dryRun ?? false, progress: given.progress ?? (() => {}) };
	const at = context.now();
	const report = new Report(options.dryRun);
	const stage = await SeedStage.open();
	try {
		const reading: ReadingContext = {
			stage,
			bad: (table, where, reason) => {
				stage.unreadable(table);
				report.unreadable(where, reason);
			},
			other: (table, rows) => report.other(table, rows, whyNot(table) ?? ""),
			progress: options.progress,
		};
		if ("file" in input) await readSeedFile(input.file, reading);
		else await readSeedDatabase(input.databaseUrl, reading);
		stage.finish();
		report.tables(stage);
		if (report.isEmpty()) throw new ExistError("invalid", "None of the original's tables is in it (reputation_blacklist, exploit_exploit, threat_event …). Is it a dump of another database?");
		await importReputation(stage, report, context, options, at);
		for (const part of PARTS) await importPart(part, stage, report, context, options, at);
		return report.finish();
	} finally {
		await stage.close();
	}
}
