import { gunzipSync, gzipSync } from "node:zlib";
import { type Database, lit } from "@/lib/platform";
import type { PartKind } from "./result";

/** Of a part, beside those of the engine: a small picture for lists. */
export type StoredKind = PartKind | "thumbnail";

export interface StoredPart {
	kind: StoredKind;
	number: number;
	mediaType: string;
	bytes: Buffer;
}

export interface PartHead {
	kind: StoredKind;
	number: number;
	mediaType: string;
	/** unpacked */
	size: number;
}

/** One statement carries a piece, written in hexadecimal: twice its bytes. */
const PIECE = 512 * 1024;
/** Statements under way at once. */
const LANES = 4;
/** Packing pays from here on, and where it spares this share. */
const LEAST = 1024;
const SPARED = 0.9;
/** More than any part has; what claims more is not unpacked. */
const MAX_PART = 64 * 1024 * 1024;
/** Pieces that are deleted by one statement. */
const BATCH = 50;

function packed({ kind, bytes }: StoredPart): { coding: string; bytes: Buffer } {
	// Pictures are packed already.
	const picture = kind === "screenshot" || kind === "full-page" || kind === "thumbnail";
	if (picture || bytes.length < LEAST) return { coding: "", bytes };
	const small = gzipSync(bytes, { level: 5 });
	return small.length < bytes.length * SPARED ? { coding: "gzip", bytes: small } : { coding: "", bytes };
}

/** A media type as a header would have it; anything else is bytes. */
function mediaTypeOf(text: string): string {
	return /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}(?:; ?charset=[\w-]{1,40})?$/.test(text) && text.length <= 128 ? text : "application/octet-stream";
}

/**
 * Writes a part in pieces under the attempt's fence. Pieces of different attempts never mix: who reads takes those of the fence
 * that finished the capture. `onPiece` hears of every piece that is there.
 */
export async function writePart(database: Database, capture: Buffer, fence: number, part: StoredPart, onPiece?: () => void | Promise<void>): Promise<void> {
	const { coding, bytes } = packed(part);
	const pieces = Math.max(1, Math.ceil(bytes.length / PIECE));
	let next = 0;
	const lane = async (): Promise<void> => {
		for (let piece = next++; piece < pieces; piece = next++) {
			const values = [capture, part.kind, part.number, piece, fence, mediaTypeOf(part.mediaType), coding, part.bytes.length, pieces, bytes.subarray(piece * PIECE, (piece + 1) * PIECE)].map(lit);
			await database.execute(`INSERT INTO capture_part (capture_id, kind, number, piece, fence, media_type, coding, size, pieces, bytes) VALUES (${values.join(",")})`);
			await onPiece?.();
		}
	};
	await Promise.all(Array.from({ length: Math.min(LANES, pieces) }, lane));
}

/** A whole part, or null where it is not there or not whole. */
export async function readPart(database: Database, capture: Buffer, fence: number, kind: StoredKind, number = 0): Promise<{ mediaType: string; bytes: Buffer } | null> {
	const rows = await database.query<{ piece: number; media_type: string; coding: string; size: number; pieces: number; bytes: Buffer }>(
		`SELECT piece, media_type, coding, size, pieces, bytes FROM capture_part WHERE capture_id = ${lit(capture)} AND kind = ${lit(kind)} AND number = ${number} AND fence = ${fence} ORDER BY piece`,
	);
	const [first] = rows;
	if (first === undefined || rows.length !== first.pieces || first.size > MAX_PART) return null;
	const stored = Buffer.concat(rows.map(({ bytes }) => bytes));
	const bytes = first.coding === "gzip" ? gunzipSync(stored, { maxOutputLength: Math.max(1, first.size) }) : stored;
	return bytes.length === first.size ? { mediaType: first.media_type, bytes } : null;
}

/** What there is of a capture, without the bytes. */
export async function partHeads(database: Database, capture: Buffer, fence: number): Promise<PartHead[]> {
	const rows = await database.query<{ kind: StoredKind; number: number; media_type: string; size: number }>(
		`SELECT kind, number, media_type, size FROM capture_part WHERE capture_id = ${lit(capture)} AND fence = ${fence} AND piece = 0 ORDER BY kind, number`,
	);
	return rows.map(({ kind, number, media_type, size }) => ({ kind, number, mediaType: media_type, size }));
}

/** Which of a capture's pieces: all, those of one attempt, or those of attempts before one. Never those of later ones. */
export type Pieces = "all" | { of: number } | { before: number };

/** Deletes pieces in batches. False where time ran out. */
export async function dropParts(database: Database, capture: Buffer, which: Pieces, deadline = Number.POSITIVE_INFINITY): Promise<boolean> {
	const fence = which === "all" ? "" : "of" in which ? ` AND fence = ${which.of}` : ` AND fence < ${which.before}`;
	for (;;) {
		const { affected } = await database.execute(`DELETE FROM capture_part WHERE capture_id = ${lit(capture)}${fence} LIMIT ${BATCH}`);
		if (affected < BATCH) return true;
		if (Date.now() > deadline) return false;
	}
}
