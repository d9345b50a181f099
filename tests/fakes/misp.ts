import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const FOLDER = join(import.meta.dirname, "../fixtures/feeds");

/** Names of the sample files of a folder, without `.gz`. */
export function mispNames(folder: "misp-events" | "misp-feed"): string[] {
	return readdirSync(join(FOLDER, folder))
		.map((name) => name.replace(/\.gz$/, ""))
		.sort();
}

/** Bytes of a sample file as its provider sends it. */
export function mispBytes(folder: "misp-events" | "misp-feed", name: string): Buffer {
	return gunzipSync(readFileSync(join(FOLDER, folder, `${name}.gz`)));
}

export function mispJson(folder: "misp-events" | "misp-feed", name: string): unknown {
	return JSON.parse(mispBytes(folder, name).toString("utf8"));
}
