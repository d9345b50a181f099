import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import { type Bridge, startBridge } from "./bridge-server";

/** Strings of a result in base64, as the client asks for by header. */
function encoded(value: unknown): unknown {
	if (typeof value === "string") return value === "OK" ? value : Buffer.from(value, "utf8").toString("base64");
	if (Array.isArray(value)) return value.map(encoded);
	return value;
}

function sha1(text: string): string {
	return createHash("sha1").update(text).digest("hex");
}

/** Scripts may name a flag in their first line that only Upstash's Redis knows: it is taken off, and the hashes are kept together. */
function withoutFlags(known: Map<string, string>, name: string, rest: readonly string[]): string[] {
	const [script = "", ...more] = rest;
	if (/^evalsha$/i.test(name)) return [known.get(script) ?? script, ...more];
	if (!/^eval$/i.test(name) || !script.startsWith("#!lua")) return [...rest];
	const plain = script.replace(/^#!lua[^\n]*\n/, "");
	known.set(sha1(script), sha1(plain));
	return [plain, ...more];
}

/** Speaks Upstash's REST protocol (single commands, `/pipeline`, `/multi-exec`) before a redis-server on a socket. */
export async function startRedisBridge(socket: string, token: string): Promise<Bridge> {
	const redis = new Redis({ path: socket, lazyConnect: false, maxRetriesPerRequest: 2 });
	const scripts = new Map<string, string>();
	const one = async (command: readonly (string | number)[], base64: boolean) => {
		const [name = "", ...rest] = command.map(String);
		try {
			const result: unknown = await redis.call(name, ...withoutFlags(scripts, name, rest));
			return { result: base64 ? encoded(result) : result };
		} catch (error) {
			return { error: (error as Error).message };
		}
	};
	return startBridge(
		async ({ path, headers, body }) => {
			if (headers.authorization !== `Bearer ${token}`) return { status: 401, body: { error: "Unauthorized" } };
			const base64 = headers["upstash-encoding"] === "base64";
			if (path === "/pipeline" || path === "/multi-exec") {
				const results: unknown[] = [];
				for (const command of body as Array<Array<string | number>>) results.push(await one(command, base64));
				return { status: 200, body: results };
			}
			const answer = await one(body as Array<string | number>, base64);
			return { status: "error" in answer ? 400 : 200, body: answer };
		},
		async () => {
			redis.disconnect();
		},
	);
}
