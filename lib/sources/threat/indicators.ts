import { canonicaliseFeed } from "@/lib/domain/canonical";
import { isRegistrable } from "@/lib/domain/extract";
import { hostOf } from "@/lib/domain/host";
import type { Expectation, Indicator } from "@/lib/domain/indicator";

/** An indicator that a MISP attribute names. */
export interface AttributeIndicator {
	indicator: Indicator;
	/** stood beside an address or host */
	port?: number;
}

type Part = Expectation | "link" | "port" | null;

/** What a part of a value is, by MISP's type names. Types that are not here (mutex, registry key, ssdeep, AS …) name nothing the index knows. */
const SIMPLE: ReadonlyMap<string, Part> = new Map(
	Object.entries<Part>({
		"ip-src": "network",
		"ip-dst": "network",
		ip: "network",
		domain: "host",
		hostname: "host",
		url: "link",
		uri: "link",
		link: "link",
		md5: "md5",
		sha1: "sha1",
		sha256: "sha256",
		authentihash: "sha256",
		imphash: "md5",
		"ja3-fingerprint-md5": "md5",
		"hassh-md5": "md5",
		"hasshserver-md5": "md5",
		"x509-fingerprint-md5": "md5",
		"x509-fingerprint-sha1": "sha1",
		"x509-fingerprint-sha256": "sha256",
		email: "email",
		"email-src": "email",
		"email-dst": "email",
		"email-reply-to": "email",
		"target-email": "email",
		"whois-registrant-email": "email",
		"dns-soa-email": "email",
		vulnerability: "cve",
		port: "port",
	}),
);

function parts(type: string): Part[] {
	// A sample is "file name|MD5", though its type does not say so.
	if (type === "malware-sample") return [null, "md5"];
	return type.split("|").map((name) => SIMPLE.get(name) ?? null);
}

/** A link whose scheme was left out counts only where its host is beyond doubt: `gate.php?id=` is a path. */
function readLink(value: string): Indicator | null {
	const direct = canonicaliseFeed(value, "url");
	if (direct.ok) return direct.indicator;
	const guessed = canonicaliseFeed(value, "any");
	if (!guessed.ok || !["url", "ipv4", "ipv6", "domain"].includes(guessed.indicator.type)) return null;
	const host = hostOf(guessed.indicator);
	return host === null || /^[\d.]+$/.test(host) || host.includes(":") || isRegistrable(host) ? guessed.indicator : null;
}

function readPart(part: Part, value: string): AttributeIndicator | null {
	if (part === null || part === "port") return null;
	if (part === "link") {
		const indicator = readLink(value);
		return indicator === null ? null : { indicator };
	}
	const result = canonicaliseFeed(value, part);
	if (!result.ok) return null;
	return { indicator: result.indicator, ...(result.port === undefined ? {} : { port: result.port }) };
}

function portOf(value: string | undefined): number | undefined {
	if (value === undefined || !/^\d{1,5}$/.test(value)) return undefined;
	const port = Number(value);
	return port > 0 && port < 65536 ? port : undefined;
}

/** A composite value in its parts. The last part is never a file name, so a `|` within a file's name does not tear it. */
function split(value: string, count: number): string[] {
	if (count === 1) return [value];
	const pieces = value.split("|");
	if (pieces.length <= count) return pieces;
	return [pieces.slice(0, pieces.length - count + 1).join("|"), ...pieces.slice(pieces.length - count + 1)];
}

/**
 * The indicators an attribute names, by its type and value: none for types the index does not know and for values that are no
 * such thing (a typo, a pattern, a placeholder), two for `domain|ip`. Never throws; the attribute itself is kept whatever comes.
 */
export function attributeIndicators(type: string, value: string): AttributeIndicator[] {
	const wanted = parts(type);
	if (wanted.every((part) => part === null || part === "port")) return [];
	const values = split(value, wanted.length).map((piece) => piece.trim());
	const port = wanted.includes("port") ? portOf(values[wanted.indexOf("port")]) : undefined;
	const found: AttributeIndicator[] = [];
	for (const [at, part] of wanted.entries()) {
		const read = readPart(part, values[at] ?? "");
		if (read === null) continue;
		if (found.some(({ indicator }) => indicator.type === read.indicator.type && indicator.value === read.indicator.value)) continue;
		found.push(read.port !== undefined || port === undefined ? read : { ...read, port });
	}
	return found;
}

/** Types whose value is running text: indicators are looked for in it. */
export const TEXT_TYPES: ReadonlySet<string> = new Set(["text", "comment", "other", "email-body", "email-header", "email-subject", "pattern-in-traffic", "campaign-name", "threat-actor"]);
