import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { makeClient } from "@/inngest/client";
import { type JobHandlers, jobHandlers } from "@/inngest/serve";
import { askToRegister } from "@/inngest/standin/call";
import { type Clock, Engine } from "@/inngest/standin/engine";
import { serveStandin } from "@/inngest/standin/server";
import { Store } from "@/inngest/standin/store";
import { catalogue, type JobServices } from "@/lib/jobs";

export const SIGNING_KEY = `signkey-local-${"0123456789abcdef".repeat(4)}`;
export const EVENT_KEY = "event-key-of-the-tests";

/** Jobs, and what is called where one of them is given up. */
export const FUNCTIONS = catalogue.length + catalogue.filter(({ onFailure }) => onFailure !== undefined).length;

/** 12:00:30, so that the next minute is near. */
export const START = Date.parse("2026-03-01T12:00:30Z");

/** Time that stands still until it is moved. */
export class FakeClock implements Clock {
	#now = START;
	#timers: Array<{ at: number; callback: () => void }> = [];

	now(): number {
		return this.#now;
	}

	after(milliseconds: number, callback: () => void): () => void {
		const timer = { at: this.#now + milliseconds, callback };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** Moves on and calls back whatever is due by then. */
	advance(milliseconds: number): void {
		this.#now += milliseconds;
		const due = this.#timers.filter(({ at }) => at <= this.#now);
		this.#timers = this.#timers.filter(({ at }) => at > this.#now);
		for (const { callback } of due) callback();
	}
}

/** Waits until it holds; fails after two seconds. */
export async function until(holds: () => boolean): Promise<void> {
	for (let at = 0; at < 400; at++) {
		if (holds()) return;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	throw new Error("It did not come to hold within two seconds.");
}

/** Services that find nothing to do, but for what a test gives. */
export function services(clock: Clock, given: Partial<JobServices> = {}): JobServices {
	return {
		now: () => new Date(clock.now()),
		dueSources: async () => [],
		startRun: async (source) => ({ started: true, run: `run-${source}` }) as Awaited<ReturnType<JobServices["startRun"]>>,
		runningRun: async () => null,
		advanceRun: async () => progress(true),
		failRun: async () => undefined,
		runCapture: async () => ({ outcome: "rendered", parts: 1 }),
		failCapture: async () => true,
		tellSources: async () => 0,
		hasNews: async () => false,
		judge: async () => ({ records: 0, hits: 0, alerts: 0, left: 0 }),
		alertsDue: async () => false,
		deliverAlerts: async () => ({ sent: 0, failed: 0, unknown: 0, left: 0, nextAt: null }),
		housekeeping: async () => ({ done: true, next: null }),
		...given,
	};
}

/** The answer to one slice of work on a run. */
export function progress(done: boolean): Awaited<ReturnType<JobServices["advanceRun"]>> {
	return { done, state: done ? "ok" : "running" } as unknown as Awaited<ReturnType<JobServices["advanceRun"]>>;
}

async function respond(handlers: JobHandlers, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
	const parts: Buffer[] = [];
	for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
	const body = Buffer.concat(parts);
	const method = incoming.method as keyof JobHandlers;
	const headers = new Headers(Object.entries(incoming.headers).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
	const request = new Request(`http://${incoming.headers.host}${incoming.url}`, { method, headers, ...(body.length === 0 ? {} : { body }) });
	const answer = await handlers[method](request);
	response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}

export interface App {
	url: string;
	/** statuses to answer the next requests with, instead of the handlers' */
	refuse: number[];
	/** bodies of the steps asked for, oldest first */
	asked: Array<{ path: string; signature: string }>;
	close(): Promise<void>;
}

/** The job handlers behind a server of their own. */
export function startApp(services: JobServices, standinUrl: string, port = 0, signingKey = SIGNING_KEY): Promise<App> {
	const through = makeClient({ dev: null, eventKey: EVENT_KEY, signingKey, baseUrl: standinUrl });
	return startHandlers(jobHandlers(through, services), port);
}

/** Any handlers of the protocol behind a server of their own. */
export async function startHandlers(handlers: JobHandlers, port = 0): Promise<App> {
	const app: Omit<App, "url" | "close"> = { refuse: [], asked: [] };
	const server = createServer((incoming, response) => {
		if (incoming.method === "POST") {
			app.asked.push({ path: incoming.url ?? "", signature: String(incoming.headers["x-inngest-signature"]) });
			const refusal = app.refuse.shift();
			if (refusal !== undefined) {
				response.writeHead(refusal).end();
				return;
			}
		}
		respond(handlers, incoming, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
	});
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/inngest`;
	return { ...app, url, close: () => closeServer(server) };
}

export function closeServer(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

export interface Bench {
	clock: FakeClock;
	url: string;
	app: App;
	store: Store;
	engine: Engine;
	/** has the app register; null, or what went wrong */
	register(): Promise<string | null>;
	send(events: unknown, key?: string): Promise<Response>;
	/** moves time on and waits until nothing is under way */
	advance(milliseconds: number): Promise<void>;
	/** ends store and engine, as a killed process would, and begins anew with the same file */
	restart(): Promise<void>;
	close(): Promise<void>;
}

/** A stand-in and an app that know each other. */
export async function makeBench(given: Partial<JobServices> = {}, file = ":memory:"): Promise<Bench> {
	const clock = new FakeClock();
	let engine: Engine;
	// The server is there first, as the app must know its address; whatever engine there is then answers.
	const route = new Proxy({} as Engine, {
		get: (_, name) => {
			const value: unknown = Reflect.get(engine, name, engine);
			return typeof value === "function" ? value.bind(engine) : value;
		},
	});
	const { server, port } = await serveStandin({ engine: route, eventKey: EVENT_KEY, signingKey: SIGNING_KEY, now: () => clock.now() }, 0);
	const url = `http://127.0.0.1:${port}`;
	const app = await startApp(services(clock, given), url);
	const address = { url: app.url, signingKey: SIGNING_KEY, timeoutMs: 5000 };
	const begin = () => {
		const store = new Store(file);
		engine = new Engine({ store, app: address, clock });
		engine.start();
		return { store, engine };
	};
	const bench: Bench = {
		...begin(),
		clock,
		url,
		app,
		register: () => askToRegister(address, AbortSignal.timeout(5000)),
		send: (events, key = EVENT_KEY) => fetch(`${url}/e/${key}`, { method: "POST", body: JSON.stringify(events) }),
		advance: async (milliseconds) => {
			clock.advance(milliseconds);
			await bench.engine.settled();
		},
		restart: async () => {
			await bench.engine.stop();
			bench.store.close();
			Object.assign(bench, begin());
		},
		close: async () => {
			await bench.engine.stop();
			await closeServer(server);
			await app.close();
			bench.store.close();
		},
	};
	return bench;
}

/** The event that asks for a run of a source. */
export function request(source: number, id = `request-${source}`): { id: string; name: string; data: Record<string, unknown> } {
	return { id, name: "source/run.requested", data: { source, trigger: "manual", requestedAt: new Date(START).toISOString() } };
}
