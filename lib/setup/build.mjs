import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT, say } from "./bootstrap.mjs";
import { run } from "./processes.mjs";

const PARTS = ["app", "components", "lib", "drizzle", "inngest", "public", "package-lock.json", "next.config.ts", "proxy.ts", "tsconfig.json", "postcss.config.mjs"];

/** @param {string} path @returns {number} newest change below it */
function newest(path) {
	const info = statSync(path);
	if (!info.isDirectory()) return info.mtimeMs;
	return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), info.mtimeMs);
}

/** Builds the console where something it is made of changed since the last time. */
export async function build() {
	const marker = join(ROOT, ".next/BUILD_ID");
	if (existsSync(marker) && statSync(marker).mtimeMs > Math.max(...PARTS.map((part) => newest(join(ROOT, part))))) return;
	say("Building the console …");
	const begun = Date.now();
	await run("The build", join(ROOT, "node_modules/.bin/next"), ["build"], { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" });
	say(`Built (${Math.round((Date.now() - begun) / 1000)} s).`);
}
