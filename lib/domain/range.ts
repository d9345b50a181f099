/** Addresses as 16 bytes, IPv4 mapped into IPv6 (`::ffff:a.b.c.d`), and blocks as first and last address. */

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Four numbers of a plain dotted quad (no leading zeros), or null. */
export function parseQuad(text: string): [number, number, number, number] | null {
	const parts: number[] = [];
	let value = -1;
	let digits = 0;
	for (let at = 0; at <= text.length; at++) {
		const code = at < text.length ? text.charCodeAt(at) : 46;
		if (code === 46) {
			if (digits === 0 || value > 255) return null;
			parts.push(value);
			value = -1;
			digits = 0;
		} else if (code >= 48 && code <= 57) {
			if (digits > 0 && value === 0) return null;
			value = (digits === 0 ? 0 : value * 10) + (code - 48);
			if (++digits > 3) return null;
		} else return null;
	}
	return parts.length === 4 ? (parts as [number, number, number, number]) : null;
}

/** Eight groups of an IPv6 text without zone, or null (RFC 4291, 2.2). */
export function parseGroups(text: string): number[] | null {
	if (text.length < 2 || text.length > 45 || !/^[0-9a-fA-F:.]+$/.test(text)) return null;
	let rest = text;
	const tail: number[] = [];
	const quadAt = rest.includes(".") ? rest.lastIndexOf(":") + 1 : -1;
	if (quadAt > 0) {
		const quad = parseQuad(rest.slice(quadAt));
		if (quad === null) return null;
		tail.push(quad[0] * 256 + quad[1], quad[2] * 256 + quad[3]);
		rest = rest.slice(0, quadAt);
		rest = rest.endsWith("::") ? rest : rest.slice(0, -1);
	} else if (quadAt === 0) return null;
	const halves = rest.split("::");
	if (halves.length > 2) return null;
	const read = (half: string): number[] | null => {
		if (half === "") return [];
		const groups: number[] = [];
		for (const part of half.split(":")) {
			if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
			groups.push(Number.parseInt(part, 16));
		}
		return groups;
	};
	const first = read(halves[0] ?? "");
	const second = halves.length === 2 ? read(halves[1] ?? "") : [];
	if (first === null || second === null) return null;
	const known = first.length + second.length + tail.length;
	if (halves.length === 1) return known === 8 ? [...first, ...tail] : null;
	if (known > 7) return null;
	return [...first, ...new Array<number>(8 - known).fill(0), ...second, ...tail];
}

/** 16 bytes of a canonical IPv4 or IPv6 text. Throws `RangeError` for anything else. */
export function addressBytes(address: string): Uint8Array {
	const quad = parseQuad(address);
	if (quad !== null) return Uint8Array.from([...MAPPED, ...quad]);
	const groups = parseGroups(address);
	if (groups === null) throw new RangeError(`"${address.slice(0, 60)}" is no IP address`);
	const bytes = new Uint8Array(16);
	for (const [at, group] of groups.entries()) {
		bytes[at * 2] = group >> 8;
		bytes[at * 2 + 1] = group & 255;
	}
	return bytes;
}

export function isMapped(bytes: Uint8Array): boolean {
	return MAPPED.every((byte, at) => bytes[at] === byte);
}

/** Canonical text of 16 bytes: dotted quad where mapped, else RFC 5952. */
export function addressText(bytes: Uint8Array): string {
	if (isMapped(bytes)) return `${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
	const groups = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] as number) << 8) | (bytes[at * 2 + 1] as number));
	let bestAt = -1;
	let best = 1;
	for (let at = 0; at < 8; at++) {
		let run = 0;
		while (at + run < 8 && groups[at + run] === 0) run++;
		if (run > best) {
			best = run;
			bestAt = at;
		}
		if (run > 0) at += run - 1;
	}
	const hex = groups.map((group) => group.toString(16));
	if (bestAt < 0) return hex.join(":");
	return `${hex.slice(0, bestAt).join(":")}::${hex.slice(bestAt + best).join(":")}`;
}

function masked(bytes: Uint8Array, bits: number, ones: boolean): Uint8Array {
	const out = Uint8Array.from(bytes);
	for (let at = 0; at < 16; at++) {
		const keep = Math.min(8, Math.max(0, bits - at * 8));
		const mask = keep === 0 ? 0 : (0xff << (8 - keep)) & 0xff;
		out[at] = ones ? ((out[at] as number) & mask) | (~mask & 0xff) : (out[at] as number) & mask;
	}
	return out;
}

function splitCidr(cidr: string): { bytes: Uint8Array; bits: number } {
	const slash = cidr.indexOf("/");
	const bytes = addressBytes(cidr.slice(0, slash));
	const v4 = isMapped(bytes) && !cidr.slice(0, slash).includes(":");
	const length = Number(cidr.slice(slash + 1));
	if (slash < 0 || !/^\d{1,3}$/.test(cidr.slice(slash + 1)) || length > (v4 ? 32 : 128)) throw new RangeError(`"${cidr.slice(0, 60)}" is no CIDR block`);
	return { bytes, bits: length + (v4 ? 96 : 0) };
}

/** First and last address of a block. Throws `RangeError` for text that is none. */
export function cidrRange(cidr: string): { from: Uint8Array; to: Uint8Array } {
	const { bytes, bits } = splitCidr(cidr);
	return { from: masked(bytes, bits, false), to: masked(bytes, bits, true) };
}

/** A block of IPv4 addresses is written as one, however it was mapped; one address stands for itself. */
function blockText(first: Uint8Array, bits: number): string {
	const text = addressText(first);
	if (bits === 128) return text;
	return `${text}/${isMapped(first) ? bits - 96 : bits}`;
}

/** The block with host bits cleared; a block of one address is that address. */
export function canonicalCidr(cidr: string): { text: string; single: boolean } {
	const { bytes, bits } = splitCidr(cidr);
	return { text: blockText(masked(bytes, bits, false), bits), single: bits === 128 };
}

/** Every canonical block that contains the address, widest first: 32 texts for IPv4 (`/0`–`/31`), 128 for IPv6. */
export function containingCidrs(address: string): string[] {
	const bytes = addressBytes(address);
	const v4 = isMapped(bytes);
	const start = v4 ? 96 : 0;
	return Array.from({ length: 128 - start }, (_, at) => `${addressText(masked(bytes, start + at, false))}/${at}`);
}

function toBig(bytes: Uint8Array): bigint {
	let value = 0n;
	for (const byte of bytes) value = (value << 8n) | BigInt(byte);
	return value;
}

function fromBig(value: bigint): Uint8Array {
	const bytes = new Uint8Array(16);
	let rest = value;
	for (let at = 15; at >= 0; at--) {
		bytes[at] = Number(rest & 255n);
		rest >>= 8n;
	}
	return bytes;
}

/**
 * The fewest blocks that cover exactly the addresses from `first` to `last`. Throws `RangeError` where they are reversed or
 * of two families.
 */
export function rangeToCidrs(first: string, last: string): string[] {
	const firstBytes = addressBytes(first);
	const lastBytes = addressBytes(last);
	const v4 = isMapped(firstBytes);
	if (v4 !== isMapped(lastBytes)) throw new RangeError(`the range ${first} to ${last} mixes IPv4 and IPv6`);
	let from = toBig(firstBytes);
	const to = toBig(lastBytes);
	if (to < from) throw new RangeError(`the range ${first} to ${last} runs backwards`);
	const blocks: string[] = [];
	const width = v4 ? 32 : 128;
	while (from <= to) {
		let size = 0;
		while (size < width && (from & (1n << BigInt(size))) === 0n && from + (1n << BigInt(size + 1)) - 1n <= to) size++;
		blocks.push(blockText(fromBig(from), 128 - size));
		from += 1n << BigInt(size);
	}
	return blocks;
}

/** The blocks that contain a block, itself left out. */
export function cidrsAround(block: string): string[] {
	const [network = "", bits = ""] = block.split("/");
	return containingCidrs(network).filter((wider) => Number(wider.slice(wider.indexOf("/") + 1)) < Number(bits));
}
