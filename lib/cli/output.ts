/** Writes a line to standard output. */
export function print(text = ""): void {
	process.stdout.write(`${text}\n`);
}

/** Writes one JSON document to standard output. */
export function printJson(value: unknown): void {
	print(JSON.stringify(value, null, "\t"));
}

/** Control characters of feeds must not drive the terminal. */
export function safe(text: string): string {
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** Columns padded to their widest cell; the last one is left ragged. */
export function printTable(header: readonly string[], rows: ReadonlyArray<readonly string[]>): void {
	const all = [header, ...rows.map((row) => row.map(safe))];
	const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
	for (const row of all)
		print(
			row
				.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
				.join("  ")
				.trimEnd(),
		);
}
