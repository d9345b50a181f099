// `npm run exist -- <command>`: the command line, on the database of DATABASE_URL or else the private one of `npm start`.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepare, ROOT } from "./bootstrap.mjs";

prepare();
for (const name of [".env.local", ".env"]) if (existsSync(join(ROOT, name))) process.loadEnvFile(join(ROOT, name));
const { privateDatabase } = await import("./private-database.mjs");
const wantsDatabase = !process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h" || argument === "help") && process.argv.length > 2;
const given = (process.env.DATABASE_URL ?? "") !== "" || (process.env.DATABASE_HOST ?? "") !== "";
const database = given || !wantsDatabase ? null : await privateDatabase();
const child = spawn(join(ROOT, "node_modules/.bin/tsx"), ["lib/cli/main.ts", ...process.argv.slice(2)], {
	stdio: "inherit",
	env: { LOG_LEVEL: "warn", ...process.env, ...(database === null ? {} : database.env) },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
child.on("exit", async (code) => {
	await database?.stop();
	process.exit(code ?? 1);
});
