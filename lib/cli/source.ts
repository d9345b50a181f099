import { Command } from "commander";
import { sourceHealth } from "@/lib/health";
import { printJson, printTable } from "./output";

async function listSources(options: { json?: boolean }): Promise<void> {
	const sources = await sourceHealth();
	if (options.json === true) return printJson(sources);
	printTable(
		["number", "id", "name", "state", "present", "every", "last good", "reason"],
		sources.map((source) => [
			String(source.number),
			source.id,
			source.name,
			source.state,
			source.present.toLocaleString("en"),
			source.everyMinutes % 60 === 0 ? `${source.everyMinutes / 60} h` : `${source.everyMinutes} min`,
			source.lastOkAt === null ? "never" : source.lastOkAt.toISOString().slice(0, 16).replace("T", " "),
			source.reason ?? "",
		]),
	);
}

/** `exist source list [--json]`: every source with its state. */
export function sourceCommand(): Command {
	return new Command("source")
		.description("sources and how they are doing")
		.addCommand(new Command("list").description("all sources with their state").option("--json", "print one JSON document").action(listSources));
}
