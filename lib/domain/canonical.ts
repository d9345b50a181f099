import { refang } from "./defang";
import { type Canonicalised, type CanonicalValue, type Expectation, type IndicatorType, MAX_VALUE_LENGTH } from "./indicator";
import { addressBytes, addressText, canonicalCidr, isMapped, parseGroups, parseQuad } from "./range";

/**
 * Canonical form. A value means the same however it was written: hosts as the WHATWG URL parser reads them (IDNA to ASCII,
 * lower case, addresses in any notation a browser dials), IPv6 after RFC 5952, default ports, fragments and credentials of a
 * URL dropped, path and query never touched beyond what that parser does.
 */

function ok(type: IndicatorType, value: string, port?: number): Canonicalised {
	const indicator = { type, value: value as CanonicalValue };
	return port === undefined ? { ok: true, indicator } : { ok: true, indicator, port };
}

function no(reason: string): Canonicalised {
	return { ok: false, reason };
}

function quoted(text: string): string {
	const flat = text.replace(/[^\u0020-\u007e\u00a0-\uffff]/g, "\ufffd");
	return `"${flat.length > 60 ? `${flat.slice(0, 60)}…` : flat}"`;
}

const CONTROL = /[\u0000-\u001f\u007f]/;
const HEX = /^[0-9a-fA-F]+$/;
const HASH_TYPES: Readonly<Record<number, IndicatorType>> = { 32: "md5", 40: "sha1", 64: "sha256" };
/** Labels of a domain; `_` occurs in real hosts (service records, phishing kits). */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PLAIN_DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/;
const PLAIN_URL = /^(https?):\/\/((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})((?:\/[A-Za-z0-9_~!$&'()*+,;=:@-]+)*\/?)$/;

function hash(text: string, want?: IndicatorType): Canonicalised {
	const type = HASH_TYPES[text.length];
	if (type === undefined || !HEX.test(text)) return no(`${quoted(text)} is no MD5, SHA-1 or SHA-256 (32, 40 or 64 hexadecimal digits)`);
	if (want !== undefined && want !== type) return no(`${quoted(text)} is a ${type}, not a ${want}`);
	return ok(type, text.toLowerCase());
}

function ipv6(text: string, port?: number): Canonicalised {
	if (parseGroups(text) === null) return no(`${quoted(text)} is no IP address`);
	const bytes = addressBytes(text);
	return ok(isMapped(bytes) ? "ipv4" : "ipv6", addressText(bytes), port);
}

function checkDomain(host: string, port?: number): Canonicalised {
	const name = host.endsWith(".") ? host.slice(0, -1) : host;
	if (name.length > 253) return no(`${quoted(name)} is longer than 253 characters`);
	const labels = name.split(".");
	if (labels.length < 2) return no(`${quoted(name)} has no top-level domain`);
	for (const label of labels) if (!LABEL.test(label)) return no(`${quoted(name)} is no host name`);
	const last = labels.at(-1) as string;
	if (/^[0-9]+$/.test(last) || last.length < 2 || last.includes("_")) return no(`${quoted(name)} has no top-level domain`);
	return ok("domain", name, port);
}

/** A host as a browser reads it: what it would dial decides what it is. */
function host(text: string, strict: boolean, port?: number): Canonicalised {
	if (text.startsWith("[") && text.endsWith("]")) return ipv6(text.slice(1, -1), port);
	if (text.includes(":")) return ipv6(text, port);
	if (parseQuad(text) !== null) return ok("ipv4", text, port);
	if (PLAIN_DOMAIN.test(text) && text.length <= 253 && !text.includes("xn--")) return ok("domain", text, port);
	if (/[\s/?#@\\%<>^|]/.test(text) || text === "") return no(`${quoted(text)} is no host name`);
	let parsed: string;
	try {
		parsed = new URL(`http://${text}/`).hostname;
	} catch {
		return no(`${quoted(text)} is no host name`);
	}
	const quad = parseQuad(parsed);
	if (quad !== null) {
		// 010.010.010.010 is 8.8.8.8 to a browser and 10.10.10.10 to its author: in a feed nobody can tell.
		if (strict) return no(`${quoted(text)} is an ambiguous spelling of an address`);
		return ok("ipv4", parsed, port);
	}
	return checkDomain(parsed, port);
}

/** `host:port`, `[v6]:port` or a host alone. */
function hostPort(text: string, strict: boolean): Canonicalised {
	const match = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(text);
	if (match?.[1] === undefined || match[2] === undefined) return host(text, strict);
	const port = Number(match[2]);
	if (port < 1 || port > 65535) return no(`${quoted(text)}: there is no port ${port}`);
	return host(match[1], strict, port);
}

function cidr(text: string): Canonicalised {
	const slash = text.indexOf("/");
	const address = text.slice(0, slash);
	const length = text.slice(slash + 1);
	const v4 = parseQuad(address) !== null;
	if (!v4 && parseGroups(address) === null) return no(`${quoted(text)} is no CIDR block`);
	if (!/^\d{1,3}$/.test(length) || Number(length) > (v4 ? 32 : 128)) return no(`${quoted(text)} has no prefix length from 0 to ${v4 ? 32 : 128}`);
	const { text: value, single } = canonicalCidr(text);
	if (single) return ok(value.includes(":") ? "ipv6" : "ipv4", value);
	return ok("cidr", value);
}

function looksLikeCidr(text: string): boolean {
	return /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(text) && (parseQuad(text.slice(0, text.indexOf("/"))) !== null || text.includes(":"));
}

const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "ftp:"]);

function url(text: string, strict: boolean): Canonicalised {
	const authorityEnd = text.indexOf("/", 8);
	if (PLAIN_URL.test(text) && !text.includes("xn--") && text.length <= MAX_VALUE_LENGTH && (authorityEnd < 0 ? text.length : authorityEnd) <= 253) {
		return ok("url", authorityEnd < 0 ? `${text}/` : text);
	}
	if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return no(`${quoted(text)} has no scheme such as http://`);
	let parsed: URL;
	try {
		parsed = new URL(text);
	} catch {
		return no(`${quoted(text)} is no URL`);
	}
	if (!SCHEMES.has(parsed.protocol)) return no(`${quoted(text)}: only http, https and ftp URLs are kept, not ${parsed.protocol.slice(0, 20)}`);
	if (parsed.hostname === "") return no(`${quoted(text)} has no host`);
	const checked = host(parsed.hostname, false);
	if (!checked.ok) return checked;
	if (strict && checked.indicator.type === "ipv4") {
		const written = /^[a-z]+:[\\/]*(?:[^@/?#\\]*@)?([^:/?#\\]*)/i.exec(text)?.[1] ?? "";
		if (/^[0-9.]+$/.test(written) && written !== checked.indicator.value && written.split(".").some((part) => part.length > 1 && part.startsWith("0"))) {
			return no(`${quoted(text)} is an ambiguous spelling of an address`);
		}
	}
	// The parser keeps a host's trailing dot; the same place is dialled without it.
	const name = checked.indicator.type === "ipv6" ? `[${checked.indicator.value}]` : checked.indicator.value;
	const port = parsed.port === "" ? "" : `:${parsed.port}`;
	return ok("url", `${parsed.protocol}//${name}${port}${parsed.pathname}${parsed.search}`);
}

/** `/`, `?` and `#` are legal before the `@`, yet what is written so is a piece of a URL. */
function email(text: string): Canonicalised {
	const at = text.lastIndexOf("@");
	const local = text.slice(0, at);
	if (at < 1 || local.length > 64 || /[\s@<>"(),:;\\[\]/?#]/.test(local)) return no(`${quoted(text)} is no e-mail address`);
	const domain = host(text.slice(at + 1), true);
	if (!domain.ok || domain.indicator.type !== "domain") return no(`${quoted(text)} is no e-mail address`);
	return ok("email", `${local.toLowerCase()}@${domain.indicator.value}`);
}

function cve(text: string): Canonicalised {
	const match = /^CVE[-\u2010-\u2015_ ]?(\d{4})[-\u2010-\u2015_](\d{4,19})$/i.exec(text);
	if (match?.[1] === undefined || match[2] === undefined) return no(`${quoted(text)} is no CVE id such as CVE-2026-12345`);
	return ok("cve", `CVE-${match[1]}-${match[2]}`);
}

/** Anything: the most specific kind that fits. */
function any(text: string, strict: boolean): Canonicalised {
	if (parseQuad(text) !== null) return ok("ipv4", text);
	if (text.includes("://")) return url(text, strict);
	if (HASH_TYPES[text.length] !== undefined && HEX.test(text)) return hash(text);
	if (/^cve[-\u2010-\u2015_ ]?\d[\d\u2010-\u2015_ -]*$/i.test(text)) return cve(text);
	if (looksLikeCidr(text)) return cidr(text);
	if (text.includes("@") && !text.includes("/")) return email(text);
	const slash = text.search(/[/?]/);
	if (slash > 0) {
		// `evil.com/login`: a URL whose scheme was left out. Only where the host is beyond doubt.
		const start = hostPort(text.slice(0, slash), true);
		return start.ok ? url(`http://${text}`, strict) : no(`${quoted(text)} is no indicator`);
	}
	return hostPort(text, strict);
}

function expect(result: Canonicalised, types: readonly IndicatorType[], what: string, text: string): Canonicalised {
	if (!result.ok || types.includes(result.indicator.type)) return result;
	return no(`${quoted(text)} is no ${what}`);
}

function read(text: string, as: Expectation, strict: boolean): Canonicalised {
	switch (as) {
		case "any":
			return any(text, strict);
		case "ip":
			return expect(hostPort(text, strict), ["ipv4", "ipv6"], "IP address", text);
		case "ipv4":
			return expect(hostPort(text, strict), ["ipv4"], "IPv4 address", text);
		case "ipv6":
			return expect(hostPort(text, strict), ["ipv6"], "IPv6 address", text);
		case "network":
			return text.includes("/") ? cidr(text) : expect(hostPort(text, strict), ["ipv4", "ipv6"], "IP address or block", text);
		case "cidr":
			return text.includes("/") ? cidr(text) : no(`${quoted(text)} is no CIDR block`);
		case "host":
			return hostPort(text, strict);
		case "domain":
			return expect(hostPort(text, strict), ["domain"], "domain", text);
		case "url":
			return url(text, strict);
		case "hash":
			return hash(text);
		case "md5":
		case "sha1":
		case "sha256":
			return hash(text, as);
		case "email":
			return email(text);
		case "cve":
			return cve(text);
	}
}

function canonical(text: string, as: Expectation, strict: boolean): Canonicalised {
	if (text.length > MAX_VALUE_LENGTH * 2) return no(`the value has ${text.length} characters, at most ${MAX_VALUE_LENGTH} are kept`);
	const value = /^[!-'*-;=?-Z_a-z|~]*$/.test(text) && !/^(?:h..p|fxp|meow|htx)/i.test(text) ? text : refang(text);
	if (value === "") return no("the value is empty");
	if (CONTROL.test(value)) return no(`${quoted(value)} holds control characters`);
	if (!value.isWellFormed()) return no(`${quoted(value)} is no valid text`);
	const result = read(value, as, strict);
	if (result.ok && result.indicator.value.length > MAX_VALUE_LENGTH) {
		return no(`the value has ${result.indicator.value.length} characters, at most ${MAX_VALUE_LENGTH} are kept`);
	}
	return result;
}

/**
 * The canonical form of what a person typed or pasted: refanged, and addresses in any notation a browser would dial.
 * Never throws; the reason names the value.
 */
export function canonicalise(text: string, as: Expectation = "any"): Canonicalised {
	return canonical(text, as, false);
}

/**
 * The same for values of a feed, where an ambiguous spelling is refused: octal, decimal and short forms of addresses say
 * something else to a browser than to whoever wrote the list.
 */
export function canonicaliseFeed(text: string, as: Expectation = "any"): Canonicalised {
	return canonical(text, as, true);
}
