import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./bootstrap.mjs";

/** @returns {string | null} */
function findRedis() {
	for (const folder of (process.env.PATH ?? "").split(":").concat("/usr/bin", "/usr/local/bin")) {
		if (folder !== "" && existsSync(join(folder, "redis-server"))) return join(folder, "redis-server");
	}
	return null;
}

/** Installs the Debian package where that needs no password. @returns {string | null} */
function install() {
	const root = userInfo().uid === 0;
	const prefix = root ? [] : ["sudo", "-n"];
	const apt = (/** @type {string[]} */ args) => {
		const [command, ...rest] = [...prefix, "apt-get", ...args];
		return spawnSync(/** @type {string} */ (command), rest, { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
	};
	say("Installing the Debian package redis-server …");
	return apt(["install", "-y", "-qq", "--no-install-recommends", "redis-server"]) || (apt(["update", "-qq"]) && apt(["install", "-y", "-qq", "--no-install-recommends", "redis-server"]))
		? findRedis()
		: null;
}

/** A private redis-server on a socket, for the tests of the shared cache; null where there is none. @returns {Promise<{ socket: string, stop: () => Promise<void> } | null>} */
export async function startRedis() {
	const server = findRedis() ?? install();
	if (server === null) return null;
	const folder = mkdtempSync(join(tmpdir(), "exist-redis-"));
	const socket = join(folder, "s");
	const child = spawn(server, ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder], { stdio: "ignore", detached: true });
	const exited = new Promise((resolve) => child.once("exit", resolve));
	for (let turn = 0; turn < 80 && !existsSync(socket); turn++) await sleep(50);
	return {
		socket,
		stop: async () => {
			child.kill("SIGTERM");
			await exited;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
