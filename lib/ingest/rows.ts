import { hash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { CATEGORIES } from "@/lib/domain/category";

/**
 * A canonical row between parsing and the database. Times are milliseconds since the epoch; null where the feed gives none.
 * Names are short because the rows travel as JSON tuples, in blocks.
 */
export interface StagedRow {
	type: number;
	value: string;
	/** slug of the warning list that names the value, or null */
	warning: string | null;
	seen: number | null;
	last: number | null;
	category: string;
	country: string | null;
	ports: string | null;
	description: string | null;
	referrer: string | null;
	tags: string[] | null;
	confidence: number | null;
	/** ids (hex) of the other hashes of the same file */
	siblings: string[] | null;
}

type Tuple = [number, string, string | null, number | null, number | null, string, string | null, string | null, string | null, string | null, string[] | null, number | null, string[] | null];

/** Bytes of one entry in a block's `ids`: sighting id (16), digest (8). */
export const ENTRY_BYTES = 24;

/** Rows of one block. A block is one transaction: far below PlanetScale's 20 s, far above a round trip. */
export const BLOCK_ROWS = 4000;

function toTuple(row: StagedRow): Tuple {
	return [row.type, row.value, row.warning, row.seen, row.last, row.category, row.country, row.ports, row.description, row.referrer, row.tags, row.confidence, row.siblings];
}

function fromTuple(tuple: Tuple): StagedRow {
	return {
		type: tuple[0],
		value: tuple[1],
		warning: tuple[2],
		seen: tuple[3],
		last: tuple[4],
		category: tuple[5],
		country: tuple[6],
		ports: tuple[7],
		description: tuple[8],
		referrer: tuple[9],
		tags: tuple[10],
		confidence: tuple[11],
		siblings: tuple[12],
	};
}

/** Rows to the bytes of `run_block.data`. Level 1: the bytes live for seconds, time matters more than size. */
export function encodeRows(rows: readonly StagedRow[]): Buffer {
	return deflateRawSync(JSON.stringify(rows.map(toTuple)), { level: 1 });
}

export function decodeRows(data: Buffer): StagedRow[] {
	return (JSON.parse(inflateRawSync(data).toString("utf8")) as Tuple[]).map(fromTuple);
}

/** Bytes of a digest that are of what the feed says of a value; the rest is of that and of its dates. */
const SAID_BYTES = 4;

/**
 * What the feed decides about a row, as 8 bytes: equal means there is nothing to write. Dates move with every run of some feeds, and
 * are nobody's news: whether anything else changed can be told from the digests.
 */
export function digestOf(row: StagedRow): Buffer {
	const said = `${row.category}\u0001${row.country}\u0001${row.ports}\u0001${row.description}\u0001${row.referrer}\u0001${row.tags === null ? "" : row.tags.join("\u0002")}\u0001${row.confidence}`;
	const digest = Buffer.alloc(8);
	hash("sha256", said, "buffer").copy(digest, 0, 0, SAID_BYTES);
	hash("sha256", `${said}\u0001${row.seen}\u0001${row.last}\u0001${row.warning}`, "buffer").copy(digest, SAID_BYTES, 0, 8 - SAID_BYTES);
	return digest;
}

/** Whether what the feed says of a value is the same in two digests, whatever its dates. */
export function saysTheSame(one: Buffer, other: Buffer): boolean {
	return one.compare(other, 0, SAID_BYTES, 0, SAID_BYTES) === 0;
}

function union(a: string[] | null, b: string[] | null): string[] | null {
	if (a === null) return b;
	if (b === null) return a;
	return [...new Set([...a, ...b])].sort();
}

function worse(a: string, b: string): string {
	const order = CATEGORIES as readonly string[];
	return order.indexOf(b) < order.indexOf(a) ? b : a;
}

function portNumber(port: string): number {
	return Number.parseInt(port, 10);
}

/** Ports of both, ascending, without repetition. */
export function mergePorts(a: string | null, b: string | null): string | null {
	if (a === null || b === null || a === b) return a ?? b;
	const all = [...new Set([...a.split(","), ...b.split(",")])];
	return all.sort((x, y) => portNumber(x) - portNumber(y) || (x < y ? -1 : 1)).join(",");
}

function mergeText(a: string | null, b: string | null): string | null {
	if (a === null || b === null) return a ?? b;
	const parts = [...a.split("; "), ...b.split("; ")];
	return [...new Set(parts)].sort().join("; ");
}

function pick(choose: (...values: number[]) => number, a: number | null, b: number | null): number | null {
	if (a === null || b === null) return a ?? b;
	return choose(a, b);
}

/**
 * One listing out of two that a body gives for the same indicator (an address with several ports, a URL listed twice).
 * The result does not depend on their order, so a shuffled feed changes nothing.
 */
export function mergeRows(a: StagedRow, b: StagedRow): StagedRow {
	return {
		type: a.type,
		value: a.value,
		warning: a.warning,
		seen: pick(Math.min, a.seen, b.seen),
		last: pick(Math.max, a.last, b.last),
		category: worse(a.category, b.category),
		country: a.country !== null && b.country !== null ? (a.country < b.country ? a.country : b.country) : (a.country ?? b.country),
		ports: mergePorts(a.ports, b.ports),
		description: mergeText(a.description, b.description),
		referrer: a.referrer !== null && b.referrer !== null ? (a.referrer < b.referrer ? a.referrer : b.referrer) : (a.referrer ?? b.referrer),
		tags: union(a.tags, b.tags),
		confidence: pick(Math.max, a.confidence, b.confidence),
		siblings: union(a.siblings, b.siblings),
	};
}
