import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import pino from "pino";
import { env } from "@/lib/env";
import { Engine, systemClock } from "./engine";
import { Registrar } from "./registrar";
import { serveStandin } from "./server";
import { Store } from "./store";

/*
 * The stand-in as a process of its own. Runs under tsx (imports name no file endings):
 *   tsx inngest/standin/main.ts --port 8288 --app-url http://127.0.0.1:3000/api/inngest --store .exist/jobs.sqlite
 * with INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY, the same the app has, in the environment.
 */

/** Longer than any step: the app ends one after 60 s. */
const STEP_TIMEOUT = 120_000;

/** Time a step that is under way gets to end when the process is asked to stop. */
const GRACE = 3000;

interface Settings {
	port: number;
	appUrl: string;
	store: string;
	signingKey: string;
	eventKey: string;
}

function fail(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(2);
}

/** What the command line and the environment say. Ends the process where it is not enough. */
function readSettings(): Settings {
	const { values } = parseArgs({ options: { port: { type: "string" }, "app-url": { type: "string" }, store: { type: "string" } } });
	const { port, store, "app-url": appUrl } = values;
	if (port === undefined || store === undefined || appUrl === undefined) fail("Usage: main.ts --port PORT --app-url URL --store FILE");
	if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) fail("--port is not a port number.");
	const url = URL.parse(appUrl);
	if (url?.protocol !== "http:" || !["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)) fail("--app-url must be an http address of this machine.");
	const { signingKey, eventKey } = env().inngest;
	if (signingKey === null || eventKey === null) fail("INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY must be set.");
	if (!/^(signkey-\w+-)?([0-9a-f]{2}){16,}$/.test(signingKey)) fail("INNGEST_SIGNING_KEY must be 32 or more hexadecimal digits, after signkey-<name>-.");
	if (eventKey.length < 16) fail("INNGEST_EVENT_KEY needs 16 characters or more.");
	return { port: Number(port), appUrl: url.href, store, signingKey, eventKey };
}

function close(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

async function main(): Promise<void> {
	const settings = readSettings();
	const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
	const warn = (message: string, detail: Record<string, unknown>) => log.warn(detail, message);
	const app = { url: settings.appUrl, signingKey: settings.signingKey, timeoutMs: STEP_TIMEOUT };
	const registrar = new Registrar({ app: { ...app, timeoutMs: 30_000 }, clock: systemClock, log: warn });
	if (settings.store !== ":memory:") mkdirSync(dirname(settings.store), { recursive: true });
	const store = new Store(settings.store);
	const engine = new Engine({ store, app, eager: true, log: warn, onAway: () => registrar.wake() });
	// The port is taken before any work begins, so a second process of the same settings ends here.
	const { server, port } = await serveStandin({ engine, eventKey: settings.eventKey, signingKey: settings.signingKey }, settings.port);
	engine.start();
	registrar.wake();
	log.info({ port }, "The job stand-in listens.");

	let ending = false;
	const end = async () => {
		if (ending) return;
		ending = true;
		await registrar.stop();
		await engine.stop(GRACE);
		await close(server);
		store.close();
	};
	const stop = () => {
		end().catch((error: unknown) => fail(`The job stand-in did not end cleanly: ${String(error)}`));
	};
	process.on("SIGTERM", stop);
	process.on("SIGINT", stop);
}

main().catch((error: unknown) => fail(`The job stand-in cannot start: ${error instanceof Error ? error.message : String(error)}`));
