import type { CsvColumn } from "@/lib/trackers";

/** Spreadsheets read a cell that begins with one of these as a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n|%＝＋－＠]/;

/** One cell: text that a spreadsheet would run is led by an apostrophe; everything that needs quotes has them (RFC 4180). */
export function csvCell(value: string | number | boolean | null): string {
	if (value === null) return "";
	if (typeof value !== "string") return String(value);
	const inert = FORMULA.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(inert) || inert !== value || inert.trim() !== inert ? `"${inert.replaceAll('"', '""')}"` : inert;
}

export function csvLine(cells: ReadonlyArray<string | number | boolean | null>): string {
	return `${cells.map(csvCell).join(",")}\r\n`;
}

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
