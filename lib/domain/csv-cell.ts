/**
 * Where a spreadsheet would begin to read a formula (OWASP, CSV injection): at the start of the cell or of any line in it, behind
 * blanks and characters nobody sees, in plain and full-width spelling.
 */
const FORMULA = /(?<=^|\r(?!\n)|[\n\u2028])([ \u0000\u00a0\u180e\u2003\u200b\u2060\u3000\ufeff]*)(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212])/g;

/**
 * One cell: what a spreadsheet would run is led by an apostrophe; all text is in quotes (RFC 4180), because what separates cells
 * differs with a spreadsheet's locale.
 */
export function csvCell(value: string | number | boolean | null): string {
	if (value === null) return "";
	if (typeof value !== "string") return String(value);
	const inert = value.replace(FORMULA, "'$1");
	return value === "" ? "" : `"${inert.replaceAll('"', '""')}"`;
}

export function csvLine(cells: ReadonlyArray<string | number | boolean | null>): string {
	return `${cells.map(csvCell).join(",")}\r\n`;
}
