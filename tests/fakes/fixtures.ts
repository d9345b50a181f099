import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

const FOLDER = join(import.meta.dirname, "../fixtures/feeds");

/** Sources whose fixture is named otherwise than the source. */
const OTHER_NAMES: Readonly<Record<string, string>> = { "firehol-level1": "firehol.netset" };

/** Path of a source's sample body, packed ones with their `.gz`. Undefined where there is none. */
export function fixturePath(sourceId: string): string | undefined {
	const name = OTHER_NAMES[sourceId];
	if (name !== undefined) return join(FOLDER, name);
	const found = readdirSync(FOLDER).find((file) => file.replace(/\.gz$/, "").replace(/\.[a-z]+$/, "") === sourceId);
	return found === undefined ? undefined : join(FOLDER, found);
}

/** The sample body as the provider sends it. */
export function fixtureStream(path: string): Readable {
	const file = createReadStream(path);
	return path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
}
