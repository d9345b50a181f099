import { Command } from "commander";
import { closePlatform } from "@/lib/platform";
import { ingestCommand } from "./ingest";
import { migrateCommand, progressCommand } from "./maintenance";
import { keyCommand, userCommand } from "./people";
import { searchCommand } from "./search";
import { sourceCommand } from "./source";
import { threatCommand } from "./threat";

/** Runs the command the arguments name, and lets go of every connection whatever comes of it. */
export async function runProgram(): Promise<void> {
	const program = new Command("exist")
		.description("EXIST on the command line: read sources, search the index, manage people and keys.")
		.showHelpAfterError("(`exist --help` lists the commands)")
		.addCommand(ingestCommand())
		.addCommand(searchCommand())
		.addCommand(sourceCommand())
		.addCommand(threatCommand())
		.addCommand(userCommand())
		.addCommand(keyCommand())
		.addCommand(migrateCommand())
		.addCommand(progressCommand());
	try {
		await program.parseAsync();
	} finally {
		await closePlatform();
	}
}
