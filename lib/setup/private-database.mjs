import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, say } from "./bootstrap.mjs";
import { createDatabase, startMariadb } from "./mariadb.mjs";
import { runningChildren } from "./processes.mjs";

/** Where a running system says how it is reached, for the command line. @param {"demo" | "live"} kind */
function noteFile(kind) {
	return join(ROOT, ".exist", kind, "running.json");
}

/** @param {number} pid */
function alive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

const TWITTER = ["APP_KEY", "APP_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET", "BEARER_TOKENS", "LISTS"].map((name) => `TWITTER_${name}`);

/** Leaves a note while the system runs. @param {"demo" | "live"} kind @param {Record<string, string>} env */
export function noteRunning(kind, env) {
	const names = ["DATABASE_URL", "EXIST_DEMO_UPSTREAM", "ABUSEIPDB_KEY", "MALSHARE_KEY", ...TWITTER, "INNGEST_BASE_URL", "INNGEST_SIGNING_KEY", "INNGEST_EVENT_KEY", "NEXTAUTH_SECRET"];
	const kept = Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
	writeFileSync(noteFile(kind), JSON.stringify({ pid: process.pid, children: runningChildren(), env: kept }), { mode: 0o600 });
	process.once("exit", () => rmSync(noteFile(kind), { force: true }));
}

/** Whether a process works in this project's folder; its title may have changed, its folder does not. @param {number} pid */
function worksHere(pid) {
	try {
		return readlinkSync(`/proc/${pid}/cwd`) === ROOT;
	} catch {
		return false;
	}
}

/**
 * Ends what a start left behind that was killed before it could clean up. Only processes that still are what was noted.
 * @param {"demo" | "live"} kind
 */
export function endLeftOvers(kind) {
	const file = noteFile(kind);
	if (!existsSync(file)) return;
	const { pid, children = [] } = JSON.parse(readFileSync(file, "utf8"));
	if (alive(pid)) return;
	for (const child of children) {
		if (!alive(child.pid) || !worksHere(child.pid)) continue;
		say(`Ending ${child.name} of an earlier start …`);
		process.kill(-child.pid, "SIGTERM");
	}
	rmSync(file, { force: true });
}

/** @param {"demo" | "live"} kind @returns {Record<string, string> | null} */
function running(kind) {
	const file = noteFile(kind);
	if (!existsSync(file)) return null;
	const { pid, env } = JSON.parse(readFileSync(file, "utf8"));
	return alive(pid) ? env : null;
}

/**
 * The database the command line works on: of the system that runs (the live one first), else the private server of `npm start`
 * is started for the length of the command; with `EXIST_DEMO=1` that of the demonstration.
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
export async function privateDatabase() {
	const kinds = /** @type {const} */ (process.env.EXIST_DEMO === "1" ? ["demo"] : ["live", "demo"]);
	for (const kind of kinds) {
		const env = running(kind);
		if (env !== null) return { env, stop: async () => {} };
	}
	const folder = join(ROOT, ".exist", kinds[0]);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const server = await startMariadb(join(folder, "mariadb"));
	await createDatabase(server.url("mysql"), "exist");
	return { env: { DATABASE_URL: server.url("exist") }, stop: server.stop };
}
