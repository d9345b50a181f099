import { spawn } from "node:child_process";
import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { giveUp, ROOT, say } from "./bootstrap.mjs";

/** Everything this command started, in order. @type {Array<{ name: string, child: import("node:child_process").ChildProcess, patience: number }>} */
const started = [];
/** What ends after every process: the database. @type {Array<() => Promise<void>>} */
const lastSteps = [];
let stopping = false;
const TAIL_LINES = 40;

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches us alone and everything ends in order. When it ends by itself,
 * the whole command ends with its last words.
 * @param {string} name @param {string} command @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, patience?: number, onLine?: (line: string) => void, log?: import("node:fs").WriteStream }} [options]
 */
export function start(name, command, args, options = {}) {
	const child = spawn(command, args, { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...options.env } });
	/** @type {string[]} */
	const tail = [];
	for (const stream of [child.stdout, child.stderr]) {
		let rest = "";
		stream?.setEncoding("utf8").on("data", (text) => {
			const lines = (rest + text).split("\n");
			rest = lines.pop() ?? "";
			for (const line of lines) {
				options.log?.write(`${line}\n`);
				tail.push(line);
				if (tail.length > TAIL_LINES) tail.shift();
				options.onLine?.(line);
			}
		});
	}
	started.push({ name, child, patience: options.patience ?? 10_000 });
	child.on("error", (error) => {
		if (!stopping) void stopAll(`${name} did not start: ${error.message}`);
	});
	child.on("exit", (code, signal) => {
		if (!stopping) void stopAll(`${name} ended (${signal ?? code}). Its last words:\n${tail.join("\n")}`);
	});
	return child;
}

/** @param {import("node:child_process").ChildProcess} child @param {number} patience */
async function stop(child, patience) {
	if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
	const ended = new Promise((resolve) => child.once("exit", resolve));
	const send = (/** @type {NodeJS.Signals} */ signal) => {
		try {
			process.kill(-(/** @type {number} */ (child.pid)), signal);
		} catch {
			// It ended in the meantime.
		}
	};
	send("SIGTERM");
	const late = await Promise.race([ended.then(() => false), sleep(patience, true, { ref: false })]);
	if (late) {
		send("SIGKILL");
		await ended;
	}
}

/** Stops what was started, last first. With a reason it is a failure. @param {string} [reason] */
export async function stopAll(reason) {
	if (stopping) return;
	stopping = true;
	for (const { child, patience } of [...started].reverse()) await stop(child, patience);
	for (const step of lastSteps) await step();
	if (reason === undefined) process.exit(0);
	giveUp(reason);
}

/** Names and process ids of everything that runs. @returns {Array<{ name: string, pid: number }>} */
export function runningChildren() {
	return started.flatMap(({ name, child }) => (child.pid === undefined ? [] : [{ name, pid: child.pid }]));
}

/** @param {() => Promise<void>} step */
export function atEnd(step) {
	lastSteps.push(step);
}

/** Ctrl-C and SIGTERM end everything that was started; a second one does not interrupt that. */
export function stopOnSignals() {
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
		process.on(signal, () => {
			if (!stopping) say("\nStopping …");
			void stopAll();
		});
	}
}

/** Whether something listens on a loopback port. @param {number} port @returns {Promise<boolean>} */
export function portTaken(port) {
	return new Promise((resolve) => {
		const socket = createConnection({ host: "127.0.0.1", port });
		socket.setTimeout(1000, () => socket.destroy());
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
		socket.once("timeout", () => resolve(false));
	});
}

/** A free loopback port at or above the given one. @param {number} from */
export async function freePort(from) {
	for (let port = from; port < from + 200; port++) if (!(await portTaken(port))) return port;
	return giveUp(`No port from ${from} to ${from + 199} is free.`);
}

/** Asks until it answers below 500, for at most `seconds`. @param {string} url @param {number} seconds @returns {Promise<boolean>} */
export async function answers(url, seconds) {
	for (let turn = 0; turn < seconds * 4; turn++) {
		try {
			const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: "manual" });
			if (response.status < 500) return true;
		} catch {
			// Not up yet.
		}
		await sleep(250);
	}
	return false;
}

/** Runs a command to its end and gives its standard output; rejects with its last words when it fails. @param {string} what @param {string} command @param {string[]} args @param {Record<string, string | undefined>} [env] @returns {Promise<string>} */
export function run(what, command, args, env = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
		let out = "";
		let err = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			out += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text) => {
			err += text;
		});
		child.on("error", (error) => reject(new Error(`${what} failed: ${error.message}`)));
		child.on("close", (code) => {
			if (code === 0) resolve(out);
			else reject(new Error(`${what} failed (${code}):\n${`${out}\n${err}`.trim().split("\n").slice(-TAIL_LINES).join("\n")}`));
		});
	});
}
