import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { defineSource, utc } from "@/lib/sources/define";
import type { CorpusRow } from "./corpus";

/** The source that benches and large tests read: a CSV of `indicator,first_seen,family`. */
export const benchSource = defineSource({
	id: "bench",
	name: "Bench",
	number: 9001,
	tracker: "reputation",
	homepage: "https://example.com/",
	url: "https://example.com/bench.csv",
	everyMinutes: 60,
	lists: { mode: "snapshot" },
	licence: { name: "none", redistributable: true },
	category: "suspicious",
	format: { kind: "csv", header: "row", columns: ["indicator", "first_seen", "family"] },
	maxBytes: 1024 * 1024 * 1024,
	row: ({ cells }) => {
		const firstSeen = utc(cells.first_seen);
		return {
			value: cells.indicator ?? "",
			as: "any" as const,
			...(firstSeen === undefined ? {} : { firstSeen }),
			...(cells.family === undefined || cells.family === "" ? {} : { description: cells.family }),
		};
	},
});

function quoted(value: string): string {
	return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Writes rows as the bench source's CSV; dates spread over the last 400 days before `now`. Returns the bytes written. */
export async function writeFeed(path: string, rows: Iterable<CorpusRow>, banner = "", now = Date.UTC(2026, 10, 24)): Promise<number> {
	const file = createWriteStream(path);
	let bytes = 0;
	let pending = `${banner}indicator,first_seen,family\n`;
	let index = 0;
	for (const row of rows) {
		const seen = new Date(now - ((index++ * 7919) % 34_560_000) * 1000).toISOString();
		pending += `${quoted(row.value)},${seen.slice(0, 10)} ${seen.slice(11, 19)},${row.family}\n`;
		if (pending.length > 1_000_000) {
			bytes += Buffer.byteLength(pending);
			if (!file.write(pending)) await once(file, "drain");
			pending = "";
		}
	}
	bytes += Buffer.byteLength(pending);
	file.end(pending);
	await once(file, "finish");
	return bytes;
}
