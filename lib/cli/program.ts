import { Command, CommanderError } from "commander";
import { ExistError } from "@/lib/errors";
import { closePlatform } from "@/lib/platform";
import { huntersCommand } from "./hunters";
import { importSeedCommand } from "./import-seed";
import { ingestCommand } from "./ingest";
import { keyCommand } from "./keys";
import { lookupCommand } from "./lookup";
import { migrateCommand, progressCommand } from "./maintenance";
import { userCommand } from "./people";
import { searchCommand } from "./search";
import { sourceCommand } from "./source";
import { threatCommand } from "./threat";

/** Wrong use ends in an error of ours to map, at whatever depth; a command that is added does not take over its parent's settings. */
function strict(command: Command): Command {
	command.exitOverride().showHelpAfterError(`(\`exist${command.name() === "exist" ? "" : ` ${path(command)}`} --help\` says what it takes)`);
	for (const below of command.commands) strict(below);
	return command;
}

function path(command: Command): string {
	return command.parent === null || command.parent.name() === "exist" ? command.name() : `${path(command.parent)} ${command.name()}`;
}

/** The exit status of a failure, told on standard error. Throws what is no failure for people. */
function failed(error: unknown): number {
	// Commander has written its message already; help and version are no failure.
	if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
	if (!(error instanceof ExistError)) throw error;
	process.stderr.write(`${error.message}\n`);
	return error.code === "invalid" ? 2 : 1;
}

/**
 * Runs the command these arguments name, and lets go of every connection whatever comes of it. The exit status becomes
 * `process.exitCode`: 0 success, 1 a failure, 2 wrong use.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
	const program = new Command("exist")
		.description("EXIST on the command line: read sources, search the index, manage people and keys.")
		.addCommand(ingestCommand())
		.addCommand(importSeedCommand())
		.addCommand(searchCommand())
		.addCommand(lookupCommand())
		.addCommand(sourceCommand())
		.addCommand(threatCommand())
		.addCommand(huntersCommand())
		.addCommand(userCommand())
		.addCommand(keyCommand())
		.addCommand(migrateCommand())
		.addCommand(progressCommand());
	try {
		await strict(program).parseAsync(args, { from: "user" });
	} catch (error) {
		process.exitCode = failed(error);
	} finally {
		await closePlatform();
	}
}
