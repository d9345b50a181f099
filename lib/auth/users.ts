import { randomBytes } from "node:crypto";
import { z } from "zod";
import { ExistError, shown } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { cache, type Database, database, isDuplicate, lit } from "@/lib/platform";
import { audit } from "./audit";
import { hashPassword, verifyPassword } from "./passwords";
import { type Role, toRole } from "./roles";

export type { Role } from "./roles";

export interface User {
	/** 32 hex */
	id: string;
	email: string;
	name: string;
	role: Role;
	/** sessions made for an earlier one are over */
	sessionVersion: number;
	disabled: boolean;
}

interface Raw {
	id: Buffer;
	email: string;
	name: string;
	role: string;
	session_version: number;
	disabled_at: Date | null;
	password_hash: string | null;
}

/** Attempts in a quarter of an hour: for one account, and from one client address, behind which a whole office may sit. */
const ATTEMPTS = { account: 10, client: 100 } as const;
const WINDOW_SECONDS = 900;
/** Longest e-mail address (RFC 5321). */
const MAX_EMAIL = 254;

function toUser(raw: Raw): User {
	return {
		id: raw.id.toString("hex"),
		email: raw.email,
		name: raw.name,
		role: toRole(raw.role),
		sessionVersion: Number(raw.session_version),
		disabled: raw.disabled_at !== null,
	};
}

function cleanEmail(email: string): string {
	const text = email.trim().toLowerCase();
	if (!z.email().max(MAX_EMAIL).safeParse(text).success) throw new ExistError("invalid", `"${shown(email, 60)}" is no e-mail address.`, { field: "email" });
	return text;
}

async function readUser(where: string, db: Database): Promise<(Raw & { user: User }) | null> {
	const rows = await db.query<Raw>(`SELECT * FROM user WHERE ${where}`);
	return rows[0] === undefined ? null : { ...rows[0], user: toUser(rows[0]) };
}

/** The user with this e-mail address, or null. */
export async function findUserByEmail(email: string, db: Database = database()): Promise<User | null> {
	return (await readUser(`email = ${lit(email.trim().toLowerCase())}`, db))?.user ?? null;
}

/** The user with this id (32 hex), or null. */
export async function findUserById(id: string, db: Database = database()): Promise<User | null> {
	const bytes = parseId(id);
	return bytes === null ? null : ((await readUser(`id = ${lit(bytes)}`, db))?.user ?? null);
}

/** Whether anybody has an account yet. */
export async function hasUsers(db: Database = database()): Promise<boolean> {
	return (await db.query("SELECT 1 FROM user LIMIT 1")).length > 0;
}

export interface NewUser {
	email: string;
	name: string;
	role: Role;
	/** left out for people who sign in elsewhere only */
	password?: string;
}

async function insertUser(db: Database, input: NewUser, actor: string): Promise<User> {
	const email = cleanEmail(input.email);
	const hash = input.password === undefined ? null : await hashPassword(input.password);
	const id = randomBytes(16);
	const name = input.name.trim().slice(0, 200) || email;
	try {
		await db.transaction(async (tx) => {
			await tx.execute(
				`INSERT INTO user (id, email, name, role, password_hash, session_version, created_at) VALUES (${lit(id)},${lit(email)},${lit(name)},${lit(input.role)},${lit(hash)},1,${lit(new Date())})`,
			);
			await audit(actor, "user.create", email, { role: input.role }, tx);
		});
	} catch (error) {
		if (isDuplicate(error)) throw new ExistError("conflict", `${email} has an account already.`, { field: "email" });
		throw error;
	}
	return { id: id.toString("hex"), email, name, role: input.role, sessionVersion: 1, disabled: false };
}

/** Creates an account. Throws `invalid` for a bad address or password, `conflict` where the address is taken. */
export function createUser(input: NewUser, actor: string, db: Database = database()): Promise<User> {
	return insertUser(db, input, actor);
}

/**
 * Creates the first account, an administrator. Throws `conflict` once anybody has one: two people at the set-up page at the
 * same time do not become two administrators.
 */
export async function createFirstAdministrator(input: Omit<NewUser, "role">, db: Database = database()): Promise<User> {
	const claimed = await db.execute(`INSERT INTO setting (name, value, updated_at) VALUES ('first-administrator', ${lit(JSON.stringify(input.email))}, ${lit(new Date())})`).catch((error: unknown) => {
		if (isDuplicate(error)) return { affected: 0 };
		throw error;
	});
	if (claimed.affected === 0 || (await hasUsers(db))) throw new ExistError("conflict", "This installation has its first administrator. Sign in, or ask them for an account.");
	try {
		return await insertUser(db, { ...input, role: "administrator" }, "set-up");
	} catch (error) {
		await db.execute("DELETE FROM setting WHERE name = 'first-administrator'");
		throw error;
	}
}

/**
 * Checks e-mail address and password. Null where they do not belong together, whatever the reason; throws `rate_limited` after
 * ten attempts in a quarter of an hour for one account, or a hundred from one client address.
 */
export async function signIn(email: string, password: string, client: string, db: Database = database()): Promise<User | null> {
	const address = email.trim().toLowerCase();
	// Nobody has such an address, and every one that is tried would be kept by the limiter.
	if (address.length > MAX_EMAIL) return null;
	for (const [key, attempts] of [
		[`client:${client}`, ATTEMPTS.client],
		[`account:${address}`, ATTEMPTS.account],
	] as const) {
		const used = await cache().limit("sign-in", key, attempts, WINDOW_SECONDS);
		if (!used.allowed) {
			const wait = Math.ceil((used.resetAt.getTime() - Date.now()) / 1000);
			throw new ExistError("rate_limited", `Too many attempts. Try again in ${Math.ceil(wait / 60)} minutes.`, { retryAfter: wait });
		}
	}
	const found = await readUser(`email = ${lit(address)}`, db);
	const right = await verifyPassword(password, found?.password_hash ?? null);
	if (!right || found === null || found.user.disabled) return null;
	await db.execute(`UPDATE user SET last_sign_in_at = ${lit(new Date())} WHERE id = ${lit(found.id)}`);
	return found.user;
}

export interface OutsideIdentity {
	provider: string;
	accountId: string;
	email: string | null;
	/** the provider vouches that the address belongs to the person */
	emailVerified: boolean;
	name: string | null;
}

/**
 * The user behind an identity of an outside provider: known already, or invited by its verified e-mail address, or new where the
 * address belongs to one of `allowedDomains`. Null for everybody else.
 */
export async function outsideUser(identity: OutsideIdentity, allowedDomains: readonly string[], db: Database = database()): Promise<User | null> {
	const known = await db.query<{ user_id: Buffer }>(`SELECT user_id FROM account WHERE provider = ${lit(identity.provider)} AND provider_account_id = ${lit(identity.accountId)}`);
	if (known[0] !== undefined) {
		const user = await findUserById(known[0].user_id.toString("hex"), db);
		return user === null || user.disabled ? null : user;
	}
	if (identity.email === null || !identity.emailVerified) return null;
	const email = cleanEmail(identity.email);
	let user = await findUserByEmail(email, db);
	if (user === null) {
		if (!allowedDomains.includes(email.slice(email.lastIndexOf("@") + 1))) return null;
		user = await insertUser(db, { email, name: identity.name ?? email, role: "viewer" }, identity.provider);
	}
	if (user.disabled) return null;
	await db.execute(
		`INSERT INTO account (provider, provider_account_id, user_id, created_at) VALUES (${lit(identity.provider)},${lit(identity.accountId)},${lit(Buffer.from(user.id, "hex"))},${lit(new Date())}) ON DUPLICATE KEY UPDATE user_id = user_id`,
	);
	return user;
}
