import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { reputationSources } from "@/lib/sources";
import type { SourceDefinition } from "@/lib/sources/define";
import { answerEnricher, demoReplies } from "./enrichers";
import { demoWhois, demoZone } from "./enrichers-demo";
import { answerExploit } from "./exploit";
import { fixturePath } from "./fixtures";
import { answerMispFeeds } from "./misp-feeds";
import { startNameServer } from "./names";
import { answerNews } from "./news";
import { answerPage } from "./pages";
import { answerTwitter } from "./twitter-demo";
import { answerVuln } from "./vuln";
import { answerWhois } from "./whois";

/**
 * Loopback upstreams: the providers' own bodies, served as the providers serve them (`/host/path`, types, validators, packing).
 * Two of them misbehave as their originals did, so that the demonstration shows what a bad day looks like.
 */

interface Body {
	bytes: Buffer;
	type: string;
	etag: string;
	lastModified: string;
}

/** What a dead list answers: status 200, a banner, and no rows (DShield, 2020). */
const SUSPENDED = "greensnow";
/** A provider with a fault. */
const BROKEN = "botvrij-sha1";
/** Lists whose rows come and go between two readings: a few of these are left out in turn. */
const ROTATING: ReadonlySet<string> = new Set(["cins", "tor-exits", "blocklist-de"]);
const ROTATE_MS = 5 * 60_000;

function typeOf(source: SourceDefinition): string {
	if (source.format.kind === "csv") return "text/csv; charset=utf-8";
	return source.format.kind === "json" || source.format.kind === "ndjson" ? "application/json" : "text/plain; charset=utf-8";
}

/** Without one row in twenty; which ones changes every few minutes. */
function rotated(bytes: Buffer, now: number): Buffer {
	const turn = Math.floor(now / ROTATE_MS) % 20;
	const lines = bytes.toString("utf8").split("\n");
	return Buffer.from(lines.filter((line, at) => line.startsWith("#") || at % 20 !== turn).join("\n"));
}

function bodyOf(source: SourceDefinition, now: number): Body | null {
	const path = fixturePath(source.id);
	if (path === undefined) return null;
	const stored = readFileSync(path);
	const plain = path.endsWith(".gz") ? gunzipSync(stored) : stored;
	const bytes = ROTATING.has(source.id) ? rotated(plain, now) : plain;
	const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 24);
	return { bytes, type: typeOf(source), etag: `"${digest}"`, lastModified: new Date(Math.floor(now / ROTATE_MS) * ROTATE_MS).toUTCString() };
}

const DEMO_KEYS = { abuseIpdbKey: "demo-key", malshareKey: "demo-key" } as const;

function urlOf(source: SourceDefinition): URL {
	const secret = source.secret?.required === true ? DEMO_KEYS[source.secret.name as keyof typeof DEMO_KEYS] : undefined;
	return new URL(typeof source.url === "function" ? source.url(secret) : source.url);
}

function answer(source: SourceDefinition, request: IncomingMessage, response: ServerResponse): void {
	if (source.id === BROKEN) {
		response.writeHead(503, { "retry-after": "3600", "content-type": "text/html" }).end("<html><head><title>503 Service Unavailable</title></head></html>");
		return;
	}
	if (source.id === SUSPENDED) {
		response.writeHead(200, { "content-type": "text/plain" }).end("# This list is suspended.\n# SERVICE SUSPENDED\n");
		return;
	}
	const body = bodyOf(source, Date.now());
	if (body === null) {
		response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
		return;
	}
	const headers = { etag: body.etag, "last-modified": body.lastModified, "content-type": body.type };
	if (request.headers["if-none-match"] === body.etag) {
		response.writeHead(304, headers).end();
		return;
	}
	const packedFile = new URL(urlOf(source)).pathname.endsWith(".gz");
	const bytes = packedFile ? gzipSync(body.bytes) : body.bytes;
	const encoded = !packedFile && bytes.length > 1000 && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
	response.writeHead(200, { ...headers, ...(packedFile ? { "content-type": "application/gzip" } : {}), ...(encoded ? { "content-encoding": "gzip" } : {}) });
	response.end(encoded ? gzipSync(bytes, { level: 1 }) : bytes);
}

/** Starts the upstreams on a loopback port (0: any). */
export async function startUpstreams(port = 0): Promise<{ url: string; stop: () => Promise<void> }> {
	const byPath = new Map<string, SourceDefinition>(
		reputationSources.map((source) => {
			const url = urlOf(source);
			return [`/${url.host}${url.pathname}`, source] as const;
		}),
	);
	const replies = demoReplies();
	const server: Server = createServer((request, response) => {
		if (answerPage(request, response)) return;
		const path = new URL(request.url ?? "/", "http://upstream").pathname;
		if (answerMispFeeds(path, request, response)) return;
		const source = byPath.get(path);
		if (source === undefined && (answerExploit(request, response) || answerNews(request, response) || answerTwitter(request, response) || answerVuln(request, response))) return;
		if (source !== undefined) answer(source, request, response);
		else {
			void answerEnricher(replies, request, response).then((done) => {
				if (!done) response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
			});
		}
	});
	// What comes on this port and is no HTTP is a question to a whois server; names are asked on the same port of UDP.
	server.on("clientError", (error: Error & { rawPacket?: Buffer }, socket) => {
		const query = error.rawPacket?.toString("latin1") ?? "";
		if (query.endsWith("\r\n")) answerWhois(demoWhois, query.trimEnd(), socket as Socket);
		else socket.destroy();
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	const names = await startNameServer(demoZone, (server.address() as AddressInfo).port);
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: async () => {
			await names.stop();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
