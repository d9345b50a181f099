import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";
import { cache } from "@/lib/platform";

function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}

/** Throws `forbidden` unless the text is the installation's set-up token; ten tries in a quarter of an hour. */
export async function setupTokenMatches(given: string): Promise<void> {
	const used = await cache().limit("setup", "token", 10, 900);
	if (!used.allowed) throw new ExistError("rate_limited", "Too many attempts. Try again in a quarter of an hour.", { retryAfter: 900 });
	const wanted = env().setupToken;
	if (wanted === null) throw new ExistError("forbidden", "No set-up token is configured. Set EXIST_SETUP_TOKEN, or create the account on the command line.");
	if (!timingSafeEqual(digest(given), digest(wanted))) throw new ExistError("forbidden", "That is not the set-up token.", { field: "token" });
}
