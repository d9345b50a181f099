/** What the index says of one value, in short. */
export interface Known {
	/** listings, past ones included */
	sightings: number;
	/** sources that list it now */
	listed: string[];
	categories: string[];
	firstSeen: string | null;
	lastSeen: string | null;
	/** list of well-known values it stands on */
	warning: string | null;
}

/** Values of one call: an answer begins soon, and a body stays far below what functions take. */
const BATCH = 2_000;

/** Reading the index did not work; the message is for people. */
export class IndexFailure extends Error {}

function list(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function text(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}

/** One line of the answer; what is not known is known to be nothing. */
function knownOf(line: string): Known {
	const { known } = JSON.parse(line) as { known?: Record<string, unknown> | null };
	const { sightings, listed, categories, firstSeen, lastSeen, warning } = known ?? {};
	return { sightings: typeof sightings === "number" ? sightings : 0, listed: list(listed), categories: list(categories), firstSeen: text(firstSeen), lastSeen: text(lastSeen), warning: text(warning) };
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
		let at = from;
		try {
			const response = await fetch("/api/lookup/bulk", {
				method: "POST",
				headers: { "content-type": "application/json", accept: "application/x-ndjson" },
				body: JSON.stringify({ values: batch }),
				signal,
			});
			if (!response.ok) throw await refused(response);
			for await (const line of linesOf(response)) tell(at++, knownOf(line));
		} catch (error) {
			if (signal.aborted || error instanceof IndexFailure) throw error;
			throw new IndexFailure("The index did not answer, or stopped half-way. Is the network there?");
		}
		if (at < from + batch.length) throw new IndexFailure(`The index stopped after ${at.toLocaleString("en")} of ${values.length.toLocaleString("en")} values.`);
	}
}
