import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";

/** Where the outside world reaches this installation, for links in answers. */
export function publicOrigin(request: Request): string {
	return env().publicUrl ?? new URL(request.url).origin;
}

/** The same for a page, which knows the host it was asked by. */
export function publicAddress(host: string): string {
	return env().publicUrl ?? `http://${host}`;
}

/**
 * Throws `forbidden` where a browser sends a changing request from another site. Callers without a browser send neither header;
 * they have no cookies that could be misused. `own`: origins of ours besides the public one and the host that was asked.
 */
export function checkOriginHeaders(headers: Pick<Headers, "get" | "has">, own: readonly string[] = []): void {
	const site = headers.get("sec-fetch-site");
	if (site !== null && site !== "same-origin" && site !== "none") throw new ExistError("forbidden", "This request comes from another site.");
	const origin = headers.get("origin");
	if (origin === null) {
		if (headers.has("cookie") && site === null) throw new ExistError("forbidden", "A changing request needs an Origin header.");
		return;
	}
	const host = headers.get("host");
	const { publicUrl } = env();
	const allowed = new Set([...own, ...(publicUrl === null ? [] : [publicUrl]), ...(host === null ? [] : [`https://${host}`, `http://${host}`])]);
	if (origin === "null" || !allowed.has(origin)) throw new ExistError("forbidden", "This request comes from another site.");
}

/** The same for a handler's request. */
export function checkOrigin(request: Request): void {
	checkOriginHeaders(request.headers, [new URL(request.url).origin]);
}

/**
 * For a GET that spends something: throws `forbidden` where a browser says that another site led to it. A link that was pasted or
 * pressed here passes, and so does a browser too old to say.
 */
export function checkSameSite(request: Request): void {
	const site = request.headers.get("sec-fetch-site");
	if (site !== null && site !== "same-origin" && site !== "none") throw new ExistError("forbidden", "This request comes from another site. Open it from a page here.");
}
