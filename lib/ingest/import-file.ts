import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { audit } from "@/lib/auth/audit";
import { ExistError } from "@/lib/errors";
import { advanceRun, failRun } from "./advance-run";
import { type IngestContext, ingestContext } from "./context";
import { findSource, startRun } from "./start-run";

/** A slice of the run; the loop goes on until it is over. */
const SLICE_MS = 10_000;

/** Ends a stream that holds more than `max` bytes with a message for people. */
function capped(max: number): Transform {
	let bytes = 0;
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			done(bytes > max ? new ExistError("invalid", `The file is larger than ${Math.floor(max / 1024 / 1024)} MB. Split it, or import it by the command line.`, { field: "file" }) : null, chunk);
		},
	});
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
 * Reads a file that somebody hands in as a source's body, and stores it like any other run. Gives the run's id; how it went stands
 * there. Throws `conflict` where another file of the source is being read, `invalid` for one that is too large.
 */
export async function importFile(
	reference: string | number,
	body: AsyncIterable<Uint8Array>,
	options: { maxBytes: number; actor: string; name: string },
	context: IngestContext = ingestContext(),
): Promise<string> {
	const source = await findSource(reference, context);
	const folder = await mkdtemp(join(tmpdir(), "exist-import-"));
	const file = join(folder, "body.json");
	try {
		await pipeline(Readable.from(body), capped(options.maxBytes), createWriteStream(file));
		const started = await startRun(source.number, { trigger: "cli", withFile: true }, context);
		if (!started.started) throw new ExistError(started.reason === "running" ? "conflict" : "unavailable", started.message);
		await audit(options.actor, "source.import", source.id, { file: options.name, run: started.run }, context.database);
		await finish(started.run, file, context);
		return started.run;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
