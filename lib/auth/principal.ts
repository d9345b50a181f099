import { getServerSession } from "next-auth";
import { cache } from "react";
import { ExistError } from "@/lib/errors";
import { checkApiKey, type Scope } from "./api-keys";
import { authOptions } from "./options";
import { type Role, roleAllows } from "./roles";
import { findUserById, type User } from "./users";

/** Who asks. Every page, action and handler asks for its own; nothing is passed down. */
export type Principal = { kind: "session"; user: User } | { kind: "key"; user: User; keyId: string; scopes: readonly Scope[] };

/** The signed-in user of this request, read from the database: a disabled account or an old session is nobody at once. */
export const sessionPrincipal = cache(async (): Promise<Principal | null> => {
	const session = (await getServerSession(authOptions())) as { userId?: string; version?: number } | null;
	if (session?.userId === undefined) return null;
	const user = await findUserById(session.userId);
	if (user === null || user.disabled || user.sessionVersion !== session.version) return null;
	return { kind: "session", user };
});

/** A key in `Authorization: Bearer …` (or `Token …`, as the original's clients send) or `X-API-Key`. */
function keyOf(request: Request): string | null {
	const header = request.headers.get("authorization");
	const match = header === null ? null : /^(?:bearer|token)\s+(\S+)$/i.exec(header.trim());
	return match?.[1] ?? request.headers.get("x-api-key");
}

/** The key's or else the session's principal. Throws `unauthenticated` for a key that is not good: a session does not excuse it. */
export async function requestPrincipal(request: Request): Promise<Principal | null> {
	const secret = keyOf(request);
	if (secret === null) {
		if (request.headers.has("authorization")) throw new ExistError("unauthenticated", "The Authorization header is not understood. Send `Authorization: Bearer <key>`.");
		return sessionPrincipal();
	}
	const found = await checkApiKey(secret);
	if (found === null) throw new ExistError("unauthenticated", "The API key is unknown, expired or revoked. Create one on the account page.");
	return { kind: "key", user: found.user, keyId: found.key.id, scopes: found.key.scopes };
}

/** Throws `unauthenticated` or `forbidden` unless the principal may. A key needs its scope, and its user the role. */
export function allow(principal: Principal | null, role: Role, scope: Scope): asserts principal is Principal {
	if (principal === null) throw new ExistError("unauthenticated", "Sign in, or send an API key as `Authorization: Bearer <key>`.");
	if (principal.kind === "key" && !principal.scopes.includes(scope)) throw new ExistError("forbidden", `This key lacks the scope "${scope}".`);
	if (!roleAllows(principal.user.role, role)) throw new ExistError("forbidden", `This needs the role ${role}; you are ${principal.user.role}.`);
}
