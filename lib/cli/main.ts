import { Command } from "commander";
import { ExistError } from "@/lib/errors";
import { closePlatform } from "@/lib/platform";
import { ingestCommand } from "./ingest";
import { migrateCommand, progressCommand } from "./maintenance";
import { keyCommand, userCommand } from "./people";
import { searchCommand } from "./search";
import { sourceCommand } from "./source";

/**
 * The `exist` command. Results go to standard output, progress and errors to standard error; exit status 0 is success, 1 a
 * failure, 2 wrong use.
 */
async function main(): Promise<void> {
	const program = new Command("exist")
		.description("EXIST on the command line: read sources, search the index, manage people and keys.")
		.showHelpAfterError("(`exist --help` lists the commands)")
		.addCommand(ingestCommand())
		.addCommand(searchCommand())
		.addCommand(sourceCommand())
		.addCommand(userCommand())
		.addCommand(keyCommand())
		.addCommand(migrateCommand())
		.addCommand(progressCommand());
	// Output that is piped into `head` ends when the reader has enough.
	process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
	try {
		await program.parseAsync();
	} catch (error) {
		if (error instanceof ExistError) {
			process.stderr.write(`${error.message}\n`);
			process.exitCode = error.code === "invalid" ? 2 : 1;
		} else throw error;
	} finally {
		await closePlatform();
	}
}

await main();
