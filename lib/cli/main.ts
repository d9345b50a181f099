import { ExistError } from "@/lib/errors";

/**
 * The `exist` command. Results go to standard output, progress and errors to standard error; exit status 0 is success, 1 a
 * failure, 2 wrong use. Commands are loaded inside, because loading them reads the configuration: its faults are for people too.
 */
async function main(): Promise<void> {
	// Output that is piped into `head` ends when the reader has enough.
	process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
	try {
		const { runProgram } = await import("./program");
		await runProgram(process.argv.slice(2));
	} catch (error) {
		if (!(error instanceof ExistError)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exitCode = error.code === "invalid" ? 2 : 1;
	}
}

await main();
