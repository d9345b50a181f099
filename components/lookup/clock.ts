const DAY_SECONDS = 86_400;

/** `14:32`, with the day where it is another one; in the reader's own zone, so for the browser only. */
export function clock(at: string): string {
	const date = new Date(at);
	const far = Math.abs(date.getTime() - Date.now()) / 1000 > DAY_SECONDS / 2;
	return date.toLocaleString(undefined, { ...(far ? { day: "numeric", month: "short" } : {}), hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
