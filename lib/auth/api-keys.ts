import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { ExistError, shown } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { type Database, database, lit } from "@/lib/platform";
import { audit } from "./audit";
import { findUserById, type User } from "./users";

/** `read` asks everything the Web API answers; `run` may also ask for runs of sources. */
export const SCOPES = ["read", "run"] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
	id: string;
	name: string;
	/** first letters of the secret, to tell keys apart */
	prefix: string;
	scopes: Scope[];
	createdAt: Date;
	expiresAt: Date | null;
	lastUsedAt: Date | null;
	revokedAt: Date | null;
}

/** `exist_` and 43 letters: 256 random bits. */
const SECRET = /^exist_[A-Za-z0-9_-]{43}$/;
/** How exactly "last used" is kept; every request would be a write otherwise. */
const TOUCH_EVERY_MS = 60_000;
/** Longest name of a key. */
const MAX_NAME = 100;

function digest(secret: string): Buffer {
	return createHash("sha256").update(secret).digest();
}

function checkScopes(scopes: readonly string[]): Scope[] {
	const known: readonly string[] = SCOPES;
	for (const scope of scopes) {
		if (!known.includes(scope)) throw new ExistError("invalid", `There is no scope "${shown(scope, 30)}". Scopes are ${SCOPES.join(", ")}.`, { field: "scopes" });
	}
	if (scopes.length === 0) throw new ExistError("invalid", `A key needs a scope: ${SCOPES.join(", ")}.`, { field: "scopes" });
	return [...new Set(scopes)] as Scope[];
}

/** Creates a key of a user. The secret is in the answer and nowhere else: only its SHA-256 is stored. */
export async function createApiKey(
	input: { userId: string; name: string; scopes: readonly string[]; expiresAt: Date | null },
	actor = "cli",
	db: Database = database(),
): Promise<ApiKey & { secret: string }> {
	const user = parseId(input.userId);
	const name = input.name.trim();
	if (user === null) throw new ExistError("invalid", `"${shown(input.userId, 40)}" is no user.`, { field: "user" });
	if (name === "" || name.length > MAX_NAME) throw new ExistError("invalid", `A key needs a name of 1 to ${MAX_NAME} characters that says what it is for.`, { field: "name" });
	const scopes = checkScopes(input.scopes);
	const secret = `exist_${randomBytes(32).toString("base64url")}`;
	const id = randomBytes(16);
	const prefix = secret.slice(0, 12);
	const createdAt = new Date();
	await db.transaction(async (tx) => {
		await tx.execute(
			`INSERT INTO api_key (id, user_id, name, prefix, secret_hash, scopes, created_at, expires_at) VALUES (${lit(id)},${lit(user)},${lit(name)},${lit(prefix)},${lit(digest(secret))},${lit(JSON.stringify(scopes))},${lit(createdAt)},${lit(input.expiresAt)})`,
		);
		await audit(actor, "key.create", name, { scopes, user: input.userId }, tx);
	});
	return { id: id.toString("hex"), name, prefix, scopes, createdAt, expiresAt: input.expiresAt, lastUsedAt: null, revokedAt: null, secret };
}

interface Raw {
	id: Buffer;
	user_id: Buffer;
	name: string;
	prefix: string;
	secret_hash: Buffer;
	scopes: string;
	created_at: Date;
	expires_at: Date | null;
	last_used_at: Date | null;
	revoked_at: Date | null;
}

function toKey(raw: Raw): ApiKey {
	return {
		id: raw.id.toString("hex"),
		name: raw.name,
		prefix: raw.prefix,
		scopes: JSON.parse(raw.scopes) as Scope[],
		createdAt: raw.created_at,
		expiresAt: raw.expires_at,
		lastUsedAt: raw.last_used_at,
		revokedAt: raw.revoked_at,
	};
}

/** Keys of a user, newest first; without their secrets. */
export async function apiKeysOf(userId: string, db: Database = database()): Promise<ApiKey[]> {
	const user = parseId(userId);
	if (user === null) return [];
	return (await db.query<Raw>(`SELECT * FROM api_key WHERE user_id = ${lit(user)} ORDER BY created_at DESC`)).map(toKey);
}

/** Ends a key for good. Throws `not_found` where the user has no such key. */
export async function revokeApiKey(id: string, userId: string, actor: string, db: Database = database()): Promise<void> {
	const key = parseId(id);
	const user = parseId(userId);
	if (key === null || user === null) throw new ExistError("not_found", "There is no such key.");
	await db.transaction(async (tx) => {
		const { affected } = await tx.execute(`UPDATE api_key SET revoked_at = ${lit(new Date())} WHERE id = ${lit(key)} AND user_id = ${lit(user)} AND revoked_at IS NULL`);
		if (affected === 0) throw new ExistError("not_found", "There is no such key, or it is revoked already.");
		await audit(actor, "key.revoke", id, {}, tx);
	});
}

/** The user and scopes behind a secret, or null where it is unknown, revoked, expired or of a disabled account. */
export async function checkApiKey(secret: string, now = new Date(), db: Database = database()): Promise<{ key: ApiKey; user: User } | null> {
	if (!SECRET.test(secret)) return null;
	const wanted = digest(secret);
	const raw = (await db.query<Raw>(`SELECT * FROM api_key WHERE secret_hash = ${lit(wanted)}`))[0];
	if (raw === undefined || !timingSafeEqual(raw.secret_hash, wanted)) return null;
	if (raw.revoked_at !== null || (raw.expires_at !== null && raw.expires_at <= now)) return null;
	const user = await findUserById(raw.user_id.toString("hex"), db);
	if (user === null || user.disabled) return null;
	if (raw.last_used_at === null || now.getTime() - raw.last_used_at.getTime() > TOUCH_EVERY_MS) {
		await db.execute(`UPDATE api_key SET last_used_at = ${lit(now)} WHERE id = ${lit(raw.id)}`);
	}
	return { key: toKey(raw), user };
}
