import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import { chain } from "./bytes";

const KNOWN = ["gzip", "x-gzip", "deflate", "br"] as const;
export type Coding = (typeof KNOWN)[number];

/** More layers than this are no packing but an attack. */
const MAX_CODINGS = 2;

/** The layers of a Content-Encoding, outermost first, or words for why they are not undone. */
export function codings(header: string): Coding[] | string {
	const names = header
		.toLowerCase()
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name !== "" && name !== "identity");
	if (names.length > MAX_CODINGS) return `encodes its answer ${names.length} times`;
	const unknown = names.find((name) => !(KNOWN as readonly string[]).includes(name));
	if (unknown !== undefined) return `encodes its answer as "${unknown.slice(0, 20)}", which was not asked for`;
	return (names as Coding[]).reverse();
}

/** `deflate` means zlib, yet some send it raw: the first byte tells. */
function decoder(coding: Coding, first: Uint8Array): Transform {
	if (coding === "br") return createBrotliDecompress();
	if (coding !== "deflate") return createGunzip();
	return ((first[0] as number) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

/** Takes one layer off, no faster than the reader reads. A body without a byte stays one. Throws zlib's errors. */
export async function* decoded(source: AsyncIterable<Uint8Array>, coding: Coding): AsyncGenerator<Uint8Array> {
	const iterator = source[Symbol.asyncIterator]();
	let first: Uint8Array;
	do {
		const { value, done } = await iterator.next();
		if (done === true) return;
		first = value;
	} while (first.length === 0);
	const transform = decoder(coding, first);
	pipeline(Readable.from(chain([first], iterator)), transform, () => {});
	for await (const chunk of transform) yield chunk as Buffer;
}
