import Link from "next/link";
import type { Capture } from "@/lib/capture/rows";
import { defang } from "@/lib/domain/defang";
import type { CanonicalValue } from "@/lib/domain/indicator";
import { elide, indicatorPath } from "../indicator";
import { Badge, type Tone } from "../ui/badge";

const OUTCOMES: Readonly<Record<NonNullable<Capture["outcome"]>, { tone: Tone; word: string }>> = {
	rendered: { tone: "none", word: "rendered" },
	fetched: { tone: "none", word: "fetched" },
	blocked: { tone: "warn", word: "blocked" },
	unresolved: { tone: "none", word: "does not resolve" },
	failed: { tone: "warn", word: "failed" },
	timeout: { tone: "warn", word: "timed out" },
};

/** How a capture is doing, in a word. */
export function CaptureState({ capture: { state, outcome } }: { capture: Pick<Capture, "state" | "outcome"> }) {
	if (state !== "done" || outcome === null) return <Badge>{state}</Badge>;
	return <Badge tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].word}</Badge>;
}

/** A URL of somebody's, which nobody clicks by accident. */
export function shownUrl(url: string): string {
	return defang({ type: "url", value: url as CanonicalValue });
}

/** A URL that a page named: defanged, with a way to what is known about it where it is one of the web. */
export function FoundUrl({ url, length = 90 }: { url: string; length?: number }) {
	const shown = shownUrl(url);
	if (!/^https?:\/\//.test(url) || url.length > 4000) return <span className="mono break-all">{elide(shown, length)}</span>;
	return (
		<Link href={indicatorPath({ type: "url", value: url as CanonicalValue })} prefetch={false} title={shown.slice(0, 1000)} className="mono break-all hover:underline">
			{elide(shown, length)}
		</Link>
	);
}

/** Bytes as people say them. */
export function bytesText(bytes: number): string {
	if (bytes < 1000) return `${bytes} B`;
	return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How many there are in a list, and how many there were beyond it. */
export function countText(listed: number, more: number): string {
	return more === 0 ? String(listed) : `${listed} shown, ${more.toLocaleString("en")} more`;
}

/** A number of things: "1 file", "1,050 files". */
export function numberOf(count: number, one: string): string {
	return `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`;
}
