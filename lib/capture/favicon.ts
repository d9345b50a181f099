import { createHash } from "node:crypto";
import type { CDPSession } from "puppeteer-core";
import { Gathered } from "@/lib/net/bytes";
import type { Budget, Clock } from "./budget";
import { kept } from "./record";
import type { CaptureResult, Part } from "./result";

const MAX_ICON = 1_000_000;

function rotate(value: number, by: number): number {
	return (value << by) | (value >>> (32 - by));
}

function mixed(block: number): number {
	return Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}

/** MurmurHash3 (x86, 32 bit, seed 0) as a signed number. Source: SMHasher, MurmurHash3.cpp. */
export function murmur3(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const blocks = bytes.length >> 2;
	let hash = 0;
	for (let at = 0; at < blocks; at++) hash = (Math.imul(rotate(hash ^ mixed(view.getUint32(at * 4, true)), 13), 5) + 0xe6546b64) | 0;
	let tail = 0;
	for (let at = bytes.length - 1; at >= blocks * 4; at--) tail = (tail << 8) | (bytes[at] as number);
	if (bytes.length % 4 !== 0) hash ^= mixed(tail);
	hash ^= bytes.length;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) | 0;
}

/**
 * What Shodan calls `http.favicon.hash`: not of the icon but of its Base64 in lines of 76 characters, each ended by a line feed, as
 * Python's `base64.encodebytes` writes it.
 */
export function faviconHash(icon: Buffer): number {
	return murmur3(Buffer.from(icon.toString("base64").replace(/.{1,76}/g, "$&\n"), "latin1"));
}

async function fromData(url: string): Promise<Buffer | null> {
	// Node reads these without a network.
	const answer = await fetch(url);
	return Buffer.from(await answer.arrayBuffer());
}

async function fromNetwork(session: CDPSession, frameId: string, url: string, until: () => boolean): Promise<{ bytes: Buffer; mediaType: string } | null> {
	const { resource } = await session.send("Network.loadNetworkResource", { frameId, url, options: { disableCache: false, includeCredentials: false } });
	if (!resource.success || resource.stream === undefined || (resource.httpStatusCode ?? 0) >= 300) return null;
	const gathered = new Gathered();
	for (;;) {
		const { data, base64Encoded, eof } = await session.send("IO.read", { handle: resource.stream, size: 256 * 1024 });
		gathered.append(Buffer.from(data, base64Encoded === true ? "base64" : "utf8"));
		if (gathered.length > MAX_ICON || until()) return null;
		if (eof) break;
	}
	const type = Object.entries((resource.headers ?? {}) as Record<string, string>).find(([name]) => name.toLowerCase() === "content-type")?.[1];
	return { bytes: gathered.take(), mediaType: type?.split(";")[0]?.trim().toLowerCase() ?? "application/octet-stream" };
}

/** The page's icon: what it names, else `/favicon.ico` of its origin. Asked through the browser, so the same rules hold. */
export async function favicon(session: CDPSession, frameId: string, url: string, clock: Clock, budget: Budget): Promise<{ icon: NonNullable<CaptureResult["favicon"]>; part: Part } | null> {
	const end = clock.at() + budget.stepMs;
	const isData = url.startsWith("data:");
	if (url.length > MAX_ICON * 1.4) return null;
	const loading = isData ? fromData(url).then((bytes) => (bytes === null ? null : { bytes, mediaType: "application/octet-stream" })) : fromNetwork(session, frameId, url, () => clock.at() > end);
	const loaded = await clock.within(loading, budget.stepMs);
	if (loaded === null || loaded.bytes.length === 0) return null;
	const { bytes, mediaType } = loaded;
	const icon = { url: kept(url, isData ? 100 : 2_048), sha256: createHash("sha256").update(bytes).digest("hex"), mmh3: faviconHash(bytes), bytes: bytes.length };
	return { icon, part: { kind: "favicon", number: 0, mediaType: kept(mediaType, 127), bytes } };
}
