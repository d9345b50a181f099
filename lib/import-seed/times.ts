/**
 * Times of the original. Its settings were TIME_ZONE = Asia/Tokyo with USE_TZ = True, and with that Django keeps UTC in MySQL's
 * DATETIME, which has no zone: what stands in a dump is UTC, whatever zone the dump was made in. (Pages and API showed JST.)
 */
export function seedTime(text: string | null | undefined): Date | null {
	if (text === null || text === undefined) return null;
	const match = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(text.trim());
	if (match === null) return null;
	const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = match;
	const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0").slice(0, 3)}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`);
	// `0000-00-00` and the like: days that MySQL lets stand and that never were.
	return Number.isNaN(date.getTime()) || Number(year) < 1000 || Number(day) < 1 || new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day) ? null : date;
}

/** A day as `YYYY-MM-DD`, or null. */
export function seedDay(text: string | null | undefined): string | null {
	return seedTime(text)?.toISOString().slice(0, 10) ?? null;
}

/** The Unix epoch is how the original wrote "never" (an event that was not published). */
export function seedTimeOrNever(text: string | null | undefined): Date | null {
	const date = seedTime(text);
	return date === null || date.getTime() === 0 ? null : date;
}
