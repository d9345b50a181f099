import { Badge, type Tone } from "./ui/badge";

const TONES: Readonly<Record<string, Tone>> = { ok: "info", unchanged: "info", suspect: "warn", failing: "bad", failed: "bad", running: "info", rejected: "warn", abandoned: "warn" };
const WORDS: Readonly<Record<string, string>> = { "no-key": "no key", new: "not read yet" };

/** The state of a source or a run, in the word the health page uses everywhere. */
export function StateBadge({ state, stale = false }: { state: string; stale?: boolean }) {
	return <Badge tone={stale ? "warn" : (TONES[state] ?? "none")}>{stale ? "stale" : (WORDS[state] ?? state)}</Badge>;
}
