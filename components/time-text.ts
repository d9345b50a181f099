const UNITS: ReadonlyArray<readonly [string, number]> = [
	["y", 31_536_000],
	["mo", 2_592_000],
	["d", 86_400],
	["h", 3600],
	["min", 60],
];

/** `3 h`, `26 d`: the largest unit that fits; under a minute `now`. */
export function relative(seconds: number): string {
	const size = Math.abs(seconds);
	for (const [unit, length] of UNITS) if (size >= length) return `${Math.floor(size / length)} ${unit}`;
	return "now";
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `17 Nov`, with the year where it is another one. In UTC, so that server and browser agree. */
export function dayOf(at: string, now: string): string {
	const date = new Date(at);
	const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
	return at.slice(0, 4) === now.slice(0, 4) ? day : `${day} ${at.slice(0, 4)}`;
}
