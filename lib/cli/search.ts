import { Command } from "commander";
import { defang } from "@/lib/domain";
import { ExistError, shown } from "@/lib/errors";
import { crossSearch } from "@/lib/search";
import { reputation } from "@/lib/trackers";
import { print, printJson, printTable, safe } from "./output";

/** Most rows of a group. */
const MAX_ROWS = 1000;

async function search(words: string[], options: { json?: boolean; limit: string }): Promise<void> {
	const limit = Number(options.limit);
	if (!/^\d{1,4}$/.test(options.limit) || limit < 1 || limit > MAX_ROWS)
		throw new ExistError("invalid", `--limit "${shown(options.limit, 20)}" is not a whole number from 1 to ${MAX_ROWS}.`, { field: "limit" });
	const text = words.join(" ").trim();
	if (text === "") throw new ExistError("invalid", "There is nothing to search for. Give an IP address, block, domain, URL, hash or words.", { field: "text" });
	const result = await crossSearch(text, { limit });
	if (result.groups.length === 0) process.exitCode = 1;
	if (options.json === true) {
		printJson({
			query: result.query,
			tookMs: Math.round(result.tookMs * 10) / 10,
			notes: result.notes,
			counts: result.counts,
			groups: result.groups.map((group) => ({ ...group, rows: group.rows.map(reputation.toApi) })),
		});
		return;
	}
	for (const note of result.notes) print(safe(note));
	if (result.groups.length === 0) {
		print(`Nothing in the index for "${shown(text)}" (${result.tookMs.toFixed(0)} ms). That is no verdict: no source that is read here lists it.`);
		return;
	}
	for (const group of result.groups) {
		print(`${group.title}: ${group.more ? "more than " : ""}${group.total.toLocaleString("en")}`);
		printTable(
			["indicator", "type", "source", "category", "first seen", "last seen", "description"],
			group.rows.map((row) => [
				defang(row.indicator),
				row.indicator.type,
				row.source.name,
				row.category,
				row.seenAt.toISOString().slice(0, 10),
				row.listed ? row.lastSeen.toISOString().slice(0, 10) : `left ${row.lastSeen.toISOString().slice(0, 10)}`,
				row.description ?? "",
			]),
		);
		print();
	}
	print(`${result.tookMs.toFixed(0)} ms`);
}

/** `exist search <text> [--json]`: cross search, values shown defanged; exit status 1 where nothing is found. */
export function searchCommand(): Command {
	return new Command("search")
		.description("search an indicator (defanged is fine) or words")
		.argument("<text...>", "IP address, block, domain, URL, hash or words")
		.option("--json", "print one JSON document, values as they are")
		.option("--limit <n>", "rows a group", "20")
		.action(search);
}
