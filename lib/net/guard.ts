import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { addressBytes, addressText, cidrRange } from "@/lib/domain/range";

/** Resolves a name to all its addresses. Throws where there is none. */
export type Resolver = (hostname: string) => Promise<string[]>;

export interface AddressPolicy {
	/** loopback addresses may be dialled: the demo's upstream and tests. Never set in production */
	allowLoopback?: boolean;
	resolver?: Resolver;
	/**
	 * Names (or address literals) that the operator configured for this very request: they may be in a private network, never a
	 * cloud's metadata service. Lower case. Redirects to other hosts are judged as always
	 */
	trustedHosts?: readonly string[];
}

/** IPv4 space that is not the public internet: IANA special-purpose registry, and a cloud's metadata that is not in it. */
const BLOCKED_V4 = [
	"0.0.0.0/8",
	"10.0.0.0/8",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"172.16.0.0/12",
	"192.0.0.0/24",
	"192.0.2.0/24",
	"192.31.196.0/24",
	"192.52.193.0/24",
	"192.88.99.0/24",
	"192.168.0.0/16",
	"192.175.48.0/24",
	"198.18.0.0/15",
	"198.51.100.0/24",
	"203.0.113.0/24",
	"224.0.0.0/4",
	"240.0.0.0/4",
	"168.63.129.16/32",
	"100.100.100.200/32",
];
/** Within 2000::/3, the only IPv6 space that is public: protocol assignments, Teredo, 6to4, documentation. */
const BLOCKED_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

function toRange(block: string): { from: string; to: string } {
	const { from, to } = cidrRange(block);
	return { from: hex(from), to: hex(to) };
}

const BLOCKED = [...BLOCKED_V4, ...BLOCKED_V6].map(toRange);
const GLOBAL_V6 = toRange("2000::/3");
const MAPPED_V4 = { from: hex(addressBytes("0.0.0.0")), to: hex(addressBytes("255.255.255.255")) };
const LOOPBACK = [toRange("127.0.0.0/8"), { from: hex(addressBytes("::1")), to: hex(addressBytes("::1")) }];

/** Not even for the operator's own hosts: unspecified, link-local with its metadata services, multicast. */
const NEVER = [
	"0.0.0.0/8",
	"169.254.0.0/16",
	"168.63.129.16/32",
	"100.100.100.200/32",
	"224.0.0.0/4",
	"240.0.0.0/4",
	"::/128",
	"fe80::/10",
	"fd00:ec2::254/128",
	"fd20:ce::254/128",
	"64:ff9b::/96",
	"64:ff9b:1::/48",
	"2002:a9fe::/32",
	"ff00::/8",
].map(toRange);

function within(at: string, range: { from: string; to: string }): boolean {
	return at >= range.from && at <= range.to;
}

/** Whether an address literal belongs to the public internet. Anything that is not clearly so is not. */
export function isPublicAddress(address: string, policy: AddressPolicy = {}): boolean {
	let at: string;
	try {
		at = hex(addressBytes(address));
	} catch {
		return false;
	}
	if (policy.allowLoopback === true && LOOPBACK.some((range) => within(at, range))) return true;
	if (!within(at, MAPPED_V4) && !within(at, GLOBAL_V6)) return false;
	return !BLOCKED.some((range) => within(at, range));
}

/** Whether the operator named this host for the request. */
function isTrusted(hostname: string, policy: AddressPolicy): boolean {
	const host = hostname
		.replace(/^\[|\]$/g, "")
		.replace(/\.$/, "")
		.toLowerCase();
	return policy.trustedHosts?.includes(host) === true;
}

/** Whether an address may be dialled for a host the operator named. */
function isReachable(address: string): boolean {
	let at: string;
	try {
		at = hex(addressBytes(address));
	} catch {
		return false;
	}
	return !NEVER.some((range) => within(at, range));
}

/** Ports browsers refuse (Fetch standard, "bad port", and 0): other protocols that could be talked to by accident. */
const BAD_PORTS: ReadonlySet<number> = new Set([
	0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512,
	513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
	6697, 10080,
]);

/** Why a URL may not be asked, or null. Checks what needs no resolver: scheme, port, shape of the host. */
export function refusal(url: URL, policy: AddressPolicy = {}): string | null {
	if (url.protocol !== "http:" && url.protocol !== "https:") return `${url.protocol.slice(0, 20)} is not fetched, only http and https`;
	if (url.port !== "" && BAD_PORTS.has(Number(url.port))) return `port ${url.port} is not fetched`;
	const host = url.hostname;
	if (host === "") return "there is no host";
	if (!isTrusted(host, policy) && isIP(host) === 0 && !host.startsWith("[") && !host.replace(/\.$/, "").includes(".")) return `"${host.slice(0, 60)}" is no public name`;
	const name = host.replace(/\.$/, "");
	if (name.length > 253 || name.split(".").some((label) => label === "" || label.length > 63)) return `"${host.slice(0, 60)}" is no host name`;
	return null;
}

/** A resolver that stays silent has given no answer. */
const DNS_TIMEOUT_MS = 5_000;

/** The resolver's answer, unless time runs out or the caller gives up first. */
async function inTime(answer: Promise<string[]>, signal: AbortSignal | undefined): Promise<string[]> {
	answer.catch(() => {});
	const budget = AbortSignal.timeout(DNS_TIMEOUT_MS);
	const end = signal === undefined ? budget : AbortSignal.any([budget, signal]);
	end.throwIfAborted();
	let stop = (): void => {};
	const ended = new Promise<never>((_resolve, reject) => {
		stop = () => reject(end.reason);
		end.addEventListener("abort", stop, { once: true });
	});
	try {
		return await Promise.race([answer, ended]);
	} finally {
		end.removeEventListener("abort", stop);
	}
}

const systemResolver: Resolver = async (hostname) => (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

export type Resolution = { ok: true; address: string; family: 4 | 6 } | { ok: false; kind: "blocked" | "dns"; reason: string };

/**
 * Resolves once and decides once. One address that is not public refuses the whole answer ("one bad apple"), and what was
 * checked is what will be dialled. A name that does not resolve, or not in time, is denied.
 */
export async function resolvePublic(url: URL, policy: AddressPolicy, signal?: AbortSignal): Promise<Resolution> {
	const host = url.hostname.replace(/^\[|\]$/g, "");
	let addresses: string[];
	if (isIP(host) !== 0) addresses = [host];
	else {
		try {
			addresses = await inTime((policy.resolver ?? systemResolver)(host.replace(/\.$/, "")), signal);
		} catch {
			return { ok: false, kind: "dns", reason: `the name "${host.slice(0, 80)}" does not resolve` };
		}
	}
	if (addresses.length === 0) return { ok: false, kind: "dns", reason: `the name "${host.slice(0, 80)}" does not resolve` };
	const allowed = isTrusted(url.hostname, policy) ? isReachable : (address: string): boolean => isPublicAddress(address, policy);
	for (const address of addresses) {
		if (!allowed(address)) return { ok: false, kind: "blocked", reason: `"${host.slice(0, 80)}" is or resolves to an address that is not public` };
	}
	const first = addressText(addressBytes(addresses[0] as string));
	return { ok: true, address: first, family: first.includes(":") ? 6 : 4 };
}
