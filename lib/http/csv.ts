import { csvLine } from "@/lib/domain";

export { csvCell, csvLine } from "@/lib/domain";

import type { CsvColumn } from "@/lib/trackers";

/** Rows as CSV text with a byte order mark (spreadsheets take UTF-8 for Latin-1 without), chunk by chunk. */
export async function* csvOf<Row>(columns: ReadonlyArray<CsvColumn<Row>>, rows: AsyncIterable<Row>): AsyncGenerator<string> {
	let chunk = `\ufeff${csvLine(columns.map(({ header }) => header))}`;
	for await (const row of rows) {
		chunk += csvLine(columns.map(({ value }) => value(row)));
		if (chunk.length > 64_000) {
			yield chunk;
			chunk = "";
		}
	}
	if (chunk !== "") yield chunk;
}
