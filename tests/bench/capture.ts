import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import puppeteer from "puppeteer-core";
import { launch } from "@/lib/capture/browser";
import { executable } from "@/lib/capture/executable";
import { groupMembers, heldMemory } from "@/lib/capture/processes";
import { type VisitOptions, visit } from "@/lib/capture/visit";
import { Steps } from "./capture-steps";
import { percentile, round } from "./random";

/** A public name and address, led to loopback behind the judge. */
const URL_ASKED = "http://page.example/";
const ADDRESS = "93.184.216.34";
const IMAGE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const PARAGRAPH = "<p>Sentences of a page that somebody wrote, so that there is something to lay out and to paint.</p>";
const PAGE = `<!doctype html><meta charset="utf-8"><title>A page</title><link rel="stylesheet" href="/style.css"><script src="/script.js"></script>
<h1>A page</h1>${Array.from({ length: 8 }, (_, at) => `<img src="/image-${at}.png" width="200" height="120" alt="">`).join("")}${PARAGRAPH.repeat(60)}`;
const VIEWPORT = { width: 1280, height: 800 };

async function serve(): Promise<{ server: Server; port: number }> {
	const server = createServer(({ url }, response) => {
		if (url === "/") response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
		else if (url === "/style.css") response.writeHead(200, { "content-type": "text/css" }).end("body{font:16px sans-serif;margin:40px}img{margin:4px;background:#ccc}");
		else if (url === "/script.js") response.writeHead(200, { "content-type": "text/javascript" }).end("document.documentElement.dataset.ran='yes';");
		else if (url?.startsWith("/image-") === true) response.writeHead(200, { "content-type": "image/png" }).end(IMAGE);
		else response.writeHead(404).end();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return { server, port: (server.address() as AddressInfo).port };
}

function options(port: number): VisitOptions {
	return { policy: { resolver: async () => [ADDRESS] }, dial: () => ({ host: "127.0.0.1", port }) };
}

async function capture(port: number, steps?: Steps): Promise<number> {
	const begun = performance.now();
	const { result, parts } = await visit(URL_ASKED, options(port));
	const ended = performance.now();
	if (result.outcome !== "rendered" || !parts.some(({ kind }) => kind === "full-page")) throw new Error(`the capture ended as ${result.outcome}: ${result.reason}`);
	steps?.take(URL_ASKED, begun, ended);
	return ended - begun;
}

/** What a script of ten lines does: start, go there, wait until it is quiet, two pictures, end. No guard, no evidence. */
async function bare(port: number, path: string, env: Record<string, string>): Promise<number> {
	const begun = performance.now();
	const browser = await puppeteer.launch({
		executablePath: path,
		headless: true,
		args: ["--no-sandbox", "--disable-gpu", "--in-process-gpu"],
		env: { ...process.env, ...env },
		defaultViewport: VIEWPORT,
	});
	try {
		const page = await browser.newPage();
		await page.goto(`http://127.0.0.1:${port}/`, { waitUntil: "networkidle0" });
		await page.screenshot();
		await page.screenshot({ fullPage: true });
	} finally {
		await browser.close();
	}
	return performance.now() - begun;
}

/**
 * The browsers that this process starts: each leads a group of its own, ours and bare puppeteer's alike. Both sides are watched the
 * same way, by what the kernel tells of our children, so that looking costs both the same and starts no process.
 */
class Browsers {
	readonly #groups = new Set<number>();
	mostMb = 0;

	/** Looks four times a second while `work` runs. */
	async during<T>(work: () => Promise<T>): Promise<T> {
		let looking = Promise.resolve();
		let busy = false;
		const timer = setInterval(() => {
			if (busy) return;
			busy = true;
			looking = this.#look().finally(() => {
				busy = false;
			});
		}, 250);
		try {
			return await work();
		} finally {
			clearInterval(timer);
			await looking;
		}
	}

	async #look(): Promise<void> {
		const threads = await readdir("/proc/self/task");
		const children = await Promise.all(threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, "utf8").catch(() => "")));
		const groups = await Promise.all(
			children
				.join(" ")
				.split(/\s+/)
				.filter(Boolean)
				.map(async (leader) => ({ leader: Number(leader), members: await groupMembers(Number(leader)) })),
		);
		// What leads no group is a helper of our own.
		for (const { leader, members } of groups) if (members.length > 0) this.#groups.add(leader);
		this.mostMb = Math.max(this.mostMb, round((await heldMemory(groups.flatMap(({ members }) => members))) / 1_000_000, 0));
	}

	/** What still runs of them. */
	async left(): Promise<number[]> {
		return (await Promise.all([...this.#groups].map(groupMembers))).flat();
	}

	get seen(): number {
		return this.#groups.size;
	}
}

function leftFiles(): string[] {
	return readdirSync(tmpdir()).filter((name) => name.startsWith("exist-capture-"));
}

/** One capture in a process and a temp folder that know no browser yet, as a function in the cloud starts. Seconds. */
async function coldStart(port: number): Promise<number> {
	const folder = await mkdtemp(join(tmpdir(), "exist-bench-cold-"));
	try {
		const begun = performance.now();
		await promisify(execFile)(process.execPath, [...process.execArgv, join(import.meta.dirname, "capture-child.ts"), String(port)], { env: { ...process.env, TMPDIR: folder }, timeout: 60_000 });
		return round((performance.now() - begun) / 1000);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** One capture, for a process of its own. */
export async function captureOnce(port: number): Promise<void> {
	await capture(port);
}

/** `rows` captures of a fixed local page, every fourth one beside bare puppeteer taking the same two pictures. */
export async function captureBench(rows: number, say: (text: string) => void): Promise<Record<string, unknown>> {
	const { server, port } = await serve();
	try {
		const coldStartSeconds = await coldStart(port);
		say(`cold start ${coldStartSeconds} s`);
		const { path, env } = await executable(null);
		const filesBefore = new Set(leftFiles());
		const ours: number[] = [];
		const theirs: number[] = [];
		await capture(port);
		await bare(port, path, env);
		const steps = new Steps();
		const listened = await launch();
		await steps.listen(listened);
		await listened.end();
		steps.forget();
		const sides = { ours: new Browsers(), theirs: new Browsers() };
		for (let turn = 0; turn < rows; turn++) {
			ours.push(await sides.ours.during(() => capture(port, steps)));
			if (turn % 4 === 3) {
				theirs.push(await sides.theirs.during(() => bare(port, path, env)));
				steps.forget();
			}
			if (turn % 20 === 19) say(`${turn + 1} captures, the last in ${Math.round(ours.at(-1) ?? 0)} ms`);
		}
		const median = percentile(ours, 0.5);
		return {
			bench: "capture",
			captures: rows,
			capturesPerMinute: round(60_000 / (ours.reduce((sum, one) => sum + one, 0) / ours.length), 1),
			p50Ms: Math.round(median),
			p95Ms: Math.round(percentile(ours, 0.95)),
			bareP50Ms: Math.round(percentile(theirs, 0.5)),
			bareP95Ms: Math.round(percentile(theirs, 0.95)),
			ratioToBarePuppeteer: round(median / percentile(theirs, 0.5)),
			stepsP50Ms: steps.medians(),
			coldStartSeconds,
			peakBrowserMb: sides.ours.mostMb,
			barePeakBrowserMb: sides.theirs.mostMb,
			browsersSeen: sides.ours.seen,
			leftovers: { processes: (await sides.ours.left()).length, files: leftFiles().filter((name) => !filesBefore.has(name)).length },
		};
	} finally {
		server.close();
	}
}
