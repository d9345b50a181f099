import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { giveUp, say } from "./bootstrap.mjs";

const FOLDERS = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec", "/opt/homebrew/bin", "/opt/homebrew/opt/mariadb/bin", "/usr/local/mysql/bin"];

/** @param {string[]} names @returns {string | null} */
function find(names) {
	const folders = [...(process.env.PATH ?? "").split(":"), ...FOLDERS];
	for (const name of names) for (const folder of folders) if (folder !== "" && existsSync(join(folder, name))) return join(folder, name);
	return null;
}

function findServer() {
	return find(["mariadbd", "mysqld"]);
}

const WAY_ROUND = `EXIST needs a MariaDB or MySQL server. Either
  install one:   sudo apt-get install mariadb-server   (it need not be started: EXIST runs a private one)
  or point EXIST at one you have:   DATABASE_URL=mysql://user:password@host:3306/exist`;

/** Installs the Debian package where we may. @returns {string} */
function install() {
	const apt = find(["apt-get"]);
	const root = userInfo().uid === 0;
	const sudo = root ? null : find(["sudo"]);
	const may = apt !== null && (root || (sudo !== null && spawnSync(sudo, ["-n", "true"]).status === 0));
	if (!may || apt === null) return giveUp(`There is no database server on this machine, and it cannot be installed without your password.\n${WAY_ROUND}`);
	const prefix = sudo === null ? [] : [sudo, "-n"];
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	const steps = [
		[...prefix, apt, "update", "-qq"],
		[...prefix, apt, "install", "-y", "-qq", "--no-install-recommends", "mariadb-server"],
	];
	say("Installing the Debian package mariadb-server …");
	for (const [command, ...args] of steps) {
		const done = spawnSync(/** @type {string} */ (command), args, { stdio: ["ignore", "pipe", "pipe"], env, encoding: "utf8" });
		if (done.status !== 0) giveUp(`${[command, ...args].join(" ")} failed:\n${`${done.stdout}${done.stderr}`.trim().split("\n").slice(-15).join("\n")}\n${WAY_ROUND}`);
	}
	return findServer() ?? giveUp(`The package was installed, yet no mariadbd was found.\n${WAY_ROUND}`);
}

/** @param {string} server @param {string} data @param {string[]} user */
function initialise(server, data, user) {
	mkdirSync(data, { recursive: true, mode: 0o700 });
	const script = find(["mariadb-install-db"]);
	const done =
		script !== null
			? spawnSync(script, ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", `--datadir=${data}`, ...user], { encoding: "utf8" })
			: spawnSync(server, ["--no-defaults", "--initialize-insecure", `--datadir=${data}`, ...user], { encoding: "utf8" });
	if (done.status !== 0) giveUp(`The database's folder ${data} could not be made:\n${`${done.stdout}${done.stderr}`.trim().split("\n").slice(-15).join("\n")}`);
}

/** A server that a killed start left behind on our own folder is ended first. @param {string} data */
async function endLeftOver(data) {
	const pidFile = join(data, "exist.pid");
	if (!existsSync(pidFile)) return;
	const pid = Number(readFileSync(pidFile, "utf8"));
	const commandLine = `/proc/${pid}/cmdline`;
	if (!Number.isInteger(pid) || pid < 2 || !existsSync(commandLine) || !readFileSync(commandLine, "utf8").includes(`--datadir=${data}`)) return;
	say("A database of an earlier start still runs; ending it …");
	process.kill(pid, "SIGTERM");
	for (let turn = 0; turn < 120 && existsSync(commandLine); turn++) await sleep(250);
	if (existsSync(commandLine)) giveUp(`The database process ${pid} of an earlier start does not end. Stop it, then try again.`);
}

/** @param {string} socket @returns {Promise<boolean>} */
function connects(socket) {
	return new Promise((resolve) => {
		const client = createConnection({ path: socket });
		// The server speaks first; until it does, it is not ready.
		client.once("data", () => {
			client.destroy();
			resolve(true);
		});
		client.once("error", () => resolve(false));
	});
}

/**
 * @param {{ server: string, data: string, folder: string, user: string[] }} place
 * @param {{ bufferPoolMb?: number, durable?: boolean }} options
 */
function serverArguments({ server, data, folder, user }, options) {
	return [
		"--no-defaults",
		`--datadir=${data}`,
		`--socket=${join(folder, "s")}`,
		`--pid-file=${join(folder, "pid")}`,
		`--log-error=${join(data, "exist.err")}`,
		...user,
		"--skip-networking",
		...(server.endsWith("mariadbd") ? [] : ["--mysqlx=OFF"]),
		"--character-set-server=utf8mb4",
		"--collation-server=utf8mb4_bin",
		"--max-allowed-packet=64M",
		"--max-connections=150",
		`--innodb-buffer-pool-size=${options.bufferPoolMb ?? 512}M`,
		"--innodb-log-file-size=256M",
		`--innodb-flush-log-at-trx-commit=${options.durable === false ? 2 : 1}`,
		"--skip-log-bin",
	];
}

/** The end of the server's own log. @param {string} data */
function logOf(data) {
	const file = join(data, "exist.err");
	return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-20).join("\n") : "";
}

/** Longest wait for a server, quarter seconds: after a crash it recovers before it answers. */
const START_TURNS = 1200;

/** Waits until the server speaks; where it ended or never does, there is nothing to go on with. @param {string} socket @param {string} data @param {() => boolean} ended */
async function untilItAnswers(socket, data, ended) {
	for (let turn = 0; turn < START_TURNS; turn++) {
		if (ended()) giveUp(`The database does not start. Its log says:\n${logOf(data)}`);
		if (existsSync(socket) && (await connects(socket))) return;
		if (turn === 60) say("The database takes its time (after a crash it recovers first) …");
		await sleep(turn < 60 ? 125 : 250);
	}
	giveUp(`The database in ${data} does not answer after five minutes. Its log says:\n${logOf(data)}`);
}

/**
 * Starts a private server on a folder of our own. It listens on a socket in a folder only we can enter, never on the network.
 * @param {string} data folder, made when missing
 * @param {{ bufferPoolMb?: number, durable?: boolean, onExit?: (text: string) => void }} [options]
 *   `durable: false` is for tests: commits may be lost when the machine (not the process) dies
 * @returns {Promise<{ url: (database: string) => string, socket: string, pid: number, stop: () => Promise<void> }>}
 */
export async function startMariadb(data, options = {}) {
	const server = findServer() ?? install();
	const user = userInfo().uid === 0 ? ["--user=root"] : [];
	await endLeftOver(data);
	if (!existsSync(join(data, "mysql"))) initialise(server, data, user);
	const folder = mkdtempSync(join(tmpdir(), "exist-db-"));
	const socket = join(folder, "s");
	const child = spawn(server, serverArguments({ server, data, folder, user }, options), { stdio: "ignore", detached: true });
	let ended = false;
	let wanted = false;
	const exited = new Promise((resolve) => {
		child.once("exit", () => {
			ended = true;
			rmSync(folder, { recursive: true, force: true });
			resolve(undefined);
			if (!wanted) options.onExit?.(`The database ended. Its log says:\n${logOf(data)}`);
		});
	});
	if (child.pid !== undefined) writeFileSync(join(data, "exist.pid"), String(child.pid));
	await untilItAnswers(socket, data, () => ended);
	return {
		url: (database) => `mysql://root@localhost/${database}?socketPath=${encodeURIComponent(socket)}`,
		socket,
		pid: child.pid ?? 0,
		stop: async () => {
			wanted = true;
			if (ended) return;
			child.kill("SIGTERM");
			const late = await Promise.race([exited.then(() => false), sleep(30_000, true, { ref: false })]);
			if (late) child.kill("SIGKILL");
			await exited;
		},
	};
}

/** Makes the database (schema) in a server. Needs packages. @param {string} url of the server with any or no database @param {string} name */
export async function createDatabase(url, name) {
	const { default: mysql } = await import("mysql2/promise");
	const server = new URL(url);
	server.pathname = "/";
	const connection = await mysql.createConnection({ uri: server.href });
	try {
		await connection.query(`CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
	} finally {
		await connection.end();
	}
}
