import { execFile } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ExistError } from "@/lib/errors";

export interface Executable {
	path: string;
	/** as in `147.0.7727.0` */
	version: string;
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
	const { uid, mode } = lstatSync(path);
	const own = process.getuid?.();
	if (own !== undefined && uid !== own && uid !== 0) throw new ExistError("unavailable", `${path} belongs to another user of this machine and is not started. Remove it, or set CHROMIUM_PATH.`);
	if ((mode & 0o022) !== 0) throw new ExistError("unavailable", `${path} can be changed by other users and is not started. Remove it, or set CHROMIUM_PATH.`);
}

function isOurs(path: string): boolean {
	if (!existsSync(path)) return false;
	try {
		mustBeOurs(path);
		return true;
	} catch {
		return false;
	}
}

/** What a program says it is. Throws where it cannot be run. */
async function versionOf(path: string, env: Record<string, string>): Promise<string> {
	const { stdout } = await promisify(execFile)(path, ["--version"], { env: { HOME: tmpdir(), ...env } as unknown as NodeJS.ProcessEnv, timeout: 10_000, maxBuffer: 10_000 });
	return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? "0";
}

async function packaged(): Promise<Executable> {
	const { default: chromium } = await import("@sparticuz/chromium");
	chromium.setGraphicsMode = false;
	const path = await alone(() => chromium.executablePath());
	mustBeOurs(path);
	const libraries = join(tmpdir(), "al2023", "lib");
	const fonts = join(tmpdir(), "fonts");
	// Only what the package itself unpacked: a folder that somebody else put there would be loaded into the browser.
	const env = { ...(isOurs(fonts) ? { FONTCONFIG_PATH: fonts } : {}), ...(isOurs(libraries) ? { LD_LIBRARY_PATH: libraries } : {}) };
	return { path, env, version: await versionOf(path, env) };
}

async function installed(path: string): Promise<Executable> {
	if (!existsSync(path)) throw new ExistError("unavailable", `CHROMIUM_PATH="${path}" does not exist. Give the path of a Chromium, or leave it empty for the packaged one.`);
	return { path, env: {}, version: await versionOf(path, {}) };
}

const known = new Map<string | null, Promise<Executable>>();

/** The browser: a system Chromium where its path is given, else the package's, unpacked once into the temp folder. */
export async function executable(systemPath: string | null): Promise<Executable> {
	const found = known.get(systemPath) ?? (systemPath === null ? packaged() : installed(systemPath));
	known.set(systemPath, found);
	try {
		return await found;
	} catch (error) {
		known.delete(systemPath);
		if (error instanceof ExistError) throw error;
		const detail = error instanceof Error ? error.message.slice(0, 200) : "";
		throw new ExistError("unavailable", `The browser cannot be made ready (${detail}). Set CHROMIUM_PATH to a Chromium of this machine.`, { cause: error });
	}
}
