const MAX_SECONDS = 24 * 3600;

/** Seconds a `Retry-After` asks for (RFC 9110, 10.2.3): a number or a date, at most a day. Undefined for nonsense. */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
	const text = header?.trim();
	if (text === undefined || text === "") return undefined;
	if (/^\d+$/.test(text)) return Math.min(MAX_SECONDS, Number(text));
	if (!/[A-Za-z]{3}/.test(text)) return undefined;
	const at = Date.parse(text);
	if (Number.isNaN(at)) return undefined;
	const seconds = Math.ceil((at - now.getTime()) / 1000);
	return seconds <= 0 ? undefined : Math.min(MAX_SECONDS, seconds);
}
