/** Minutes from UTC of the zones that feeds name. Two zones with one name: the one of more publishers. */
const ZONES: Readonly<Record<string, number>> = {
	z: 0,
	ut: 0,
	utc: 0,
	gmt: 0,
	wet: 0,
	west: 60,
	bst: 60,
	cet: 60,
	met: 60,
	cest: 120,
	eet: 120,
	eest: 180,
	msk: 180,
	ist: 330,
	sgt: 480,
	hkt: 480,
	awst: 480,
	jst: 540,
	kst: 540,
	aest: 600,
	aedt: 660,
	nzst: 720,
	nzdt: 780,
	adt: -180,
	ast: -240,
	edt: -240,
	est: -300,
	cdt: -300,
	cst: -360,
	mdt: -360,
	mst: -420,
	pdt: -420,
	pst: -480,
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAY = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?`;
const TIME = String.raw`(?:[T,\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:\s*([ap])\.?m\.?)?)?`;
const ZONE = String.raw`\s*(?:\(?([a-z]{1,5})\)?)?\s*(?:([+-])(\d{1,2}):?(\d{2})?)?(?:\s*\([^)]*\))?`;

/** `2025-07-23T00:00Z`, `2025-07-23 00:00:00.123 +02:00`, `2025-07`, `20250723` */
const ISO = new RegExp(`^(\\d{4})-?(\\d{2})(?:-?(\\d{2}))?${TIME}${ZONE}$`, "i");
/** `Thu, 24 Jul 2025 20:52:55 EDT` */
const DAY_FIRST = new RegExp(`^${WEEKDAY}(\\d{1,2})(?:st|nd|rd|th)?[\\s-]+([a-z]{3,9})\\.?,?[\\s-]+(\\d{4}|\\d{2})${TIME}${ZONE}$`, "i");
/** `Jul 23, 2025 00:00:00-0500`, `Wednesday, July 23, 2025 - 14:00` */
const MONTH_FIRST = new RegExp(`^${WEEKDAY}([a-z]{3,9})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})(?:\\s+-)?${TIME}${ZONE}$`, "i");
/** `Thu Jan  1 00:00:00 UTC 2004` */
const YEAR_LAST = new RegExp(`^${WEEKDAY}([a-z]{3,9})\\s+(\\d{1,2})${TIME}${ZONE}\\s+(\\d{4})$`, "i");

interface Parts {
	year: string;
	month: number;
	day: string;
	/** hour, minute, second, a or p, zone's name, sign, hours and minutes of the offset */
	rest: ReadonlyArray<string | undefined>;
}

function monthOf(name: string): number {
	return MONTHS.indexOf(name.slice(0, 3).toLowerCase());
}

function partsOf(text: string): Parts | null {
	const iso = ISO.exec(text);
	if (iso !== null) return { year: iso[1] as string, month: Number(iso[2]) - 1, day: iso[3] ?? "1", rest: iso.slice(4) };
	const dayFirst = DAY_FIRST.exec(text);
	if (dayFirst !== null) {
		const [, day = "", month = "", year = ""] = dayFirst;
		// Two digits as in RFC 822: nobody's feed is from before 1970.
		return { year: year.length === 2 ? `${Number(year) < 70 ? "20" : "19"}${year}` : year, month: monthOf(month), day, rest: dayFirst.slice(4) };
	}
	const monthFirst = MONTH_FIRST.exec(text);
	if (monthFirst !== null) return { year: monthFirst[3] as string, month: monthOf(monthFirst[1] as string), day: monthFirst[2] as string, rest: monthFirst.slice(4) };
	const yearLast = YEAR_LAST.exec(text);
	if (yearLast !== null) return { year: yearLast.at(-1) as string, month: monthOf(yearLast[1] as string), day: yearLast[2] as string, rest: yearLast.slice(3, -1) };
	return null;
}

/** Minutes from UTC; a zone nobody knows counts as UTC, as does none. */
function offsetOf(zone: string | undefined, sign: string | undefined, hours: string | undefined, minutes: string | undefined): number {
	const numeric = (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
	return sign === undefined ? (ZONES[(zone ?? "").toLowerCase()] ?? 0) : numeric;
}

/**
 * A date as feeds write them: RFC 822 with named zones, ISO 8601 with or without seconds and zone, and what publishers make up.
 * Without zone it is UTC. Undefined for anything that is no date, or none that exists.
 */
export function feedDate(text: string | undefined): Date | undefined {
	const trimmed = text?.trim().replace(/\s+/g, " ") ?? "";
	if (trimmed === "" || trimmed.length > 80) return undefined;
	const parts = partsOf(trimmed);
	if (parts === null || parts.month < 0) return undefined;
	const [hour = "0", minute = "0", second = "0", half, zone, sign, hours, minutes] = parts.rest;
	const day = Number(parts.day);
	const clock = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
	if (parts.month > 11 || day < 1 || clock > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
	const midnight = new Date(Date.UTC(Number(parts.year), parts.month, day));
	if (midnight.getUTCDate() !== day || midnight.getUTCFullYear() < 1970) return undefined;
	return new Date(midnight.getTime() + ((clock * 60 + Number(minute) - offsetOf(zone, sign, hours, minutes)) * 60 + Number(second)) * 1000);
}
