import dgram from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Socket } from "node:net";
import { resolve } from "node:path";
import type { RunningBrowser } from "@/lib/capture/browser";
import type { Budget } from "@/lib/capture/budget";
import type { Visit } from "@/lib/capture/report";
import { type VisitOptions, visit } from "@/lib/capture/visit";
import type { Resolver } from "@/lib/net";

const FIXTURES = resolve(import.meta.dirname, "../../fixtures/security");
export const fixture = (path: string): Buffer => readFileSync(resolve(FIXTURES, path));
export const fixtureJson = <T>(path: string): T => JSON.parse(fixture(path).toString("utf8")) as T;

/** What stands for the public internet. */
export const PUBLIC = "93.184.216.34";

export interface Dialled {
	host: string;
	address: string;
	port: number;
}

export interface World {
	canary: { port: number; udpPort: number; seen: string[] };
	/** every socket the policy let through */
	dials: Dialled[];
	/** requests that arrived: `host path` */
	asked: string[];
	/** headers of each of them */
	headers: Array<IncomingMessage["headers"]>;
	/** answers http and https */
	serve: RequestListener;
	/** takes plain connections in place of `serve`, where it must misbehave */
	raw: ((socket: Socket) => void) | null;
	resolver: Resolver;
	visit: (url: string, options?: Omit<VisitOptions, "budget" | "policy"> & { budget?: Partial<Budget>; resolver?: Resolver }) => Promise<Visit>;
	/** fills in where the canaries are */
	filled: (text: string) => string;
	close: () => Promise<void>;
}

async function listening(server: net.Server | http.Server | https.Server): Promise<number> {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port;
}

/** Loopback servers that stand for public names, and canaries that nobody may reach. */
export async function startWorld(browser: () => RunningBrowser | undefined = () => undefined): Promise<World> {
	const open = new Set<Socket>();
	const seen: string[] = [];
	const keep = (socket: Socket): void => {
		open.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => open.delete(socket));
	};
	const canary = net.createServer((socket) => {
		keep(socket);
		seen.push("tcp");
		socket.on("data", (data) => seen.push(data.toString("latin1").slice(0, 80)));
	});
	const udp = dgram.createSocket("udp4");
	udp.on("message", (message) => seen.push(`udp ${message.length}`));
	udp.bind(0, "127.0.0.1");
	await once(udp, "listening");
	const handle = (request: IncomingMessage, response: ServerResponse): void => {
		world.asked.push(`${request.headers.host} ${request.url}`);
		world.headers.push(request.headers);
		response.on("error", () => {});
		world.serve(request, response);
	};
	const plain = http.createServer(handle);
	const front = net.createServer((socket) => {
		keep(socket);
		if (world.raw !== null) world.raw(socket);
		else plain.emit("connection", socket);
	});
	const secure = https.createServer({ key: fixture("tls/server.key"), cert: fixture("tls/valid.pem") }, handle);
	secure.on("connection", keep);
	secure.on("tlsClientError", () => {});
	const [canaryPort, plainPort, securePort] = [await listening(canary), await listening(front), await listening(secure)];
	const udpPort = udp.address().port;
	const world: World = {
		canary: { port: canaryPort, udpPort, seen },
		dials: [],
		asked: [],
		headers: [],
		serve: (_request, response) => void response.writeHead(404).end(),
		raw: null,
		resolver: async (host) => (host.endsWith(".example") ? [PUBLIC] : Promise.reject(new Error("NXDOMAIN"))),
		visit: (url, { resolver, ...options } = {}) => {
			const shared = browser();
			return visit(url, {
				policy: { resolver: resolver ?? world.resolver },
				dial: ({ host, address, port }) => {
					world.dials.push({ host, address, port });
					return { host: "127.0.0.1", port: port === 443 ? securePort : plainPort };
				},
				...(shared === undefined ? {} : { browser: shared }),
				...options,
			});
		},
		filled: (text) => text.replaceAll("{{CANARY}}", `http://127.0.0.1:${canaryPort}`).replaceAll("{{CANARY_PORT}}", String(canaryPort)).replaceAll("{{CANARY_UDP_PORT}}", String(udpPort)),
		close: async () => {
			for (const socket of open) socket.destroy();
			udp.close();
			for (const server of [canary, front, secure]) {
				server.close();
				await once(server, "close");
			}
		},
	};
	return world;
}
