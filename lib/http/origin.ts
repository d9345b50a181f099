import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";

/** Where the outside world reaches this installation, for links in answers. */
export function publicOrigin(request: Request): string {
	return env().publicUrl ?? new URL(request.url).origin;
}

/**
 * Throws `forbidden` where a browser sends a changing request from another site. Callers without a browser send neither header;
 * they have no cookies that could be misused.
 */
export function checkOrigin(request: Request): void {
	const site = request.headers.get("sec-fetch-site");
	if (site !== null && site !== "same-origin" && site !== "none") throw new ExistError("forbidden", "This request comes from another site.");
	const origin = request.headers.get("origin");
	if (origin === null) {
		if (request.headers.has("cookie") && site === null) throw new ExistError("forbidden", "A changing request needs an Origin header.");
		return;
	}
	const host = request.headers.get("host");
	const allowed = new Set([publicOrigin(request), new URL(request.url).origin, ...(host === null ? [] : [`https://${host}`, `http://${host}`])]);
	if (origin === "null" || !allowed.has(origin)) throw new ExistError("forbidden", "This request comes from another site.");
}
