// `npm run verify`: what has to hold before a commit: format and lint, types, dead files and packages, schema against migrations, tests.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { prepare, ROOT, say } from "./bootstrap.mjs";

prepare();
const bin = (/** @type {string} */ name) => join(ROOT, "node_modules/.bin", name);
const migrations = () => (existsSync(join(ROOT, "drizzle/migrations")) ? readdirSync(join(ROOT, "drizzle/migrations")).sort().join() : "");
const before = migrations();
const STEPS = /** @type {const} */ ([
	["format and lint", bin("biome"), ["ci", "--error-on-warnings", "."]],
	["types", bin("tsc"), ["--noEmit"]],
	["dead code and packages", bin("knip"), []],
	["schema and migrations", bin("drizzle-kit"), ["generate", "--name", "drift"]],
	["tests", process.execPath, ["lib/setup/test.mjs"]],
]);
for (const [name, command, args] of STEPS) {
	say(`— ${name}`);
	const done = spawnSync(command, args, { stdio: "inherit" });
	if (done.status !== 0) {
		say(`\n${name}: failed. \`${[command.replace(`${ROOT}/`, ""), ...args].join(" ")}\` shows it again.`);
		process.exit(1);
	}
}
if (migrations() !== before) {
	say("The check of the schema wrote a migration; commit it.");
	process.exit(1);
}
say("\nAll is well.");
