import { BlobReader, BlobWriter, configure, TextReader, ZipWriter } from "@zip.js/zip.js";
import { ExistError } from "@/lib/errors";
import { turns } from "@/lib/platform";
import { type CaptureContext, captureContext } from "./context";
import { capturePart, captureParts } from "./files";
import { findCapture } from "./store";

/** The password everybody in the trade knows: it keeps scanners and double clicks away, not people. */
export const PASSWORD = "infected";

// Next bundles no worker, and one archive needs none.
configure({ useWebWorkers: false });

interface Archive {
	name: string;
	bytes: Uint8Array<ArrayBuffer>;
}

/** An archive is made in memory, a hundred megabytes of it at worst. */
const inTurn = turns(2, 20);

/**
 * Content and downloads of a capture as an encrypted zip. Names of files are ours; what the server called them stands in
 * `manifest.json`. Throws `not_found` where there is nothing.
 */
export function captureArchive(id: string, context: CaptureContext = captureContext()): Promise<Archive> {
	return inTurn(() => archived(id, context));
}

async function archived(id: string, context: CaptureContext): Promise<Archive> {
	const capture = await findCapture(id, context);
	const heads = (await captureParts(id, context)).filter(({ kind }) => kind === "content" || kind === "download");
	if (heads.length === 0) throw new ExistError("not_found", capture.state === "done" ? "This capture has neither content nor downloads." : "The capture is not over yet.");
	// The encryption every unzip understands: the point is the password, not secrecy.
	const zip = new ZipWriter(new BlobWriter("application/zip"), { password: PASSWORD, zipCrypto: true, level: 5 });
	const files: unknown[] = [];
	for (const { kind, number, size } of heads) {
		const part = await capturePart(id, kind, number, context);
		if (part === null) continue;
		const name = kind === "content" ? "content.bin" : `download-${number + 1}.bin`;
		const download = kind === "download" ? capture.result?.downloads[number] : undefined;
		files.push({
			file: name,
			bytes: size,
			// Of a file that was kept by half, the hash of the whole is no hash of this file.
			...(kind === "content" && size < (capture.result?.response?.bytes ?? 0)
				? { whole: false, sha256OfWhole: capture.contentSha256, bytesOfWhole: capture.result?.response?.bytes ?? null }
				: { sha256: kind === "content" ? capture.contentSha256 : (download?.sha256 ?? null) }),
			url: kind === "content" ? capture.finalUrl : (download?.url ?? null),
			mediaType: part.mediaType,
			...(download === undefined ? {} : { calledByServer: download.name }),
		});
		await zip.add(name, new BlobReader(new Blob([new Uint8Array(part.bytes)])), { lastModDate: capture.finishedAt ?? capture.requestedAt });
	}
	const manifest = { capture: capture.id, url: capture.url, finalUrl: capture.finalUrl, requestedAt: capture.requestedAt, finishedAt: capture.finishedAt, outcome: capture.outcome, files };
	await zip.add("manifest.json", new TextReader(`${JSON.stringify(manifest, null, "\t")}\n`));
	return { name: `capture-${capture.id}.zip`, bytes: new Uint8Array(await (await zip.close()).arrayBuffer()) };
}
