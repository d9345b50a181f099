import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { ingestProgress } from "@/lib/health";
import { migrate } from "@/lib/platform";
import { print } from "./output";

/** Longest that progress is watched, seconds; a first reading takes minutes. */
const WATCH_SECONDS = 3600;

async function runMigrations(): Promise<void> {
	const ran = await migrate();
	print(ran === 0 ? "The database is up to date." : `The database is up to date (${ran} statements ran).`);
}

async function watch(): Promise<void> {
	for (let turn = 0; turn < WATCH_SECONDS; turn++) {
		const progress = await ingestProgress();
		const names = progress.running.map((run) => run.name).slice(0, 3);
		print(`${progress.done} of ${progress.total} sources read, ${progress.sightings.toLocaleString("en")} sightings${names.length === 0 ? "" : `, now ${names.join(", ")}`}`);
		if (!progress.firstRun) {
			print("Every source was asked once.");
			return;
		}
		await sleep(1000);
	}
}

/** `exist migrate`: brings the database to this release. */
export function migrateCommand(): Command {
	return new Command("migrate").description("bring the database to this release").action(runMigrations);
}

/** `exist progress`: how far the first reading of all sources is, a line a second until it is done. */
export function progressCommand(): Command {
	return new Command("progress").description("watch the first reading of all sources").action(watch);
}
