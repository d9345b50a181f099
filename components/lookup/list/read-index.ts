import { CATEGORIES, type Category } from "@/lib/domain/category";

const KINDS = ["listed", "known", "not listed", "invalid"] as const;

/** What the index says of one value, in short. */
export interface Known {
	/** `known`: listed once, or what contains it is, or a record names it */
	kind: (typeof KINDS)[number];
	/** in words */
	reason: string;
	/** the worst that is said of it or of what contains it */
	category: Category | null;
	sources: Array<{ name: string; listed: boolean }>;
	firstSeen: string | null;
	lastSeen: string | null;
	/** list of well-known values it stands on */
	warning: string | null;
}

/** Values of one call: an answer begins soon, and a body stays far below what functions take. */
const BATCH = 2_000;

/** Reading the index did not work; the message is for people. */
export class IndexFailure extends Error {}

interface Line {
	type?: unknown;
	line?: unknown;
	kind?: unknown;
	reason?: unknown;
	category?: unknown;
	sources?: unknown;
	firstSeen?: unknown;
	lastSeen?: unknown;
	warning?: unknown;
	detail?: unknown;
}

function text(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}

function knownOf({ kind, reason, category, sources, firstSeen, lastSeen, warning }: Line): Known {
	return {
		kind: KINDS.find((one) => one === kind) ?? "not listed",
		reason: text(reason) ?? "",
		category: CATEGORIES.find((one) => one === category) ?? null,
		sources: Array.isArray(sources) ? (sources as Array<{ name?: unknown; listed?: unknown }>).map(({ name, listed }) => ({ name: String(name), listed: listed === true })) : [],
		firstSeen: text(firstSeen),
		lastSeen: text(lastSeen),
		warning: text(warning),
	};
}

/** Tells the answers of one body; a body without its last line is not whole. Gives how many there were. */
async function readBody(response: Response, from: number, tell: (at: number, known: Known) => void): Promise<{ count: number; isWhole: boolean }> {
	let count = 0;
	for await (const one of linesOf(response)) {
		const line = JSON.parse(one) as Line;
		if (line.type === "end") return { count, isWhole: true };
		if (line.type === "error") throw new IndexFailure(text(line.detail) ?? "The index stopped half-way.");
		const at = typeof line.line === "number" ? line.line - 1 : count;
		tell(from + at, knownOf(line));
		count++;
	}
	return { count, isWhole: false };
}

async function refused(response: Response): Promise<IndexFailure> {
	if (response.status === 401) return new IndexFailure("You are signed out. Sign in again to look up a list.");
	const body = (await response.json().catch(() => ({}))) as { detail?: unknown };
	return new IndexFailure(typeof body.detail === "string" ? body.detail : `The index answered with status ${response.status}.`);
}

/** Lines of a body as they come. */
async function* linesOf(response: Response): AsyncGenerator<string> {
	const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	for (;;) {
		const part = await reader?.read();
		if (part === undefined || part.done) break;
		const lines = (rest + part.value).split("\n");
		rest = lines.pop() ?? "";
		yield* lines.filter((line) => line !== "");
	}
	if (rest.trim() !== "") yield rest;
}

/**
 * Asks the index about values, in order: a line an answer, told as it comes. Nothing leaves this installation. Throws
 * `IndexFailure`, also for an answer that ends early.
 */
export async function readIndex(values: readonly string[], tell: (at: number, known: Known) => void, signal: AbortSignal): Promise<void> {
	for (let from = 0; from < values.length; from += BATCH) {
		const batch = values.slice(from, from + BATCH);
		let read = { count: 0, isWhole: false };
		try {
			const response = await fetch("/api/lookup/bulk", {
				method: "POST",
				headers: { "content-type": "application/json", accept: "application/x-ndjson" },
				body: JSON.stringify({ values: batch }),
				signal,
			});
			if (!response.ok) throw await refused(response);
			read = await readBody(response, from, tell);
		} catch (error) {
			if (signal.aborted || error instanceof IndexFailure) throw error;
			throw new IndexFailure("The index did not answer, or stopped half-way. Is the network there?");
		}
		if (!read.isWhole || read.count < batch.length) throw new IndexFailure(`The index stopped after ${(from + read.count).toLocaleString("en")} of ${values.length.toLocaleString("en")} values.`);
	}
}
