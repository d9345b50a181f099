import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExistError } from "@/lib/errors";

export interface Executable {
	path: string;
	/** what it needs from its environment */
	env: Record<string, string>;
}

/** Longer than it ever takes to unpack: whoever held the lock is gone. */
const STALE_MS = 60_000;

/** The package takes a file that exists for a file that is whole, so only one process may unpack at a time. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
	const lock = join(tmpdir(), "exist-chromium.lock");
	for (;;) {
		try {
			mkdirSync(lock);
			break;
		} catch (error) {
			if ((error as { code?: string }).code !== "EEXIST") throw error;
			const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
			if (Date.now() - made > STALE_MS) rmSync(lock, { recursive: true, force: true });
			else await sleep(100);
		}
	}
	try {
		return await work();
	} finally {
		rmSync(lock, { recursive: true, force: true });
	}
}

/** The temp folder belongs to everybody: what lies there must be ours before it is run. */
function mustBeOurs(path: string): void {
	const { uid, mode } = statSync(path);
	const own = process.getuid?.();
	if (own !== undefined && uid !== own && uid !== 0) throw new ExistError("unavailable", `${path} belongs to another user of this machine and is not started. Remove it, or set CHROMIUM_PATH.`);
	if ((mode & 0o022) !== 0) throw new ExistError("unavailable", `${path} can be changed by other users and is not started. Remove it, or set CHROMIUM_PATH.`);
}

async function packaged(): Promise<Executable> {
	const { default: chromium } = await import("@sparticuz/chromium");
	chromium.setGraphicsMode = false;
	const path = await alone(() => chromium.executablePath());
	mustBeOurs(path);
	const libraries = join(tmpdir(), "al2023", "lib");
	const fonts = join(tmpdir(), "fonts");
	return { path, env: { ...(existsSync(fonts) ? { FONTCONFIG_PATH: fonts } : {}), ...(existsSync(libraries) ? { LD_LIBRARY_PATH: libraries } : {}) } };
}

let known: Promise<Executable> | undefined;

/** The browser: a system Chromium where its path is given, else the package's, unpacked once into the temp folder. */
export async function executable(systemPath: string | null): Promise<Executable> {
	if (systemPath !== null) {
		if (!existsSync(systemPath)) throw new ExistError("unavailable", `CHROMIUM_PATH="${systemPath}" does not exist. Give the path of a Chromium, or leave it empty for the packaged one.`);
		return { path: systemPath, env: {} };
	}
	known ??= packaged();
	try {
		return await known;
	} catch (error) {
		known = undefined;
		throw error;
	}
}
