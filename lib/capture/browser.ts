import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import puppeteer, { type Browser } from "puppeteer-core";
import { ExistError } from "@/lib/errors";
import { log } from "@/lib/platform";
import { type Executable, executable } from "./executable";
import { browserFlags, type Sandbox, sandboxes } from "./flags";
import { userAgent } from "./page";
import { PipeTransport } from "./pipe";
import { endGroup, groupMembers, heldMemory } from "./processes";
import type { Profile } from "./result";

const LAUNCH_MS = 15_000;
const WATCH_MS = 250;
const EXIT_MS = 1_000;

export interface RunningBrowser {
	browser: Browser;
	/** of the browser's own process, which leads its group */
	pid: number;
	sandbox: Sandbox;
	/** a folder of this browser alone; gone after `end` */
	folder: string;
	/** why it was ended from here, null while it was not */
	ended: () => string | null;
	/** aborted when the browser is gone, whoever ended it */
	gone: AbortSignal;
	/** the most memory that was seen, in bytes */
	mostMemory: () => number;
	/** ends all of its processes and removes its files; any number of times */
	end: (reason?: string) => Promise<void>;
}

export interface LaunchOptions {
	/** path of a system Chromium, null for the packaged one */
	systemPath?: string | null;
	/** above this many bytes the browser is ended */
	maxMemory?: number;
	profile?: Profile;
}

function started({ path, env, version }: Executable, folder: string, sandbox: Sandbox, profile: Profile): ChildProcess {
	return spawn(path, browserFlags(join(folder, "profile"), sandbox, userAgent(profile, version).userAgent), {
		// A group of its own, so that all of it can be ended at once.
		detached: true,
		cwd: folder,
		// Nothing of ours: no keys, no addresses of databases.
		env: { HOME: folder, TMPDIR: join(folder, "tmp"), XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, LANG: "C.UTF-8", TZ: "UTC", PATH: "/nonexistent", ...env } as unknown as NodeJS.ProcessEnv,
		stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
	});
}

const PREFIX = "exist-capture-";
/** Longer than any capture: who made the folder was killed before it could remove it. */
const STALE_MS = 600_000;
let swept = false;

/** Removes what killed processes left, once in a process. */
async function sweep(): Promise<void> {
	if (swept) return;
	swept = true;
	for (const name of await readdir(tmpdir())) {
		if (!name.startsWith(PREFIX)) continue;
		const folder = join(tmpdir(), name);
		const { uid, mtimeMs } = await stat(folder);
		if (uid === process.getuid?.() && Date.now() - mtimeMs > STALE_MS) await rm(folder, { recursive: true, force: true });
	}
}

/** Leaders of the groups that run. A browser ends by itself when its pipe does, a stopped one only so. */
const running = new Set<number>();
process.on("exit", () => {
	for (const group of running) {
		try {
			process.kill(-group, "SIGKILL");
		} catch {
			// It was gone already.
		}
	}
});

/** Ends the browser when its memory passes the limit. Gives the most that was seen. */
function watchMemory(group: number, limit: number, over: () => void): { most: () => number; stop: () => void } {
	let most = 0;
	let busy = false;
	const timer = setInterval(() => {
		if (busy) return;
		busy = true;
		void groupMembers(group)
			.then(heldMemory)
			.then((bytes) => {
				most = Math.max(most, bytes);
				if (bytes > limit) over();
			})
			.catch(() => {})
			.finally(() => {
				busy = false;
			});
	}, WATCH_MS);
	timer.unref();
	return { most: () => most, stop: () => clearInterval(timer) };
}

async function attempt(program: Executable, sandbox: Sandbox, maxMemory: number, profile: Profile): Promise<RunningBrowser> {
	const folder = await mkdtemp(join(tmpdir(), PREFIX));
	await mkdir(join(folder, "tmp"));
	const child = started(program, folder, sandbox, profile);
	if (child.pid !== undefined) running.add(child.pid);
	const gone = new AbortController();
	let reason: string | null = null;
	let ending: Promise<void> | undefined;
	let stopWatch = (): void => {};
	const end = (why?: string): Promise<void> => {
		reason ??= why ?? null;
		ending ??= (async () => {
			stopWatch();
			if (child.pid !== undefined && (await endGroup(child.pid))) running.delete(child.pid);
			gone.abort();
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		})();
		return ending;
	};
	const failed = new Promise<never>((_resolve, reject) => {
		child.once("error", (error) => reject(error));
		child.once("exit", (code, signal) => {
			gone.abort();
			reject(new EarlyExit(`ended with ${code ?? signal}`));
		});
	});
	failed.catch(() => {});
	const timer = setTimeout(() => void end("the browser did not start in time"), LAUNCH_MS);
	try {
		const [, , , out, back] = child.stdio;
		const transport = new PipeTransport(out as Writable, back as Readable, () => void end("the page made the browser talk without end"));
		// What a page starts is followed by the capture's own session.
		const browser = await Promise.race([puppeteer.connect({ transport, defaultViewport: null, protocolTimeout: 60_000, targetFilter: (target) => !/worker/.test(target.type()) }), failed]);
		if (reason !== null) throw new Error(reason);
		const watch = watchMemory(child.pid as number, maxMemory, () => void end(`the page took more than ${Math.round(maxMemory / 1_000_000)} MB of memory`));
		stopWatch = watch.stop;
		return { browser, pid: child.pid as number, sandbox, folder, ended: () => reason, gone: gone.signal, mostMemory: watch.most, end };
	} catch (error) {
		// What we ended ourselves (late, too large) is no sign that it cannot run as it was started.
		const why = reason;
		const ended = why === null ? await Promise.race([failed.catch((exit: unknown) => exit), sleep(EXIT_MS, null)]) : null;
		await end();
		// Its pipe closes before it is known to have ended: what counts is that it ended.
		throw why !== null ? new Error(why) : (ended ?? error);
	} finally {
		clearTimeout(timer);
	}
}

/** The browser ended by itself before it answered: as it does where a sandbox cannot be made. */
class EarlyExit extends Error {}

/** The sandbox that worked last: what a machine cannot do is found out once. */
let workable: Sandbox | undefined;

/** Starts a browser with a fresh profile. Throws `unavailable` with the way out where none starts. */
export async function launch({ systemPath = null, maxMemory = 700_000_000, profile = "desktop" }: LaunchOptions = {}): Promise<RunningBrowser> {
	const program = await executable(systemPath);
	await sweep().catch(() => {});
	let last: unknown;
	for (const sandbox of workable === undefined ? sandboxes(process.getuid?.() === 0) : [workable, workable]) {
		try {
			const running = await attempt(program, sandbox, maxMemory, profile);
			if (workable !== sandbox && sandbox !== "namespaces") log.warn({ sandbox }, "the browser runs without a sandbox of its own on this machine");
			workable = sandbox;
			return running;
		} catch (error) {
			last = error;
			// A weaker sandbox is tried only where this one cannot be made, never because the machine is busy.
			if (!(error instanceof EarlyExit)) break;
		}
	}
	const detail = last instanceof Error ? last.message.slice(0, 200) : "";
	throw new ExistError("unavailable", `The browser does not start (${detail}). Set CHROMIUM_PATH to a Chromium of this machine, or see what ${program.path} --version says.`, { cause: last });
}
