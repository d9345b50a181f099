import { connect, type Socket } from "node:net";
import { type AddressPolicy, refusal, resolvePublic } from "./guard";
import { FetchFailure } from "./guarded-fetch";

const PORT = 43;
/** The longest answers of registries are some ten kilobytes. */
const MAX_BYTES = 256 * 1024;
const MAX_QUERY = 300;

export interface WhoisOptions {
	policy?: AddressPolicy;
	signal?: AbortSignal;
	/** whole answer, milliseconds */
	timeoutMs?: number;
	/** maps a public server to the demo's upstream; what it gives is dialled in its place */
	route?: (server: string) => { host: string; port: number };
}

/** What a server sent until it closed. RFC 3912 knows no encoding: UTF-8, or Latin-1 where it is none. */
function decoded(bytes: Buffer): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return bytes.toString("latin1");
	}
}

function conversation(socket: Socket, server: string, query: string, signal: AbortSignal): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const fail = (failure: FetchFailure): void => {
			socket.destroy();
			reject(failure);
		};
		const late = (): void => fail(new FetchFailure("timeout", `${server} did not answer in time`, true, signal.reason));
		signal.addEventListener("abort", late, { once: true });
		socket.on("connect", () => socket.write(`${query}\r\n`));
		socket.on("data", (chunk: Buffer) => {
			size += chunk.length;
			if (size > MAX_BYTES) fail(new FetchFailure("too-large", `the answer of ${server} is larger than ${MAX_BYTES} bytes`));
			else chunks.push(chunk);
		});
		socket.on("error", (error) => fail(new FetchFailure(size === 0 ? "connect" : "truncated", size === 0 ? `${server} refuses connections` : `the connection to ${server} broke off`, true, error)));
		socket.on("end", () => resolve(Buffer.concat(chunks)));
		socket.on("close", () => {
			signal.removeEventListener("abort", late);
			resolve(Buffer.concat(chunks));
		});
	});
}

/**
 * Asks a whois server (RFC 3912). Servers are named by other servers' answers, so they pass the same gate as URLs: public addresses
 * only, resolved once and pinned, port 43 and no other. Throws `FetchFailure`.
 */
export async function askWhois(server: string, query: string, options: WhoisOptions = {}): Promise<string> {
	const host = server.trim().toLowerCase().replace(/\.$/, "");
	if (!/^[a-z0-9.-]{1,253}$/.test(host) || !URL.canParse(`http://${host}/`)) throw new FetchFailure("blocked", `"${host.slice(0, 60)}" is no whois server`);
	if (query.length > MAX_QUERY || /[\u0000-\u001f\u007f]/.test(query)) throw new FetchFailure("blocked", "that is no whois query");
	const dialled = options.route?.(host) ?? { host, port: PORT };
	const policy = options.policy ?? {};
	const url = new URL(`http://${dialled.host}/`);
	const refused = refusal(new URL(`http://${host}/`), policy);
	if (refused !== null) throw new FetchFailure("blocked", refused);
	const deadline = AbortSignal.timeout(options.timeoutMs ?? 10_000);
	const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
	const found = await resolvePublic(url, policy, signal);
	if (signal.aborted) throw new FetchFailure("timeout", `${host} did not answer in time`, true, signal.reason);
	if (!found.ok) throw new FetchFailure(found.kind, found.reason);
	const socket = connect({ host: found.address, port: dialled.port, family: found.family });
	try {
		return decoded(await conversation(socket, host, query, signal));
	} finally {
		socket.destroy();
	}
}
