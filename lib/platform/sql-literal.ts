/** A value that can stand in SQL text. */
export type SqlValue = string | number | boolean | Date | Uint8Array | null;

/** Letters that mean the same inside quotes in every mode and character set. */
const PLAIN = /^[A-Za-z0-9 ._:/@=,+-]*$/;

/** Whether the date has a literal: MySQL's DATETIME knows the years 1000 to 9999. */
export function isStorable(date: Date): boolean {
	const year = date.getUTCFullYear();
	return year >= 1000 && year <= 9999;
}

function dateText(date: Date): string {
	if (Number.isNaN(date.getTime())) throw new RangeError("an invalid date cannot be stored");
	if (!isStorable(date)) throw new RangeError(`year ${date.getUTCFullYear()} cannot be stored in DATETIME`);
	const text = date.toISOString();
	return `${text.slice(0, 10)} ${text.slice(11, 23)}`;
}

/**
 * A value as an SQL literal that needs no escaping: numbers, dates, text of a small alphabet in quotes, everything else in
 * hexadecimal. There is nothing to escape, so neither SQL mode nor character set nor driver can change its meaning.
 * Throws `RangeError` for numbers and dates that have no literal.
 */
export function lit(value: SqlValue): string {
	if (value === null) return "NULL";
	switch (typeof value) {
		case "string":
			if (PLAIN.test(value)) return `'${value}'`;
			return `_utf8mb4 x'${Buffer.from(value, "utf8").toString("hex")}'`;
		case "number":
			if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be stored`);
			return String(value);
		case "boolean":
			return value ? "1" : "0";
		default:
	}
	if (value instanceof Date) return `'${dateText(value)}'`;
	const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	return `x'${bytes.toString("hex")}'`;
}

/** The literals of ids whose hexadecimal digits are at hand, with commas between: for very many at once. Throws `RangeError` for anything else. */
export function hexLits(ids: readonly string[]): string {
	const list = `x'${ids.join("',x'")}'`;
	// One look at the whole instead of one at each: whatever passes is literals of bytes and nothing else.
	if (!/^x'(?:[0-9a-f]{2})+'(?:,x'(?:[0-9a-f]{2})+')*$/.test(list)) throw new RangeError("not the digits of ids");
	return list;
}
