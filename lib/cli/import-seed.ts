import { Command } from "commander";
import { ExistError } from "@/lib/errors";
import { importSeed, type SeedInput, type SeedReport } from "@/lib/import-seed";
import { ingestContext } from "@/lib/ingest";
import { migrate } from "@/lib/platform";
import { print, printJson, printTable, safe } from "./output";

interface Options {
	file?: string;
	databaseUrl?: string;
	dryRun?: boolean;
	json?: boolean;
}

function inputOf({ file, databaseUrl }: Options): SeedInput {
	if (file !== undefined && databaseUrl === undefined) return { file };
	if (databaseUrl !== undefined && file === undefined) return { databaseUrl };
	throw new ExistError("invalid", "Name one thing to import: --file with a dump, or --database-url with the original's database.");
}

/** A line that is overwritten in a terminal; elsewhere one line whenever something else begins. */
function progressLine(): (progress: { phase: string; done: number; total: number; rows: number }) => void {
	let last = "";
	let at = 0;
	return ({ phase, done, total, rows }) => {
		const share = total > 0 ? ` ${Math.min(100, Math.floor((done / total) * 100))} %` : "";
		if (process.stderr.isTTY) {
			if (Date.now() - at < 100) return;
			at = Date.now();
			process.stderr.write(`\r\u001b[K${phase}${share}, ${rows.toLocaleString("en")} rows`);
		} else if (phase !== last) process.stderr.write(`${phase} …\n`);
		last = phase;
	};
}

function show(report: SeedReport, seconds: number): void {
	print(`${report.dryRun ? "Tried" : "Imported"} in ${seconds.toFixed(1)} s${report.dryRun ? ", nothing was kept" : ""}.`);
	const n = (value: number) => value.toLocaleString("en");
	printTable(
		["tracker", "rows", "imported", "set aside", "waiting", "new", "updated", "unchanged"],
		report.trackers.map(({ tracker, rows, imported, setAside, waiting, records }) => [
			tracker,
			n(rows),
			n(imported),
			n(setAside),
			n(waiting),
			n(records.new),
			n(records.updated),
			n(records.unchanged),
		]),
	);
	for (const { tracker, setAsideReasons, notes } of report.trackers) {
		for (const { reason, count, first } of setAsideReasons) print(`  ${tracker}: ${n(count)} × ${safe(reason)} (first: ${safe(first)})`);
		for (const { reason, count, first } of notes) print(`  ${tracker}, noted: ${n(count)} × ${safe(reason)} (first: ${safe(first)})`);
	}
	for (const { reason, count, first } of report.unreadable) print(`  unreadable: ${n(count)} × ${safe(reason)} (first: ${safe(first)})`);
	const repeated = report.tables.filter((table) => table.repeated > 0);
	for (const { table, repeated: rows } of repeated) print(`  ${table}: ${n(rows)} rows repeat a key, the last one counts`);
	for (const { table, rows, reason } of report.otherTables) print(`  left alone: ${safe(table)}${rows > 0 ? ` (${n(rows)} rows)` : ""}, ${reason}`);
	if (!report.complete) print("The rows do not add up. Please report this with the lines above.");
}

async function run(options: Options): Promise<void> {
	const input = inputOf(options);
	await migrate();
	const begin = performance.now();
	const report = await importSeed(input, ingestContext(), { dryRun: options.dryRun === true, progress: progressLine() });
	if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
	const seconds = (performance.now() - begin) / 1000;
	if (options.json === true) printJson({ seconds, ...report });
	else show(report, seconds);
	if (!report.complete || report.trackers.some(({ waiting }) => waiting > 0)) process.exitCode = 1;
}

/** `exist import-seed (--file F | --database-url U) [--dry-run] [--json]`: the data of the original EXIST into this one. */
export function importSeedCommand(): Command {
	return new Command("import-seed")
		.description("import the data of the original EXIST (2019), from a dump or from its database")
		.option("--file <path>", "a dump of mysqldump or mariadb-dump, packed with gzip or not")
		.option("--database-url <url>", "the original's database, mysql://user:password@host/intelligence_db; it is only read")
		.option("--dry-run", "read and try everything, keep nothing")
		.option("--json", "print one JSON document")
		.action(run);
}
