import { TYPE_NUMBERS } from "@/lib/domain/indicator";
import { addressBytes, canonicalCidr, containingCidrs, isMapped, parseQuad } from "@/lib/domain/range";
import { type Database, lit, remembered } from "@/lib/platform";

/** Blocks of an address that may be in the index, canonical texts, narrowest first. */
export type BlocksOf = (address: string) => string[];

/** More are not held in memory: then every block that could contain an address is asked for by its id. */
const MAX_BLOCKS = 300_000;
const PAGE = 50_000;
const SECONDS = 30;

function quadNumber(bytes: Uint8Array): number {
	return (((bytes[12] as number) << 24) | ((bytes[13] as number) << 16) | ((bytes[14] as number) << 8) | (bytes[15] as number)) >>> 0;
}

/** The first `length` bits: shifted out are those that vary. JavaScript shifts by 32 as by 0. */
function firstBits(number: number, length: number): number {
	return length === 0 ? 0 : number >>> (32 - length);
}

function quadText(bits: number, length: number): string {
	const number = length === 0 ? 0 : (bits << (32 - length)) >>> 0;
	return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}/${length}`;
}

/** Addresses of a block by length: of IPv4 the first bits as a number, of IPv6 the block's text. */
class BlockSet {
	#v4 = new Map<number, Set<number>>();
	#v6 = new Map<number, Set<string>>();

	add(block: string): void {
		const slash = block.indexOf("/");
		const length = Number(block.slice(slash + 1));
		if (parseQuad(block.slice(0, slash)) === null) {
			const known = this.#v6.get(length) ?? new Set();
			this.#v6.set(length, known.add(block));
			return;
		}
		const known = this.#v4.get(length) ?? new Set();
		this.#v4.set(length, known.add(firstBits(quadNumber(addressBytes(block.slice(0, slash))), length)));
	}

	/** Once all are in: narrow ones are to be found first. */
	order(): this {
		this.#v4 = new Map([...this.#v4].sort(([a], [b]) => b - a));
		this.#v6 = new Map([...this.#v6].sort(([a], [b]) => b - a));
		return this;
	}

	containing(address: string): string[] {
		const bytes = addressBytes(address);
		const found: string[] = [];
		if (isMapped(bytes)) {
			const number = quadNumber(bytes);
			for (const [length, known] of this.#v4) {
				const bits = firstBits(number, length);
				if (known.has(bits)) found.push(quadText(bits, length));
			}
			return found;
		}
		for (const [length, known] of this.#v6) {
			const { text } = canonicalCidr(`${address}/${length}`);
			if (known.has(text)) found.push(text);
		}
		return found;
	}
}

/** Every block of the index, or null where there are more than are held. Blocks have no host, so the index over hosts finds them. */
async function readBlocks(db: Database): Promise<BlockSet | null> {
	const set = new BlockSet();
	let read = 0;
	for (let after = ""; ; ) {
		const rows = await db.query<{ id: Buffer; value: string }>(`SELECT id, value FROM indicator WHERE host_key IS NULL AND type = ${TYPE_NUMBERS.cidr}${after} ORDER BY id LIMIT ${PAGE}`);
		for (const { value } of rows) set.add(value);
		read += rows.length;
		const last = rows.at(-1);
		if (last === undefined || rows.length < PAGE) return set.order();
		if (read >= MAX_BLOCKS) return null;
		after = ` AND id > ${lit(last.id)}`;
	}
}

/**
 * Which blocks may contain an address, for many addresses: out of all blocks as they were half a minute ago at most. An address
 * lies in 32 possible blocks (128 of IPv6), so asking for them by id costs more than everything else about it.
 */
export async function knownBlocks(db: Database): Promise<BlocksOf> {
	const set = await remembered(db, "lookup:blocks", SECONDS, () => readBlocks(db));
	return set === null ? everyBlock : (address) => set.containing(address);
}

/** Every block an address could lie in, known or not. */
export const everyBlock: BlocksOf = (address) => containingCidrs(address).reverse();
