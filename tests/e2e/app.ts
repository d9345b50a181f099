import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freshDatabase, type TestDatabase } from "../harness/database";

export interface RunningApp {
	url: string;
	fresh: TestDatabase;
	signingKey: string;
	/** signs in by the forms of the console and gives the cookie header */
	signIn: (email: string, password: string) => Promise<string | null>;
	stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function cookiesOf(response: Response): string[] {
	return response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
}

async function signIn(url: string, email: string, password: string): Promise<string | null> {
	const csrf = await fetch(`${url}/api/auth/csrf`);
	const { csrfToken } = (await csrf.json()) as { csrfToken: string };
	const response = await fetch(`${url}/api/auth/callback/credentials`, {
		method: "POST",
		redirect: "manual",
		headers: { "content-type": "application/x-www-form-urlencoded", cookie: cookiesOf(csrf).join("; ") },
		body: new URLSearchParams({ csrfToken, email, password, json: "true" }),
	});
	const session = cookiesOf(response).find((cookie) => cookie.startsWith("next-auth.session-token="));
	return response.status === 200 && session !== undefined ? session : null;
}

/** The console, built by `build.ts`, on a loopback port, with a database of its own. */
export async function startApp(extra: Record<string, string> = {}): Promise<RunningApp> {
	const fresh = await freshDatabase();
	const port = await freePort();
	const url = `http://localhost:${port}`;
	const signingKey = `signkey-test-${randomBytes(16).toString("hex")}`;
	const child: ChildProcess = spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "--hostname", "127.0.0.1", "--port", String(port)], {
		stdio: ["ignore", "pipe", "pipe"],
		env: {
			...process.env,
			NODE_ENV: "production",
			DATABASE_URL: fresh.url,
			NEXTAUTH_URL: url,
			NEXTAUTH_SECRET: randomBytes(32).toString("base64url"),
			INNGEST_SIGNING_KEY: signingKey,
			INNGEST_EVENT_KEY: "test-event-key",
			INNGEST_BASE_URL: "http://127.0.0.1:9",
			LOG_LEVEL: "silent",
			...extra,
		},
	});
	let said = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding("utf8").on("data", (text: string) => {
			said = (said + text).slice(-4000);
		});
	}
	for (let turn = 0; ; turn++) {
		if (child.exitCode !== null || turn > 240) throw new Error(`the console does not start: ${said}`);
		const up = await fetch(`${url}/api/health`).then(
			(response) => response.status === 200,
			() => false,
		);
		if (up) break;
		await sleep(125);
	}
	return {
		url,
		fresh,
		signingKey,
		signIn: (email, password) => signIn(url, email, password),
		stop: async () => {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGTERM");
			// Next waits for connections that are still open, and tests leave some.
			const late = await Promise.race([ended.then(() => false), sleep(3000, true, { ref: false })]);
			if (late) child.kill("SIGKILL");
			await ended;
			await fresh.drop();
		},
	};
}
