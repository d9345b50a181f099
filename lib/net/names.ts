import { Resolver } from "node:dns/promises";

export type NameRecordType = "A" | "AAAA" | "CNAME" | "MX" | "NS" | "TXT" | "SOA" | "PTR" | "CAA";

export interface NamesOptions {
	/** addresses of name servers, with or without port; the system's unless given */
	servers?: readonly string[];
	/** one attempt at one server, milliseconds */
	timeoutMs?: number;
	signal?: AbortSignal;
}

/** A question to the name service that got no answer. `code` is that of the resolver: SERVFAIL, REFUSED, TIMEOUT … */
export class NameFailure extends Error {
	readonly code: string;
	constructor(code: string, name: string, type: NameRecordType, cause?: unknown) {
		const why: Readonly<Record<string, string>> = {
			SERVFAIL: "its name servers fail",
			REFUSED: "the name server refuses to answer",
			TIMEOUT: "no name server answered in time",
			CANCELLED: "time ran out",
		};
		super(`${type} of "${name.slice(0, 80)}": ${why[code] ?? "the name service failed"} (${code})`, { cause });
		this.name = "NameFailure";
		this.code = code;
	}
}

async function records(resolver: Resolver, name: string, type: NameRecordType): Promise<string[]> {
	switch (type) {
		case "A":
			return resolver.resolve4(name);
		case "AAAA":
			return resolver.resolve6(name);
		case "CNAME":
			return resolver.resolveCname(name);
		case "NS":
			return resolver.resolveNs(name);
		case "PTR":
			return resolver.resolvePtr(name);
		case "MX":
			return (await resolver.resolveMx(name)).sort((a, b) => a.priority - b.priority).map(({ priority, exchange }) => `${priority} ${exchange === "" ? "." : exchange}`);
		case "TXT":
			return (await resolver.resolveTxt(name)).map((chunks) => chunks.join(""));
		case "SOA": {
			const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa(name);
			return [`${nsname} ${hostmaster} ${serial} ${refresh} ${retry} ${expire} ${minttl}`];
		}
		case "CAA":
			return (await resolver.resolveCaa(name)).map(({ critical, ...rest }) =>
				Object.entries(rest)
					.filter(([tag]) => tag !== "type")
					.map(([tag, value]) => `${critical} ${tag} "${String(value)}"`)
					.join(" "),
			);
	}
}

/** No such name, and a name without such records. */
const NOTHING: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * Records of a name in their usual text form: MX with its preference, the parts of a TXT joined. A name that does not exist and one
 * without such records give an empty list; everything else throws `NameFailure`.
 */
export async function resolveRecords(name: string, type: NameRecordType, options: NamesOptions = {}): Promise<string[]> {
	const resolver = new Resolver({ timeout: options.timeoutMs ?? 2_500, tries: 2 });
	if (options.servers !== undefined && options.servers.length > 0) resolver.setServers([...options.servers]);
	const cancel = (): void => resolver.cancel();
	if (options.signal?.aborted === true) throw new NameFailure("CANCELLED", name, type, options.signal.reason);
	options.signal?.addEventListener("abort", cancel, { once: true });
	try {
		return await records(resolver, name, type);
	} catch (error) {
		const code = String((error as { code?: unknown }).code ?? "");
		if (NOTHING.has(code)) return [];
		throw new NameFailure(code.replace(/^E/, "").slice(0, 20) || "UNKNOWN", name, type, error);
	} finally {
		options.signal?.removeEventListener("abort", cancel);
	}
}
