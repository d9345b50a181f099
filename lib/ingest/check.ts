import type { SourceDefinition } from "@/lib/sources/define";
import type { StageResult } from "./stage";

/** Sets smaller than this may change by any factor. */
const SMALL_SET = 20;
/** Snapshots that keep less than this share of their rows are held. */
const SHRINK_LIMIT = 0.5;
const GROWTH_LIMIT = 10;
/** Of the rows read, this share may be unusable before the body as a whole is doubted. */
const UNUSABLE_LIMIT = 0.9;

export type Judgement =
	| { verdict: "good" }
	/** nothing in it can be used: old rows stay */
	| { verdict: "suspect"; reason: string }
	/** could be right: old rows stay until an operator decides */
	| { verdict: "hold"; reason: string };

const number = new Intl.NumberFormat("en");

function commonReason(result: StageResult): string {
	const counts = new Map<string, number>();
	for (const { reason } of result.setAsideRows) {
		const kind = reason.replace(/"[^"]*"/g, "…").replace(/\d+/g, "N");
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	const first = [...counts].sort((a, b) => b[1] - a[1])[0];
	const sample = result.setAsideRows.find(({ reason }) => reason.replace(/"[^"]*"/g, "…").replace(/\d+/g, "N") === first?.[0]);
	return sample === undefined ? "" : ` Most often: ${sample.reason}.`;
}

/**
 * Compares what a body holds with the last good set of its source. An empty feed is never success, a collapse or an
 * explosion waits for a person: a provider's bad day must not expire a whole list.
 */
export function judge(source: SourceDefinition, result: StageResult, presentBefore: number): Judgement {
	if (result.staged === 0) {
		if (source.mayBeEmpty === true && result.setAside === 0) return { verdict: "good" };
		const seen = result.read === 0 ? "The body has no rows." : `None of its ${number.format(result.read)} rows can be used.${commonReason(result)}`;
		return { verdict: "suspect", reason: presentBefore > 0 ? `${seen} The ${number.format(presentBefore)} rows from before are kept.` : seen };
	}
	if (result.setAside > result.read * UNUSABLE_LIMIT) {
		return {
			verdict: "suspect",
			reason: `${number.format(result.setAside)} of ${number.format(result.read)} rows cannot be used.${commonReason(result)}`,
		};
	}
	if (presentBefore < SMALL_SET) return { verdict: "good" };
	const change = `from ${number.format(presentBefore)} to ${number.format(result.staged)} rows`;
	if (source.lists.mode === "snapshot" && result.staged < presentBefore * SHRINK_LIMIT) {
		return { verdict: "hold", reason: `The list shrank ${change}, by more than half. The old rows stay until somebody decides.` };
	}
	if (result.staged >= presentBefore * GROWTH_LIMIT) {
		return { verdict: "hold", reason: `The list grew ${change}, tenfold or more. The old rows stay until somebody decides.` };
	}
	return { verdict: "good" };
}
