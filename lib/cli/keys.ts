import { Command } from "commander";
import { type ApiKey, allApiKeys, apiKeysOf, createApiKey, revokeApiKey, scopeNames } from "@/lib/auth/api-keys";
import { findUserByEmail, type User } from "@/lib/auth/users";
import { ExistError, shown } from "@/lib/errors";
import { migrate } from "@/lib/platform";
import { print, printJson, printTable } from "./output";

async function ownerOf(email: string): Promise<User> {
	const user = await findUserByEmail(email);
	if (user === null) throw new ExistError("not_found", `Nobody has the e-mail address "${shown(email)}". \`user add\` creates an account.`, { field: "user" });
	return user;
}

interface KeyOptions {
	user: string;
	name: string;
	scope?: string[];
	days?: string;
	json?: boolean;
}

async function addKey(options: KeyOptions): Promise<void> {
	await migrate();
	const user = await ownerOf(options.user);
	const days = options.days === undefined ? null : Number(options.days);
	if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= 3650)) {
		throw new ExistError("invalid", `--days "${options.days}" is not a whole number from 1 to 3650.`, { field: "days" });
	}
	const key = await createApiKey({
		userId: user.id,
		name: options.name,
		scopes: options.scope ?? ["read"],
		expiresAt: days === null ? null : new Date(Date.now() + days * 86_400_000),
	});
	if (options.json === true) return printJson(key);
	print(`Key (shown once): ${key.secret}`);
	print("Send it as `Authorization: Bearer …`.");
}

type OwnedKey = ApiKey & { owner: string };

async function keysOf(email: string | undefined): Promise<OwnedKey[]> {
	if (email === undefined) return allApiKeys();
	const user = await ownerOf(email);
	return (await apiKeysOf(user.id)).map((key) => ({ ...key, owner: user.email }));
}

function stateOf(key: ApiKey, now: Date): "good" | "expired" | "revoked" {
	if (key.revokedAt !== null) return "revoked";
	return key.expiresAt !== null && key.expiresAt <= now ? "expired" : "good";
}

async function listKeys(options: { user?: string; json?: boolean }): Promise<void> {
	const now = new Date();
	const keys = (await keysOf(options.user)).map((key) => ({ ...key, state: stateOf(key, now) }));
	if (options.json === true) return printJson(keys);
	const day = (date: Date | null): string => (date === null ? "never" : date.toISOString().slice(0, 10));
	printTable(
		["id", "state", "user", "begins", "scopes", "created", "expires", "last used", "name"],
		keys.map((key) => [key.id, key.state, key.owner, key.prefix, key.scopes.join(","), day(key.createdAt), day(key.expiresAt), day(key.lastUsedAt), key.name]),
	);
}

async function revokeKey(id: string, options: { json?: boolean }): Promise<void> {
	// The secret itself typed here would end in the shell's history; only what says nothing is taken.
	if (!/^[0-9a-f]{32}$/i.test(id)) throw new ExistError("invalid", "A key is named by its id of 32 letters and digits, not by its secret. `key list` shows the ids.", { field: "id" });
	const key = id.toLowerCase();
	await revokeApiKey(key, null, "cli");
	if (options.json === true) return printJson({ id: key, revoked: true });
	print(`The key ${key} is revoked: the next request with it is refused.`);
}

/** `exist key add|list|revoke`: API keys of users. */
export function keyCommand(): Command {
	const add = new Command("add")
		.description("create an API key; its secret is shown once")
		.requiredOption("--user <email>", "whose key it is")
		.requiredOption("--name <name>", "what it is for")
		.option("--scope <scope...>", `scopes of ${scopeNames().join(", ")}; read by default`)
		.option("--days <n>", "expires after so many days")
		.option("--json", "print one JSON document")
		.action(addKey);
	const list = new Command("list")
		.description("the keys there are, newest first, without their secrets")
		.option("--user <email>", "only this user's")
		.option("--json", "print one JSON document")
		.action(listKeys);
	const revoke = new Command("revoke").description("end a key for good, at once").argument("<id>", "as `key list` shows it").option("--json", "print one JSON document").action(revokeKey);
	return new Command("key").alias("keys").description("API keys").addCommand(add).addCommand(list).addCommand(revoke);
}
