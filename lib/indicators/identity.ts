import { hash } from "node:crypto";
import type { Indicator } from "@/lib/domain/indicator";

/**
 * Identity of an indicator: the first 16 bytes of SHA-256 over its type, a zero byte and the whole canonical value.
 * The type is its name, so that an id can be computed by anybody who has the value.
 */
export function indicatorId(indicator: Indicator): Buffer {
	return hash("sha256", `${indicator.type}\0${indicator.value}`, "buffer").subarray(0, 16);
}

/** The same as 32 hex digits, made without a buffer: for very many at once. */
export function indicatorHex(indicator: Indicator): string {
	return hash("sha256", `${indicator.type}\0${indicator.value}`, "hex").slice(0, 32);
}

/**
 * Identity of a listing, also the API's 32 hex: a hash of the source's number and the indicator's id.
 * Stable over re-listing, reordering and changed descriptions.
 */
export function sightingId(source: number, indicator: Buffer): Buffer {
	const input = Buffer.allocUnsafe(20);
	input.writeUInt32BE(source, 0);
	indicator.copy(input, 4, 0, 16);
	return hash("sha256", input, "buffer").subarray(0, 16);
}

/** `32 hex` to 16 bytes, or null where the text is no id. */
export function parseId(text: string): Buffer | null {
	return /^[0-9a-f]{32}$/i.test(text) ? Buffer.from(text, "hex") : null;
}
