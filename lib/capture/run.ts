import { ExistError } from "@/lib/errors";
import { type CaptureContext, captureContext } from "./context";
import { dropParts, type StoredKind, type StoredPart, writePart } from "./parts";
import { thumbnail } from "./picture";
import { beginAttempt, finishAttempt, idOf, noteState } from "./store";

/** Another attempt has taken over, or somebody has given this one up. */
class TakenOver extends Error {}

/** The order of what is stored: what a page shows first. */
const ORDER: readonly StoredKind[] = ["thumbnail", "screenshot", "text", "markup", "content", "favicon", "full-page", "download"];

export interface RunOptions {
	/** an earlier try of this very run has ended */
	again: boolean;
	/** for tests: a piece has been written */
	onPiece?: () => void | Promise<void>;
}

export type RunResult = { outcome: string; parts: number } | { skipped: string };

function withThumbnail(parts: readonly StoredPart[]): StoredPart[] {
	const screenshot = parts.find(({ kind }) => kind === "screenshot");
	const small = screenshot === undefined ? null : thumbnail(screenshot.bytes);
	const all = small === null ? [...parts] : [...parts, { kind: "thumbnail" as const, number: 0, mediaType: "image/png", bytes: small }];
	return all.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/**
 * One attempt at a capture, from the visit to the last piece: bytes cannot travel from step to step, and there is no file system
 * that lasts. It may die anywhere and be repeated: only the attempt whose fence the row has can finish, and only its pieces are read.
 * Whatever the target does is an outcome; throws where the fault is ours (no browser, no database).
 */
export async function runCapture(text: string, options: RunOptions, context: CaptureContext = captureContext()): Promise<RunResult> {
	const attempt = await beginAttempt(idOf(text), options.again, context);
	if (attempt === null) return { skipped: "It is over or being visited." };
	const { id, fence, url, profile } = attempt;
	const notes: Array<Promise<unknown>> = [];
	const must = async (counts: Promise<boolean>): Promise<void> => {
		if (!(await counts)) throw new TakenOver("another attempt has taken over");
	};
	try {
		const { result, parts } = await context.visit(url, {
			profile,
			// Progress is for who looks on: that it cannot be noted now ends no visit.
			onState: (state) => void notes.push(noteState(attempt, state, context).catch(() => false)),
		});
		await Promise.all(notes);
		await must(noteState(attempt, "storing", context));
		await dropParts(context.database, id, { before: fence });
		const all = withThumbnail(parts);
		for (const part of all) await writePart(context.database, id, fence, part, options.onPiece);
		await must(finishAttempt(attempt, result, context));
		return { outcome: result.outcome, parts: all.length };
	} catch (error) {
		if (error instanceof TakenOver) {
			await dropParts(context.database, id, { of: fence }).catch(() => false);
			return { skipped: "Another attempt has taken over." };
		}
		context.report({ capture: text, err: error });
		// The text of an unknown error is not for everybody who may see captures.
		if (error instanceof ExistError) throw error;
		throw new ExistError("unavailable", "The visit could not be made: something failed on our side. It has been logged.", { cause: error });
	}
}
