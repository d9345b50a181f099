import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import yauzl from "yauzl";
import { chain, Gathered } from "./bytes";
import { SuspectBody } from "./formats";

export interface UnpackHints {
	contentType?: string;
	name?: string;
	/** most bytes that come out */
	maxBytes: number;
	/** most that may come out, in multiples of what went in (beyond the first megabyte); default 200 */
	maxRatio?: number;
}

/** Entries an archive may have; feeds have one. */
const MAX_ENTRIES = 10;
/** An archive is held whole while it is read: its directory stands at its end. */
const MAX_ZIP_BYTES = 32 * 1024 * 1024;

class Caps {
	#in = 0;
	#out = 0;
	readonly #hints: UnpackHints;
	constructor(hints: UnpackHints) {
		this.#hints = hints;
	}
	async *count(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
		for await (const chunk of bytes) {
			this.#in += chunk.length;
			yield chunk;
		}
	}
	check(chunk: Uint8Array): Uint8Array {
		this.#out += chunk.length;
		if (this.#out > this.#hints.maxBytes) throw new SuspectBody(`It unpacks to more than ${this.#hints.maxBytes.toLocaleString("en")} bytes (too large).`);
		if (this.#out > 1_000_000 && this.#out > this.#in * (this.#hints.maxRatio ?? 200)) {
			throw new SuspectBody(`It unpacks to more than ${this.#hints.maxRatio ?? 200} times its size (too large).`);
		}
		return chunk;
	}
}

/** Several gzip members in a row are one body (RFC 1952); zeros behind the last are padding, anything else breaks it. */
async function* gunzip(bytes: AsyncIterable<Uint8Array>, caps: Caps): AsyncGenerator<Uint8Array> {
	const gunzipped = createGunzip();
	pipeline(Readable.from(caps.count(bytes)), gunzipped, () => {});
	let any = false;
	try {
		for await (const chunk of gunzipped) {
			any = true;
			yield caps.check(chunk as Buffer);
		}
	} catch (error) {
		if (error instanceof SuspectBody) throw error;
		throw new SuspectBody(`Its gzip data is broken or cut short (${String((error as { code?: unknown }).code ?? "unreadable")}).`);
	}
	if (!any) throw new SuspectBody("Its gzip data holds nothing.");
}

function openZip(buffer: Buffer): Promise<yauzl.ZipFile> {
	return new Promise((resolve, reject) => {
		yauzl.fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true, decodeStrings: false, strictFileNames: false }, (error, zip) => {
			if (error !== null || zip === undefined) reject(new SuspectBody(`Its zip archive is broken (${error?.message ?? "unreadable"}).`));
			else resolve(zip);
		});
	});
}

function entriesOf(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
	return new Promise((resolve, reject) => {
		const entries: yauzl.Entry[] = [];
		zip.on("entry", (entry: yauzl.Entry) => {
			entries.push(entry);
			zip.readEntry();
		});
		zip.on("end", () => resolve(entries));
		zip.on("error", (error: Error) => reject(new SuspectBody(`Its zip archive is broken (${error.message}).`)));
		zip.readEntry();
	});
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
	return new Promise((resolve, reject) => {
		zip.openReadStream(entry, (error, stream) => {
			if (error !== null || stream === undefined) reject(new SuspectBody(`Its zip archive is broken (${error?.message ?? "unreadable"}).`));
			else resolve(stream);
		});
	});
}

/** The one file of an archive. Names are never used; directories do not count; a link, a password or a second file is refused. */
async function* unzip(bytes: AsyncIterable<Uint8Array>, caps: Caps): AsyncGenerator<Uint8Array> {
	const gathered = new Gathered();
	for await (const chunk of caps.count(bytes)) {
		if (gathered.length + chunk.length > MAX_ZIP_BYTES) throw new SuspectBody(`Its zip archive is larger than ${MAX_ZIP_BYTES.toLocaleString("en")} bytes (too large).`);
		gathered.append(chunk);
	}
	const zip = await openZip(gathered.take());
	if (zip.entryCount > MAX_ENTRIES) throw new SuspectBody(`Its zip archive has ${zip.entryCount} entries; one file is expected.`);
	const files = (await entriesOf(zip)).filter(
		(entry) =>
			!Buffer.from(entry.fileName as unknown as Uint8Array)
				.toString("latin1")
				.endsWith("/"),
	);
	const file = files[0];
	if (file === undefined) throw new SuspectBody("Its zip archive is empty.");
	if (files.length > 1) throw new SuspectBody(`Its zip archive has ${files.length} files; one is expected.`);
	if ((file.generalPurposeBitFlag & 1) === 1) throw new SuspectBody("Its zip archive wants a password.");
	if (((file.externalFileAttributes >>> 16) & 0o170000) === 0o120000) throw new SuspectBody("Its zip archive holds a link instead of a file.");
	try {
		for await (const chunk of await openEntry(zip, file)) yield caps.check(chunk as Buffer);
	} catch (error) {
		if (error instanceof SuspectBody) throw error;
		throw new SuspectBody(`Its zip archive is broken (${(error as Error).message}).`);
	}
}

/**
 * Takes one layer of packing off a body, told by its first bytes rather than by its name: gzip or zip; anything else passes
 * as it is. Throws `SuspectBody` for broken, cut or oversized archives.
 */
export async function* unpack(bytes: AsyncIterable<Uint8Array>, hints: UnpackHints): AsyncGenerator<Uint8Array> {
	const iterator = bytes[Symbol.asyncIterator]();
	const first: Uint8Array[] = [];
	let have = 0;
	while (have < 4) {
		const { value, done } = await iterator.next();
		if (done === true) break;
		first.push(value);
		have += value.length;
	}
	const head = Buffer.concat(first.map((chunk) => chunk.subarray(0, 4))).subarray(0, 4);
	const all = chain(first, iterator);
	const caps = new Caps(hints);
	if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzip(all, caps);
	else if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) yield* unzip(all, caps);
	else if (head.toString("latin1", 0, 3) === "BZh") throw new SuspectBody("It is packed with bzip2, which is not read. Use the gzip or plain address.");
	else for await (const chunk of caps.count(all)) yield caps.check(chunk);
}
