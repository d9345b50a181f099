import { createHash } from "node:crypto";
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CDPSession } from "puppeteer-core";
import type { Budget, Clock } from "./budget";
import { kept } from "./record";
import type { Download, Part } from "./result";

const MAX_DOWNLOADS = 10;
/** How long files that a page began to save may still take. */
const FINISH_MS = 4_000;

interface Begun {
	url: string;
	name: string;
	bytes: number;
	state: "running" | "done" | "cut";
}

/**
 * Files that a page saves by itself: links it clicks, and contents it makes of its own script, which never cross the network and are
 * what is smuggled that way. The browser writes them under names of its own into a folder of the capture, up to a limit.
 */
export class Downloads {
	readonly #begun = new Map<string, Begun>();
	readonly #folder: string;
	readonly #session: CDPSession;
	readonly #contextId: string | undefined;
	readonly #budget: Budget;
	more = 0;

	constructor(session: CDPSession, folder: string, contextId: string | undefined, budget: Budget) {
		this.#session = session;
		this.#folder = folder;
		this.#contextId = contextId;
		this.#budget = budget;
	}

	async watch(): Promise<void> {
		await mkdir(this.#folder, { recursive: true });
		const session = this.#session;
		session.on("Browser.downloadWillBegin", ({ guid, url, suggestedFilename }) => {
			if (this.#begun.size >= MAX_DOWNLOADS) {
				this.more++;
				this.#cancel(guid);
				if (this.more === 1) this.deny();
			} else this.#begun.set(guid, { url, name: suggestedFilename, bytes: 0, state: "running" });
		});
		session.on("Browser.downloadProgress", ({ guid, receivedBytes, state }) => {
			const download = this.#begun.get(guid);
			if (download === undefined) return;
			download.bytes = Math.max(download.bytes, receivedBytes);
			if (state === "completed") download.state = "done";
			else if (state === "canceled") download.state = "cut";
			else if (receivedBytes > this.#budget.keptBytes) this.#cancel(guid);
		});
		await this.#behave("allowAndName");
	}

	#behave(behavior: "allowAndName" | "deny"): Promise<unknown> {
		const context = this.#contextId === undefined ? {} : { browserContextId: this.#contextId };
		return this.#session.send("Browser.setDownloadBehavior", { behavior, downloadPath: this.#folder, eventsEnabled: true, ...context });
	}

	/** No more of them. */
	deny(): void {
		this.#behave("deny").catch(() => {});
	}

	#cancel(guid: string): void {
		const context = this.#contextId === undefined ? {} : { browserContextId: this.#contextId };
		this.#session.send("Browser.cancelDownload", { guid, ...context }).catch(() => {});
	}

	/** Waits for what is under way, within limits, and reads it. */
	async collect(clock: Clock, room: number): Promise<{ downloads: Download[]; parts: Part[] }> {
		this.deny();
		const until = clock.at() + FINISH_MS;
		const running = (): boolean => [...this.#begun.values()].some(({ state }) => state === "running");
		while (running() && clock.at() < until && clock.going) await new Promise((resolve) => setTimeout(resolve, 50));
		const found: { downloads: Download[]; parts: Part[] } = { downloads: [], parts: [] };
		let left = room;
		for (const [guid, { url, name, bytes, state }] of this.#begun) {
			const file = join(this.#folder, guid);
			const size = (await stat(file).catch(() => null))?.size ?? 0;
			const content = state === "done" && size <= Math.min(left, this.#budget.keptBytes) ? await readFile(file).catch(() => null) : null;
			if (content !== null) {
				left -= content.length;
				found.parts.push({ kind: "download", number: found.downloads.length, mediaType: "application/octet-stream", bytes: content });
			}
			const sha256 = content === null ? "" : createHash("sha256").update(content).digest("hex");
			found.downloads.push({ url: kept(url, 2_048), name: kept(name, 200), mediaType: null, bytes: Math.max(bytes, content?.length ?? 0), sha256, kept: content !== null });
		}
		await rm(this.#folder, { recursive: true, force: true }).catch(() => {});
		return found;
	}
}
