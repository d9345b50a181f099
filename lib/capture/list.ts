import { canonicalise, canonicaliseFeed } from "@/lib/domain";
import { ExistError, shown } from "@/lib/errors";
import { indicatorId, parseId } from "@/lib/indicators/identity";
import { isStorable, lit } from "@/lib/platform";
import { type CaptureContext, captureContext } from "./context";
import { type Capture, type CaptureRow, COLUMNS, toCapture } from "./rows";
import { kept } from "./store";

export const MAX_CAPTURES = 100;

export interface CaptureQuery {
	/** a URL, or a host: everything captured there */
	url?: string | undefined;
	cursor?: string | undefined;
	limit: number;
}

export interface CapturePage {
	captures: Capture[];
	/** where the next page begins, null at the end */
	next: string | null;
}

function cursorOf({ requestedAt, id }: Capture): string {
	return `${requestedAt.getTime().toString(36)}.${id}`;
}

function afterCursor(text: string): string {
	const [, time = "", hex = ""] = /^([0-9a-z]{1,10})\.([0-9a-f]{32})$/.exec(text) ?? [];
	const id = parseId(hex);
	const at = new Date(Number.parseInt(time, 36));
	if (id === null || !isStorable(at)) throw new ExistError("invalid", `The cursor "${shown(text, 40)}" is not one of ours. Start again without it.`, { field: "cursor" });
	return `(requested_at < ${lit(at)} OR (requested_at = ${lit(at)} AND id < ${lit(id)}))`;
}

/** Of one URL, or of a whole host. Throws `invalid` where the text is neither. */
function ofUrl(text: string): string {
	const url = canonicalise(text, "url");
	if (url.ok) return `indicator_id = ${lit(indicatorId(url.indicator))}`;
	const host = canonicaliseFeed(text, "any");
	const { type, value } = host.ok ? host.indicator : { type: null, value: "" };
	if (type === "domain" || type === "ipv4") return `host = ${lit(value)}`;
	if (type === "ipv6") return `host = ${lit(`[${value}]`)}`;
	throw new ExistError("invalid", `url="${shown(text, 60)}" is neither a URL nor a host: give http://example.com/ or example.com.`, { field: "url" });
}

/** Captures, newest first, by keyset. Throws `invalid` for a foreign cursor and a filter that is neither URL nor host. */
export async function listCaptures(query: CaptureQuery, context: CaptureContext = captureContext()): Promise<CapturePage> {
	const now = context.now();
	const conditions = [kept(now)];
	if (query.url !== undefined && query.url.trim() !== "") conditions.push(ofUrl(query.url));
	if (query.cursor !== undefined) conditions.push(afterCursor(query.cursor));
	const limit = Math.min(query.limit, MAX_CAPTURES);
	const rows = await context.database.query<CaptureRow>(`SELECT ${COLUMNS} FROM capture WHERE ${conditions.join(" AND ")} ORDER BY requested_at DESC, id DESC LIMIT ${limit + 1}`);
	const captures = rows.slice(0, limit).map((row) => toCapture(row, now));
	const last = captures.at(-1);
	return { captures, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
