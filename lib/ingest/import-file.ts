import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { audit } from "@/lib/auth/audit";
import { ExistError } from "@/lib/errors";
import { advanceRun, failRun } from "./advance-run";
import { type IngestContext, ingestContext } from "./context";
import { holdRun, LEASE_SECONDS, type RunRow, readRun, Superseded } from "./run-store";
import { dropRun, findSource, startRun } from "./start-run";

/** A slice of the run; the loop goes on until it is over. */
const SLICE_MS = 10_000;
/** While a file arrives its run gives a sign of life, well before it would count as dead. */
const RENEW_MS = (LEASE_SECONDS * 1000) / 5;

/** Keeps the run ours. Throws `conflict` where the upload was silent for so long that another one went on with it. */
async function hold(run: RunRow, context: IngestContext): Promise<void> {
	try {
		await context.database.transaction((tx) => holdRun(tx, run, context.now()));
	} catch (error) {
		if (!(error instanceof Superseded)) throw error;
		throw new ExistError("conflict", "The file came so slowly that another one was begun meanwhile. Send it again.", { field: "file" });
	}
}

/** The bytes as they come; ends with a message for people where there are more than `max`. */
async function* arriving(body: AsyncIterable<Uint8Array>, max: number, run: RunRow, context: IngestContext): AsyncGenerator<Uint8Array> {
	let bytes = 0;
	let renewed = Date.now();
	for await (const chunk of body) {
		bytes += chunk.length;
		if (bytes > max) throw new ExistError("invalid", `The file is larger than ${Math.floor(max / 1024 / 1024)} MB. Split it, or import it by the command line.`, { field: "file" });
		if (Date.now() - renewed > RENEW_MS) {
			await hold(run, context);
			renewed = Date.now();
		}
		yield chunk;
	}
	await hold(run, context);
}

/** Where the database is gone as well, the lease ends by itself; what failed first is what matters. */
async function giveBack(run: RunRow, context: IngestContext, failure: unknown): Promise<never> {
	await dropRun(run, context).catch(() => {});
	throw failure;
}

/** Puts the file down. Where it does not come whole, its run never was: nobody else waits for it, and no history tells of it. */
async function receive(body: AsyncIterable<Uint8Array>, file: string, max: number, run: RunRow, context: IngestContext): Promise<void> {
	await pipeline(Readable.from(arriving(body, max, run, context)), createWriteStream(file)).catch((error: unknown) => giveBack(run, context, error));
}

/** Advances a run to its end. Left open, a run that fails here would hold its source until its lease is over. */
async function finish(run: string, file: string, context: IngestContext): Promise<void> {
	try {
		while (!(await advanceRun(run, { milliseconds: SLICE_MS, file }, context)).done);
	} catch (error) {
		await failRun(run, error instanceof ExistError ? error.message : "The file could not be read to its end.", context).catch(() => {});
		throw error;
	}
}

/**
 * Reads a file that somebody hands in as a source's body, and stores it like any other run. The run is claimed before the first byte
 * is read, so that one that is refused costs nothing and leaves nothing. Gives the run's id; how it went stands there. Throws
 * `conflict` where another file of the source is being read, `invalid` for one that is too large.
 */
export async function importFile(
	reference: string | number,
	body: AsyncIterable<Uint8Array>,
	options: { maxBytes: number; actor: string; name: string },
	context: IngestContext = ingestContext(),
): Promise<string> {
	const source = await findSource(reference, context);
	const started = await startRun(source.number, { trigger: "cli", withFile: true }, context);
	if (!started.started) throw new ExistError(started.reason === "running" ? "conflict" : "unavailable", started.message);
	const run = await readRun(context.database, started.run);
	const folder = await mkdtemp(join(tmpdir(), "exist-import-")).catch((error: unknown) => giveBack(run, context, error));
	const file = join(folder, "body.json");
	try {
		await receive(body, file, options.maxBytes, run, context);
		await audit(options.actor, "source.import", source.id, { file: options.name, run: run.id }, context.database);
		await finish(run.id, file, context);
		return run.id;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
