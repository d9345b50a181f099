import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { ROLES } from "@/lib/auth/roles";
import { createFirstAdministrator, createUser, hasUsers } from "@/lib/auth/users";
import { ExistError } from "@/lib/errors";
import { migrate } from "@/lib/platform";
import { print, printJson } from "./output";

/** 20 letters and digits: 119 bits. */
function generatePassword(): string {
	const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	let password = "";
	while (password.length < 20) {
		for (const byte of randomBytes(32)) if (byte < letters.length * 4 && password.length < 20) password += letters[byte % letters.length];
	}
	return password;
}

/** The password from standard input: typed, or piped in. It is never an argument, where other users could read it. */
async function askPassword(): Promise<string> {
	const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
	if (process.stdin.isTTY) process.stderr.write("Password (at least 12 characters): ");
	for await (const line of lines) {
		lines.close();
		return line;
	}
	throw new ExistError("invalid", "No password came on standard input. Type one, pipe one in, or use --generate-password.");
}

interface UserOptions {
	email: string;
	name?: string;
	role: string;
	generatePassword?: boolean;
	json?: boolean;
}

async function addUser(options: UserOptions): Promise<void> {
	const role = ROLES.find((known) => known === options.role);
	if (role === undefined) throw new ExistError("invalid", `There is no role "${options.role}". Roles are ${ROLES.join(", ")}.`, { field: "role" });
	await migrate();
	const password = options.generatePassword === true ? generatePassword() : await askPassword();
	const user = await createUser({ email: options.email, name: options.name ?? options.email.split("@")[0] ?? options.email, role, password }, "cli");
	const shownPassword = options.generatePassword === true ? { password } : {};
	if (options.json === true) return printJson({ id: user.id, email: user.email, role: user.role, ...shownPassword });
	print(`${user.email} is now ${role}.`);
	if (options.generatePassword === true) print(`Password (shown once): ${password}`);
}

/** The first administrator with a generated password, where nobody has an account; says `created: false` where somebody has. */
async function addFirst(options: { json?: boolean }): Promise<void> {
	await migrate();
	if (await hasUsers()) return printJson({ created: false });
	const password = generatePassword();
	const user = await createFirstAdministrator({ email: "admin@exist.local", name: "Administrator", password });
	if (options.json === true) return printJson({ created: true, email: user.email, password });
	print(`${user.email} is the first administrator. Password (shown once): ${password}`);
}

/** `exist user add`: creates a local account. */
export function userCommand(): Command {
	const add = new Command("add")
		.description("create a local account; the password is read from standard input")
		.requiredOption("--email <address>", "sign-in name")
		.option("--name <name>", "display name")
		.option("--role <role>", ROLES.join(", "), "analyst")
		.option("--generate-password", "make one and print it")
		.option("--json", "print one JSON document")
		.action(addUser);
	const first = new Command("first").description("create the first administrator with a generated password, where nobody has an account").option("--json", "print one JSON document").action(addFirst);
	return new Command("user").description("people").addCommand(add).addCommand(first);
}
