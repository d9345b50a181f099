import { shown } from "@/lib/errors";
import { UnusableItem } from "./define";

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
const MAX_LINK = 8192;
/** A date later than this after the fetch is a broken clock or a broken row. */
const FUTURE_MS = 366 * 86_400_000;
const OLDEST = Date.UTC(1980, 0, 1);

/**
 * Text of others, fit to be stored: well-formed, without control characters, surrounding blanks gone. Null for nothing. Longer
 * than `max` characters: the rest is left out and a note says so, because a record is never refused for a long text.
 */
export function plainText(value: string | undefined | null, max = 1_000_000): string | null {
	if (value === undefined || value === null) return null;
	const text = value.replace(/\r\n?/g, "\n").replace(CONTROL, "\ufffd").toWellFormed().trim();
	if (text === "") return null;
	return text.length <= max ? text : `${text.slice(0, max - 40).toWellFormed()} … (${(text.length - max + 40).toLocaleString("en")} characters left out)`;
}

/** A link of the provider, only where it is http(s): nothing else may ever become an `href`. */
export function checkedLink(value: string | undefined | null): string | null {
	if (value === undefined || value === null || value.length > MAX_LINK || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return null;
	return value;
}

/** The date, where it can be one. Throws `UnusableItem` naming it. */
export function checkedDate(date: Date, now: Date, what = "date"): Date {
	const time = date.getTime();
	if (Number.isNaN(time) || time < OLDEST) throw new UnusableItem(`its ${what} ${shown(String(Number.isNaN(time) ? "is no date" : date.toISOString()), 40)} cannot be right`);
	if (time > now.getTime() + FUTURE_MS) throw new UnusableItem(`its ${what} ${date.toISOString()} lies in the future`);
	return date;
}
