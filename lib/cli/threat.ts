import { Command } from "commander";
import { ingest } from "./ingest";

/** `exist threat import <file> [--json]`: events of a MISP JSON file on disk. */
export function threatCommand(): Command {
	return new Command("threat").description("threat events").addCommand(
		new Command("import")
			.description("store the events of a MISP JSON file: an export, an event of a feed, an answer of a server")
			.argument("<file>", "path of the file; gzip is unpacked")
			.option("--json", "print one JSON document")
			.action((file: string, options: { json?: boolean }) => ingest("misp-upload", { ...options, file })),
	);
}
