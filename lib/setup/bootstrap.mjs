import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const NODE = join(ROOT, "node_modules/.bin/node");
const LOCK = join(ROOT, "package-lock.json");
const INSTALLED = join(ROOT, "node_modules/.package-lock.json");

/** @param {string} text */
export function say(text) {
	process.stderr.write(`${text}\n`);
}

/** Ends with a message for people instead of a stack. @param {string} text @returns {never} */
export function giveUp(text) {
	say(`\n${text}`);
	process.exit(1);
}

function installPackages() {
	say("Installing packages (npm ci) …");
	const begun = Date.now();
	const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
	if (done.status !== 0) giveUp("npm ci failed. Its message is above; `npm ci` by hand shows more.");
	say(`Packages are there (${Math.round((Date.now() - begun) / 1000)} s).`);
}

function packagesAreCurrent() {
	return existsSync(INSTALLED) && existsSync(NODE) && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs - 1000;
}

/**
 * Makes sure that packages are installed and that this script runs under the project's own Node 24. Where it does not, the
 * same script is run again by it, and its exit status becomes ours. Uses nothing that Node 18 does not have.
 */
export function prepare() {
	process.chdir(ROOT);
	if (!packagesAreCurrent()) installPackages();
	const major = Number(process.versions.node.split(".")[0]);
	if (major >= 24) return;
	if (process.env.EXIST_NODE_TRIED === "1") giveUp(`Node ${process.versions.node} runs this, Node 24 is needed, and the packaged one does not start. Install Node 24.`);
	const again = spawnSync(NODE, [...process.argv.slice(1)], {
		stdio: "inherit",
		env: { ...process.env, EXIST_NODE_TRIED: "1", PATH: `${join(ROOT, "node_modules/.bin")}:${process.env.PATH ?? ""}` },
	});
	if (again.error !== undefined) giveUp(`The packaged Node 24 does not start: ${again.error.message}`);
	process.exit(again.status ?? 1);
}
