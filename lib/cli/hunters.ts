import { Command } from "commander";
import { judge, judgeStanding, listHunters, retrySetAside, setAside } from "@/lib/hunters";
import { migrate } from "@/lib/platform";
import { print, printJson, printTable } from "./output";

const JUDGE_MS = 30_000;

function when(date: Date | null): string {
	return date === null ? "never" : date.toISOString().slice(0, 16).replace("T", " ");
}

async function listThem(options: { kind?: string; json?: boolean }): Promise<void> {
	const hunters = await listHunters(options.kind === undefined ? {} : { kind: options.kind });
	if (options.json === true) return printJson(hunters);
	printTable(
		["id", "kind", "name", "state", "hits", "last hit", "last run", "query", "reason"],
		hunters.map(({ id, kind, name, state, hitCount, lastHitAt, lastRunAt, query, reason }) => [
			id,
			kind,
			name,
			state,
			hitCount.toLocaleString("en"),
			when(lastHitAt),
			when(lastRunAt),
			query,
			reason ?? "",
		]),
	);
}

/** Judges until nothing waits. */
async function judgeAll(options: { json?: boolean }): Promise<void> {
	await migrate();
	const sum = { records: 0, hits: 0, alerts: 0, left: 0 };
	do {
		const slice = await judge({ milliseconds: JUDGE_MS });
		sum.records += slice.records;
		sum.hits += slice.hits;
		sum.alerts += slice.alerts;
		sum.left = slice.left;
	} while (sum.left > 0);
	if (options.json === true) return printJson(sum);
	print(`${sum.records.toLocaleString("en")} new or changed records, ${sum.hits.toLocaleString("en")} hits, ${sum.alerts.toLocaleString("en")} alerts to be told.`);
}

async function standing(options: { json?: boolean }): Promise<void> {
	const [now, aside] = [await judgeStanding(), await setAside()];
	if (options.json === true) return printJson({ ...now, setAside: aside });
	print(`${now.waiting} batches wait${now.oldest === null ? "" : `, the oldest since ${when(now.oldest)}`}; ${now.failing} hunters fail; ${now.aside} batches were set aside.`);
	if (aside.length === 0) return;
	printTable(
		["id", "tracker", "records", "noted", "hunter", "reason"],
		aside.map(({ id, tracker, records, at, hunter, reason }) => [id, tracker, String(records), when(at), hunter?.name ?? "all", reason]),
	);
}

async function retry(id: string | undefined): Promise<void> {
	const batches = await retrySetAside(id ?? null, "cli");
	print(batches === 0 ? "Nothing was set aside." : `${batches} ${batches === 1 ? "batch" : "batches"} will be tried once more.`);
}

/** `exist hunters list | judge | standing | retry`. */
export function huntersCommand(): Command {
	const json = ["--json", "print one JSON document"] as const;
	return new Command("hunters")
		.description("hunters: saved queries that new records are held against")
		.addCommand(
			new Command("list")
				.description("all hunters with their state")
				.option("--kind <kind>", "only those of a kind")
				.option(...json)
				.action(listThem),
		)
		.addCommand(
			new Command("judge")
				.description("hold what is new against the hunters now")
				.option(...json)
				.action(judgeAll),
		)
		.addCommand(
			new Command("standing")
				.description("what waits, and what was set aside after several tries")
				.option(...json)
				.action(standing),
		)
		.addCommand(new Command("retry").description("try what was set aside once more").argument("[batch]", "id of one batch; all where it is left out").action(retry));
}
