import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "@/inngest/standin/engine";
import { type App, EVENT_KEY, FUNCTIONS, SIGNING_KEY, services, startApp } from "./fixture";

const ROOT = resolve(import.meta.dirname, "../../..");

let folder: string;
let child: ChildProcess | undefined;
let app: App | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "standin-"));
});
afterEach(async () => {
	if (child?.exitCode === null && child.signalCode === null) {
		child.kill("SIGKILL");
		await once(child, "exit");
	}
	await app?.close();
	rmSync(folder, { recursive: true });
	child = undefined;
	app = undefined;
});

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	if (typeof address !== "object" || address === null) throw new Error("No port.");
	return address.port;
}

function start(port: number, appPort: number, keys: Record<string, string>): ChildProcess {
	const { PATH = "" } = process.env;
	const parameters = ["--port", String(port), "--app-url", `http://127.0.0.1:${appPort}/api/inngest`, "--store", join(folder, "jobs.sqlite")];
	return spawn(process.execPath, ["--import", "tsx", "inngest/standin/main.ts", ...parameters], { cwd: ROOT, stdio: "ignore", env: { NODE_ENV: "test", PATH, ...keys } });
}

async function health(port: number): Promise<{ functions?: number }> {
	const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
	return response === null ? {} : ((await response.json()) as { functions: number });
}

/** Asks until it holds, for ten seconds: a process has to start. */
async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
	for (let at = 0; at < 200; at++) {
		if (await holds()) return;
		await new Promise((done) => setTimeout(done, 50));
	}
	throw new Error("It did not come to hold within ten seconds.");
}

it("waits for an app that comes later, runs its jobs, and ends when asked to", async () => {
	const [port, appPort] = [await freePort(), await freePort()];
	child = start(port, appPort, { INNGEST_SIGNING_KEY: SIGNING_KEY, INNGEST_EVENT_KEY: EVENT_KEY });
	await eventually(async () => (await health(port)).functions === 0);
	let asked = 0;
	const found = services(systemClock, {
		dueSources: async () => {
			asked++;
			return [];
		},
	});
	app = await startApp(found, `http://127.0.0.1:${port}`, appPort);
	await eventually(async () => (await health(port)).functions === FUNCTIONS && asked > 0);
	child.kill("SIGTERM");
	expect(await once(child, "exit")).toEqual([0, null]);
});

it("does not start without its keys", async () => {
	child = start(await freePort(), 9, {});
	expect(await once(child, "exit")).toEqual([2, null]);
});
