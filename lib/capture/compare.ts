import { diffLines } from "diff";
import { ExistError } from "@/lib/errors";
import { remembered } from "@/lib/platform";
import { type CaptureContext, captureContext } from "./context";
import { capturePart, comparedPictures } from "./files";
import type { Capture, CaptureDetail } from "./rows";
import { findCapture } from "./store";

/** Of the texts that are compared: characters, and lines that are shown. */
const MAX_TEXT = 200_000;
const MAX_SHOWN = 400;
/** Equal lines around a change. */
const AROUND = 2;
const MAX_REQUESTS = 100;
/** How long a comparison is kept. */
const COMPARISON_SECONDS = 300;

export interface Change {
	what: "final URL" | "status" | "title" | "content" | "server" | "certificate" | "outcome";
	before: string | null;
	after: string | null;
}

export interface TextDifference {
	/** the texts are too different or too long to be laid side by side */
	given: boolean;
	added: number;
	removed: number;
	lines: Array<{ kind: "same" | "added" | "removed" | "gap"; text: string }>;
	/** changed lines that are not shown */
	more: number;
}

export interface Comparison {
	before: Capture;
	changes: Change[];
	/** of the visible text; null where one of them has none */
	text: TextDifference | null;
	/** pixels of the viewport that differ, 0 to 1; null where there are no two pictures */
	pictureShare: number | null;
	requests: { added: string[]; removed: string[]; more: number };
}

function changesBetween(before: CaptureDetail, after: CaptureDetail): Change[] {
	const of = ({ result, ...capture }: CaptureDetail): Record<Change["what"], string | null> => ({
		outcome: capture.outcome,
		"final URL": capture.finalUrl,
		status: capture.status === null ? null : String(capture.status),
		title: capture.title,
		content: capture.contentSha256,
		server: result?.response?.server ?? null,
		certificate: result?.certificate?.fingerprint ?? null,
	});
	const [a, b] = [of(before), of(after)];
	return (Object.keys(a) as Array<Change["what"]>).filter((what) => a[what] !== b[what]).map((what) => ({ what, before: a[what], after: b[what] }));
}

/** Lines that were added and removed, with what stands around them. Bounded in time: hostile texts are made to be slow. */
export function textDifference(before: string, after: string): TextDifference {
	const nothing = { given: false, added: 0, removed: 0, lines: [], more: 0 };
	const parts = diffLines(before.slice(0, MAX_TEXT), after.slice(0, MAX_TEXT), { maxEditLength: 4_000, timeout: 250 });
	if (parts === undefined) return nothing;
	const lines: TextDifference["lines"] = [];
	const counts = { added: 0, removed: 0, more: 0 };
	for (const [at, { value, added, removed }] of parts.entries()) {
		const own = value.replace(/\n$/, "").split("\n");
		if (added || removed) {
			counts[added ? "added" : "removed"] += own.length;
			const room = Math.max(0, MAX_SHOWN - lines.length);
			counts.more += Math.max(0, own.length - room);
			for (const text of own.slice(0, room)) lines.push({ kind: added ? "added" : "removed", text: text.slice(0, 500) });
			continue;
		}
		if (lines.length >= MAX_SHOWN) continue;
		const [head, tail] = [at === 0 ? 0 : AROUND, at === parts.length - 1 ? 0 : AROUND];
		const whole = own.length <= head + tail;
		const shown = whole ? own.map((text) => ({ kind: "same" as const, text: text.slice(0, 500) })) : around(own, head, tail);
		lines.push(...shown);
	}
	return { given: true, ...counts, lines };
}

function around(lines: readonly string[], head: number, tail: number): TextDifference["lines"] {
	const same = (text: string) => ({ kind: "same" as const, text: text.slice(0, 500) });
	const between = lines.length - head - tail;
	const gap = { kind: "gap" as const, text: `${between.toLocaleString("en")} equal ${between === 1 ? "line" : "lines"}` };
	return [...lines.slice(0, head).map(same), gap, ...(tail === 0 ? [] : lines.slice(-tail).map(same))];
}

function requestsBetween(before: CaptureDetail, after: CaptureDetail): Comparison["requests"] {
	const urls = ({ result }: CaptureDetail): Set<string> => new Set(result?.requests.map(({ url }) => url) ?? []);
	const [a, b] = [urls(before), urls(after)];
	const added = [...b].filter((url) => !a.has(url));
	const removed = [...a].filter((url) => !b.has(url));
	return { added: added.slice(0, MAX_REQUESTS), removed: removed.slice(0, MAX_REQUESTS), more: Math.max(0, added.length - MAX_REQUESTS) + Math.max(0, removed.length - MAX_REQUESTS) };
}

async function textOf(id: string, context: CaptureContext): Promise<string | null> {
	const part = await capturePart(id, "text", 0, context);
	return part === null ? null : part.bytes.toString("utf8");
}

/** What has changed since the capture before, or null where there is none (any more). */
export async function compareCapture(after: CaptureDetail, context: CaptureContext = captureContext()): Promise<Comparison | null> {
	if (after.previous === null || after.state !== "done") return null;
	const before = await findCapture(after.previous, context).catch((error: unknown) => {
		if (error instanceof ExistError && error.code === "not_found") return null;
		throw error;
	});
	if (before === null) return null;
	// Both are over and never change: comparing costs a part of a second, and is done once for everybody who looks.
	return remembered(context.database, `comparison ${before.id} ${after.id}`, COMPARISON_SECONDS, () => compared(before, after, context));
}

async function compared(before: CaptureDetail, after: CaptureDetail, context: CaptureContext): Promise<Comparison> {
	const [a, b, picture] = await Promise.all([textOf(before.id, context), textOf(after.id, context), comparedPictures(before.id, after.id, context)]);
	const { result: _result, ...shown } = before;
	return {
		before: shown,
		changes: changesBetween(before, after),
		text: a === null || b === null ? null : textDifference(a, b),
		pictureShare: picture?.share ?? null,
		requests: requestsBetween(before, after),
	};
}
