import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { Command } from "commander";
import { ExistError } from "@/lib/errors";
import { runDetail } from "@/lib/health";
import { advanceRun, failRun, findSource, ingestContext, startRun } from "@/lib/ingest";
import { migrate } from "@/lib/platform";
import { print, printJson, safe } from "./output";

interface Options {
	file?: string;
	json?: boolean;
}

/** Reasons of set-aside rows with how often each was given, most frequent first; numbers and quotes are left out. */
function reasons(rows: ReadonlyArray<{ line: number; reason: string }>): Array<{ reason: string; count: number; firstLine: number }> {
	const found = new Map<string, { reason: string; count: number; firstLine: number }>();
	for (const row of rows) {
		const key = row.reason.replace(/"[^"]*"/g, "…");
		const known = found.get(key);
		if (known === undefined) found.set(key, { reason: row.reason, count: 1, firstLine: row.line });
		else known.count++;
	}
	return [...found.values()].sort((a, b) => b.count - a.count);
}

/** Asked before a run begins: a run that fails for its caller's mistake would hold the source until its lease ends. */
async function checkFile(path: string, source: string): Promise<void> {
	const info = await stat(path).catch(() => null);
	if (info === null) throw new ExistError("invalid", `There is no file "${safe(path)}". Give the path of a downloaded body of ${source}.`, { field: "file" });
	if (!info.isFile()) throw new ExistError("invalid", `"${safe(path)}" is not a file. Give the path of a downloaded body of ${source}.`, { field: "file" });
	await access(path, constants.R_OK).catch(() => {
		throw new ExistError("invalid", `"${safe(path)}" may not be read. Change its permissions, or run this as its owner.`, { field: "file" });
	});
}

/** Advances a run to its end, showing how far it is on a terminal. */
async function finish(run: string, name: string, file: string | undefined): Promise<void> {
	try {
		for (;;) {
			const progress = await advanceRun(run, { milliseconds: 2000, ...(file === undefined ? {} : { file }) });
			if (progress.done) return;
			if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${progress.phase} ${progress.cursor}/${progress.blocks} `);
		}
	} catch (error) {
		// Left open, the run would hold its source until its lease is over.
		await failRun(run, error instanceof ExistError ? error.message : "The command line failed.").catch(() => {});
		throw error;
	}
}

/** Runs one source and prints how it went. */
export async function ingest(reference: string, options: Options): Promise<void> {
	const context = ingestContext();
	const source = await findSource(reference, context);
	if (options.file !== undefined) await checkFile(options.file, source.name);
	await migrate();
	const started = await startRun(source.number, { trigger: "cli", withFile: options.file !== undefined });
	if (!started.started) throw new ExistError(started.reason === "running" ? "conflict" : "invalid", started.message);
	const begin = performance.now();
	await finish(started.run, source.name, options.file);
	const seconds = (performance.now() - begin) / 1000;
	const run = await runDetail(started.run);
	const grouped = reasons(run.setAsideRows);
	const counts = {
		read: run.read,
		new: run.new,
		updated: run.updated + run.relisted,
		unchanged: run.unchanged,
		delisted: run.delisted,
		duplicates: run.duplicates,
		setAside: run.setAside,
	};
	if (options.json === true) {
		printJson({ source: { id: source.id, number: source.number, name: source.name }, run: run.run, state: run.state, reason: run.reason, seconds, ...counts, setAsideReasons: grouped });
	} else {
		print(`${source.name}: ${run.state} in ${seconds.toFixed(1)} s${run.reason === null ? "" : `. ${safe(run.reason)}`}`);
		for (const [name, value] of Object.entries(counts)) print(`  ${name.replace("setAside", "set aside").padEnd(10)} ${value.toLocaleString("en").padStart(10)}`);
		for (const group of grouped.slice(0, 20)) print(`  ${String(group.count).padStart(6)} × ${safe(group.reason)} (first in line ${group.firstLine})`);
	}
	if (run.state !== "ok" && run.state !== "unchanged") process.exitCode = 1;
}

/** `exist ingest <source> [--file F] [--json]`: runs one source now, from its address or a local file. */
export function ingestCommand(): Command {
	return new Command("ingest")
		.description("read one source now, from its address or from a local file")
		.argument("<source>", "slug or number, see `source list`")
		.option("--file <path>", "a body on disk in place of the source's address")
		.option("--json", "print one JSON document")
		.action(ingest);
}
