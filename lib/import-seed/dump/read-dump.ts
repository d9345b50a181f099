import { toUtf8 } from "@/lib/net/lines";
import { type DumpEvent, DumpReader } from "./dump-reader";
import { BrokenDump } from "./tokens";

/** Bytes at the end in which a dump says that it is complete. */
const TAIL = 400;

/**
 * Reads a dump of MySQL or MariaDB (`mysqldump`, `mariadb-dump`, phpMyAdmin; SQLite's `.dump` too) as a stream: events in small
 * batches, memory of one row and one chunk whatever the size of file and statements. Throws `BrokenDump` where it is cut short,
 * in an encoding that is not read, or no dump at all; what was read until then has been given.
 */
export async function* readDump(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly DumpEvent[]> {
	const reader = new DumpReader();
	let head = "";
	let tail = "";
	for await (const chunk of toUtf8(bytes)) {
		if (head.length < 200) head += chunk.toString("latin1", 0, 200);
		tail = (tail + chunk.toString("latin1", Math.max(0, chunk.length - TAIL))).slice(-TAIL);
		reader.tokens.push(chunk);
		reader.run();
		if (reader.events.length === 0) continue;
		const { events } = reader;
		reader.events = [];
		yield events;
	}
	reader.tokens.end();
	reader.run();
	if (reader.events.length > 0) yield reader.events;
	reader.finish();
	// mysqldump says that it is through, so one that was cut between two statements can be told.
	if (/^-- (?:MySQL|MariaDB) dump /m.test(head) && !tail.includes("-- Dump completed")) {
		throw new BrokenDump('it has no last line "-- Dump completed": it was cut short. Take its first line away to import what there is');
	}
	if (reader.known === 0) throw new BrokenDump(head.trim() === "" ? "it is empty" : `it is no SQL dump: it begins with "${head.slice(0, 60).replace(/\s+/g, " ").trim()}"`);
}
