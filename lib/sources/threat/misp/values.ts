/** Members of MISP's JSON, read with the patience its many writers need: numbers as text, flags as text or number, empty for nothing. */

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members that are objects; anything else in the list is left out. */
export function listOf(value: unknown): Members[] {
	return Array.isArray(value) ? value.filter(isMembers) : [];
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Text fit to be stored: well-formed, without control characters, surrounding blanks gone. */
export function clean(text: string): string {
	return text.replace(/\r\n?/g, "\n").replace(CONTROL, "\ufffd").toWellFormed().trim();
}

/** A text, number or flag as text; undefined for nothing, for null and for what is none of these. */
export function text(value: unknown): string | undefined {
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	if (typeof value !== "string") return undefined;
	const cleaned = clean(value);
	return cleaned === "" ? undefined : cleaned;
}

/** Text of a bounded length; what is longer is cut with a note, because a record is not refused for a long comment. */
export function shortText(value: unknown, max: number): string | undefined {
	const whole = text(value);
	if (whole === undefined || whole.length <= max) return whole;
	return `${whole.slice(0, max - 40).toWellFormed()} … (${(whole.length - max + 40).toLocaleString("en")} characters left out)`;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** A UUID in lower case, undefined for anything else. */
export function uuid(value: unknown): string | undefined {
	if (typeof value !== "string") return undefined;
	const lower = value.trim().toLowerCase();
	return UUID.test(lower) ? lower : undefined;
}

/** A whole number from `"12"` or `12`, from 0 to 2^53. */
export function whole(value: unknown): number | undefined {
	const number = typeof value === "number" ? value : typeof value === "string" && /^\d{1,16}$/.test(value.trim()) ? Number(value) : Number.NaN;
	return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** `true`, `1`, `"1"`, `"true"`: yes. Everything else: no. */
export function flag(value: unknown): boolean {
	return value === true || value === 1 || value === "1" || value === "true";
}

const OLDEST = Date.UTC(1970, 0, 2);
const NEWEST = Date.UTC(2100, 0, 1);

function within(milliseconds: number): Date | undefined {
	return milliseconds >= OLDEST && milliseconds < NEWEST ? new Date(milliseconds) : undefined;
}

/** Seconds since the epoch, as MISP writes its timestamps; 0 means never. */
export function seconds(value: unknown): Date | undefined {
	const number = whole(value);
	return number === undefined ? undefined : within(number * 1000);
}

/** First and last seen: ISO 8601 with microseconds and zone, or microseconds since the epoch in older servers. Without zone it is UTC. */
export function moment(value: unknown): Date | undefined {
	if (typeof value === "number" || (typeof value === "string" && /^\d{9,17}$/.test(value))) {
		const number = Number(value);
		return within(number > 1e14 ? number / 1000 : number > 1e11 ? number : number * 1000);
	}
	if (typeof value !== "string") return undefined;
	const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)\d*)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(value.trim());
	if (match === null) return undefined;
	const zone = match[3] === undefined || match[3] === "Z" ? "Z" : match[3].replace(/^([+-]\d{2}):?(\d{2})$/, "$1:$2");
	return within(Date.parse(`${match[1]}T${match[2] ?? "00:00"}${zone}`));
}

/** A calendar day that exists, `YYYY-MM-DD`. */
export function day(value: unknown): string | undefined {
	if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value.trim())) return undefined;
	const date = new Date(`${value.trim()}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.trim()) && within(date.getTime()) !== undefined ? value.trim() : undefined;
}

/** `{name: value}` without what is undefined, for optional members. */
export function given<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
	return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}
