import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { ExistError, shown } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { type Database, database, lit } from "@/lib/platform";
import { audit } from "./audit";
import { type Role, roleAllows } from "./roles";
import { findUserById, type User } from "./users";

/** What a key may do, within what its user may: `role` is the least that may give the scope away. */
export const SCOPES = {
	read: { says: "asks everything the Web API answers", role: "viewer" },
	lookup: { says: "asks outside services about single values", role: "viewer" },
	capture: { says: "has URLs visited by a browser", role: "analyst" },
	run: { says: "may ask for runs of sources and for backtests of hunters", role: "analyst" },
} as const satisfies Readonly<Record<string, { says: string; role: Role }>>;
export type Scope = keyof typeof SCOPES;
const SCOPE_NAMES = Object.keys(SCOPES) as Scope[];

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
/** Keys an administrator's page shows. */
const MAX_LISTED = 1000;
/** Good keys of one user; more are a sign that nobody knows any more what they are for. */
const MAX_KEYS = 50;

function digest(secret: string): Buffer {
	return createHash("sha256").update(secret).digest();
}

/** Every scope there is, for a command's help. */
export function scopeNames(): readonly Scope[] {
	return SCOPE_NAMES;
}

/** Scopes that a role may give to a key. */
export function scopesOf(role: Role): Array<{ name: Scope; says: string }> {
	return SCOPE_NAMES.filter((name) => roleAllows(role, SCOPES[name].role)).map((name) => ({ name, says: SCOPES[name].says }));
}

function checkScopes(scopes: readonly string[], role: Role): Scope[] {
	for (const scope of scopes) {
		const known = SCOPE_NAMES.find((name) => name === scope);
		if (known === undefined) throw new ExistError("invalid", `There is no scope "${shown(scope, 30)}". Scopes are ${SCOPE_NAMES.join(", ")}.`, { field: "scopes" });
		if (!roleAllows(role, SCOPES[known].role)) throw new ExistError("forbidden", `The scope "${known}" needs the role ${SCOPES[known].role}; its user is ${role}.`, { field: "scopes" });
	}
	if (scopes.length === 0) throw new ExistError("invalid", `A key needs a scope: ${SCOPE_NAMES.join(", ")}.`, { field: "scopes" });
	return [...new Set(scopes)] as Scope[];
}

/**
 * Creates a key of a user. The secret is in the answer and nowhere else: only its SHA-256 is stored. Throws `forbidden` for a
 * scope beyond the user's role, `conflict` for one key too many.
 */
export async function createApiKey(
	input: { userId: string; name: string; scopes: readonly string[]; expiresAt: Date | null },
	actor = "cli",
	db: Database = database(),
): Promise<ApiKey & { secret: string }> {
	const user = await findUserById(input.userId, db);
	const name = input.name.trim();
	if (user === null || user.disabled) throw new ExistError("invalid", `"${shown(input.userId, 40)}" is no user.`, { field: "user" });
	if (name === "" || name.length > MAX_NAME) throw new ExistError("invalid", `A key needs a name of 1 to ${MAX_NAME} characters that says what it is for.`, { field: "name" });
	const scopes = checkScopes(input.scopes, user.role);
	const secret = `exist_${randomBytes(32).toString("base64url")}`;
	const id = randomBytes(16);
	const prefix = secret.slice(0, 12);
	const createdAt = new Date();
	if (input.expiresAt !== null && input.expiresAt <= createdAt) throw new ExistError("invalid", "The key would be expired already. Give a day in the future.", { field: "days" });
	const owner = Buffer.from(user.id, "hex");
	await db.transaction(async (tx) => {
		const good = await tx.query(`SELECT id FROM api_key WHERE user_id = ${lit(owner)} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${lit(createdAt)}) LIMIT ${MAX_KEYS}`);
		if (good.length >= MAX_KEYS) throw new ExistError("conflict", `${user.email} has ${MAX_KEYS} keys that are good. Revoke those that nobody uses.`);
		await tx.execute(
			`INSERT INTO api_key (id, user_id, name, prefix, secret_hash, scopes, created_at, expires_at) VALUES (${lit(id)},${lit(owner)},${lit(name)},${lit(prefix)},${lit(digest(secret))},${lit(JSON.stringify(scopes))},${lit(createdAt)},${lit(input.expiresAt)})`,
		);
		await audit(actor, "key.create", name, { key: prefix, user: user.email, scopes, expires: input.expiresAt?.toISOString() ?? null }, tx);
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

/** Everybody's keys, newest first, with whose they are: for administrators. */
export async function allApiKeys(db: Database = database()): Promise<Array<ApiKey & { owner: string }>> {
	const rows = await db.query<Raw & { email: string | null }>(`SELECT k.*, u.email FROM api_key k LEFT JOIN user u ON u.id = k.user_id ORDER BY k.created_at DESC LIMIT ${MAX_LISTED}`);
	return rows.map((raw) => ({ ...toKey(raw), owner: raw.email ?? "nobody" }));
}

/**
 * Ends a key for good, everywhere and at once: keys are read from the database at each request. `owner` is whose key it must be,
 * null where an administrator ends anybody's. Throws `not_found` where there is no such key.
 */
export async function revokeApiKey(id: string, owner: string | null, actor: string, db: Database = database()): Promise<void> {
	const key = parseId(id);
	const user = owner === null ? null : parseId(owner);
	if (key === null || (owner !== null && user === null)) throw new ExistError("not_found", "There is no such key.");
	await db.transaction(async (tx) => {
		const [raw] = await tx.query<Raw>(`SELECT * FROM api_key WHERE id = ${lit(key)}${user === null ? "" : ` AND user_id = ${lit(user)}`} FOR UPDATE`);
		if (raw === undefined || raw.revoked_at !== null) throw new ExistError("not_found", "There is no such key, or it is revoked already.");
		await tx.execute(`UPDATE api_key SET revoked_at = ${lit(new Date())} WHERE id = ${lit(key)}`);
		await audit(actor, "key.revoke", raw.name, { key: raw.prefix, user: raw.user_id.toString("hex") }, tx);
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
	const before = new Date(now.getTime() - TOUCH_EVERY_MS);
	if (raw.last_used_at === null || raw.last_used_at <= before) {
		// Of several requests at once one writes.
		await db.execute(`UPDATE api_key SET last_used_at = ${lit(now)} WHERE id = ${lit(raw.id)} AND (last_used_at IS NULL OR last_used_at <= ${lit(before)})`);
	}
	return { key: toKey(raw), user };
}
