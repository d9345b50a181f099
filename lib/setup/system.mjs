import { randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { giveUp, ROOT, say } from "./bootstrap.mjs";
import { build } from "./build.mjs";
import { createDatabase, startMariadb } from "./mariadb.mjs";
import { endLeftOvers, noteRunning } from "./private-database.mjs";
import { answers, atEnd, freePort, portTaken, run, start, stopAll, stopOnSignals } from "./processes.mjs";

const BIN = join(ROOT, "node_modules/.bin");
/** Keys this installation made for itself; kept, so that sessions and jobs outlive a restart. @param {string} folder */
function ownSecrets(folder) {
	const file = join(folder, "secrets.json");
	if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
	const made = {
		NEXTAUTH_SECRET: randomBytes(32).toString("base64url"),
		INNGEST_SIGNING_KEY: `signkey-prod-${randomBytes(32).toString("hex")}`,
		INNGEST_EVENT_KEY: randomBytes(24).toString("base64url"),
	};
	writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
	return made;
}

/** Variables of `.env.local` and `.env`; what the shell says counts more. */
function environmentFiles() {
	for (const name of [".env.local", ".env"]) if (existsSync(join(ROOT, name))) process.loadEnvFile(join(ROOT, name));
}

/** @param {string} name @returns {boolean} */
function isSet(name) {
	return (process.env[name] ?? "") !== "";
}

/** A process that is just ending may hold its port for a moment. @param {number} port */
async function stillTaken(port) {
	for (let turn = 0; turn < 12; turn++) {
		if (!(await portTaken(port))) return false;
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	return true;
}

function wantedPort() {
	const text = process.env.PORT ?? "3000";
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) giveUp(`PORT="${text}" is no port. Give a number from 1 to 65535.`);
	return port;
}

/** The first administrator, made once; what the person needs to sign in is kept beside the data. @param {string} folder @param {Record<string, string>} env */
async function firstAdministrator(folder, env) {
	const file = join(folder, "administrator.json");
	if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
	const made = JSON.parse(await run("Making the administrator", join(BIN, "tsx"), ["lib/cli/main.ts", "user", "first", "--json"], env));
	if (made.created !== true) return null;
	writeFileSync(file, JSON.stringify({ email: made.email, password: made.password }), { mode: 0o600 });
	return made;
}

/** Shows how far the first reading is until every source was asked once. @param {Record<string, string>} env */
function followProgress(env) {
	let last = "";
	const child = start("progress", join(BIN, "tsx"), ["lib/cli/main.ts", "progress"], {
		env,
		onLine: (line) => {
			if (line === last) return;
			last = line;
			say(`  ${line}`);
		},
	});
	// Watching ends before the system does.
	child.removeAllListeners("exit");
}

/**
 * Starts everything there is on this machine: database, upstreams (in the demonstration), jobs, console.
 * @param {{ demo: boolean }} options
 */
export async function startSystem({ demo }) {
	stopOnSignals();
	try {
		await startParts(demo);
	} catch (error) {
		// What already runs must not be left behind.
		await stopAll(error instanceof Error ? error.message : String(error));
	}
}

/** @param {boolean} demo */
async function startParts(demo) {
	environmentFiles();
	const folder = join(ROOT, ".exist", demo ? "demo" : "live");
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	endLeftOvers(demo ? "demo" : "live");
	const port = wantedPort();
	if (await stillTaken(port)) giveUp(`Port ${port} is in use. Stop what uses it, or take another one: PORT=${port + 1} npm run ${demo ? "demo" : "start"}`);
	const secrets = ownSecrets(folder);
	/** @type {Record<string, string>} */
	const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", PATH: `${BIN}:${process.env.PATH ?? ""}` };
	if (!isSet("NEXTAUTH_SECRET")) env.NEXTAUTH_SECRET = secrets.NEXTAUTH_SECRET;
	if (!isSet("NEXTAUTH_URL")) env.NEXTAUTH_URL = `http://localhost:${port}`;
	await startDatabase(folder, env, demo);
	if (demo) await startUpstreams(env);
	const jobs = await prepareJobs(env, secrets);
	say("Bringing the database up to date …");
	await run("The migration", join(BIN, "tsx"), ["lib/cli/main.ts", "migrate"], env);
	const administrator = await firstAdministrator(folder, env);
	if (demo) await run("Making sample hunters", join(BIN, "tsx"), ["tests/fakes/demo-hunters.ts"], env);
	await build();
	start("console", join(BIN, "next"), ["start", "--hostname", process.env.HOST ?? "127.0.0.1", "--port", String(port)], { env, log: logFile(folder, "console") });
	if (!(await answers(`http://127.0.0.1:${port}/api/health`, 60))) await stopAll(`The console does not answer on port ${port}.`);
	if (jobs !== null) startJobs(jobs, port, folder, env);
	noteRunning(demo ? "demo" : "live", env);
	await greet({ demo, port, administrator, env });
}

/** @param {string} folder @param {Record<string, string>} env @param {boolean} demo */
async function startDatabase(folder, env, demo) {
	if (isSet("DATABASE_URL") || isSet("DATABASE_HOST")) {
		if (demo)
			giveUp(
				"DATABASE_URL or DATABASE_HOST is set: the demonstration fills its database with samples and wants one of its own. Unset it, or use `npm start`.\nWithout a local server, `EXIST_DEMO_DATABASE_URL=mysql://…` names a database that may be filled.",
			);
		return;
	}
	if (demo && isSet("EXIST_DEMO_DATABASE_URL")) {
		env.DATABASE_URL = /** @type {string} */ (process.env.EXIST_DEMO_DATABASE_URL);
		return;
	}
	say("Starting the database …");
	const database = await startMariadb(join(folder, "mariadb"), { onExit: (text) => void stopAll(text) });
	atEnd(database.stop);
	await createDatabase(database.url("mysql"), "exist");
	env.DATABASE_URL = database.url("exist");
}

/** @param {Record<string, string>} env */
async function startUpstreams(env) {
	const port = await freePort(4600);
	const slackPort = await freePort(port + 50);
	start("upstreams", join(BIN, "tsx"), ["tests/fakes/main.ts", String(port), String(slackPort)], { env });
	if (!(await answers(`http://127.0.0.1:${port}/`, 30))) await stopAll("The sample upstreams do not answer.");
	env.EXIST_DEMO_UPSTREAM = `http://127.0.0.1:${port}`;
	env.ABUSEIPDB_KEY = "demo-key";
	env.MALSHARE_KEY = "demo-key";
	env.TWITTER_APP_KEY = "demo-app";
	env.TWITTER_APP_SECRET = "demo-app-secret";
	env.TWITTER_ACCESS_TOKEN = "demo-account";
	env.TWITTER_ACCESS_SECRET = "demo-account-secret";
	env.TWITTER_BEARER_TOKENS = "demo-bearer";
	env.TWITTER_LISTS = "1001";
	// Samples must not be told to anybody's real workspace.
	env.SLACK_TOKEN = "xoxb-demo";
	env.SLACK_API_URL = `http://127.0.0.1:${slackPort}/api/`;
	env.SLACK_CHANNEL = "exist-operations";
}

/** Inngest's cloud or dev server where one is configured, else the stand-in. @param {Record<string, string>} env @param {Record<string, string>} secrets */
async function prepareJobs(env, secrets) {
	if (isSet("INNGEST_SIGNING_KEY") || isSet("INNGEST_DEV")) return null;
	const port = await freePort(4700);
	env.INNGEST_BASE_URL = `http://127.0.0.1:${port}`;
	env.INNGEST_SIGNING_KEY = secrets.INNGEST_SIGNING_KEY ?? "";
	env.INNGEST_EVENT_KEY = secrets.INNGEST_EVENT_KEY ?? "";
	return { port };
}

/** What a process says, from this start on. @param {string} folder @param {string} name */
function logFile(folder, name) {
	return createWriteStream(join(folder, `${name}.log`), { mode: 0o600 });
}

/** @param {{ port: number }} jobs @param {number} port @param {string} folder @param {Record<string, string>} env */
function startJobs(jobs, port, folder, env) {
	start("jobs", join(BIN, "tsx"), ["inngest/standin/main.ts", "--port", String(jobs.port), "--app-url", `http://127.0.0.1:${port}/api/inngest`, "--store", join(folder, "jobs.sqlite")], {
		env,
		log: logFile(folder, "jobs"),
	});
}

/** @param {{ demo: boolean, port: number, administrator: { email: string, password: string } | null, env: Record<string, string> }} what */
async function greet({ demo, port, administrator, env }) {
	say(`\n  EXIST${demo ? ", demonstration with sample data," : ""} is at  http://localhost:${port}`);
	if (administrator !== null) say(`  Sign in as  ${administrator.email}  with  ${administrator.password}`);
	say("  Ctrl-C stops everything it started.\n");
	followProgress(env);
}
