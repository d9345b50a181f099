import { datetime, index, int, mysqlTable, primaryKey, uniqueIndex } from "drizzle-orm/mysql-core";
import { asciiText, binary16, binary32, exactText, jsonText, longText } from "./columns";

const time = (name: string) => datetime(name, { mode: "date", fsp: 3 });

/** Roles: `viewer` reads, `analyst` also runs and edits, `administrator` also manages people and settings. */
export const user = mysqlTable(
	"user",
	{
		id: binary16("id").primaryKey(),
		/** lower case */
		email: exactText("email", { length: 254 }).notNull(),
		name: exactText("name", { length: 200 }).notNull(),
		role: asciiText("role", { length: 16 }).notNull(),
		/** scrypt, self-describing; null for people who sign in elsewhere only */
		passwordHash: asciiText("password_hash", { length: 255 }),
		/** raised when sessions must end (password change, sign-out everywhere) */
		sessionVersion: int("session_version").notNull(),
		disabledAt: time("disabled_at"),
		createdAt: time("created_at").notNull(),
		lastSignInAt: time("last_sign_in_at"),
	},
	(t) => [uniqueIndex("user_email").on(t.email)],
);

/** Identities at outside providers that belong to a user. */
export const account = mysqlTable(
	"account",
	{
		provider: asciiText("provider", { length: 32 }).notNull(),
		providerAccountId: exactText("provider_account_id", { length: 255 }).notNull(),
		userId: binary16("user_id").notNull(),
		createdAt: time("created_at").notNull(),
	},
	(t) => [primaryKey({ columns: [t.provider, t.providerAccountId] }), index("account_user").on(t.userId)],
);

/** API keys: only the SHA-256 of the secret is stored; `prefix` tells keys apart in lists. */
export const apiKey = mysqlTable(
	"api_key",
	{
		id: binary16("id").primaryKey(),
		userId: binary16("user_id").notNull(),
		name: exactText("name", { length: 100 }).notNull(),
		prefix: asciiText("prefix", { length: 16 }).notNull(),
		secretHash: binary32("secret_hash").notNull(),
		scopes: jsonText<string[]>()("scopes").notNull(),
		createdAt: time("created_at").notNull(),
		expiresAt: time("expires_at"),
		lastUsedAt: time("last_used_at"),
		revokedAt: time("revoked_at"),
	},
	(t) => [uniqueIndex("api_key_secret").on(t.secretHash), index("api_key_user").on(t.userId)],
);

/** Who changed what. Written in the same transaction as the change where there is one. */
export const auditEntry = mysqlTable(
	"audit_entry",
	{
		id: binary16("id").primaryKey(),
		at: time("at").notNull(),
		/** user id, `system` or `cli` */
		actor: exactText("actor", { length: 254 }).notNull(),
		/** `user.create`, `source.disable` … */
		action: asciiText("action", { length: 64 }).notNull(),
		subject: exactText("subject", { length: 255 }).notNull(),
		detail: jsonText<Record<string, unknown>>()("detail"),
		note: longText("note"),
	},
	(t) => [index("audit_at").on(t.at)],
);
