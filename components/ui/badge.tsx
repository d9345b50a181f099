import type { ReactNode } from "react";

export type Tone = "bad" | "warn" | "info" | "none";

const TONES: Readonly<Record<Tone, string>> = {
	bad: "bg-bad-soft text-bad",
	warn: "bg-warn-soft text-warn",
	info: "bg-info-soft text-info",
	none: "bg-none-soft text-ink-2",
};

/** A short word with a meaning: red listed as malicious, amber needs eyes, teal works, grey says nothing. */
export function Badge({ tone = "none", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
	return (
		<span title={title} className={`inline-block rounded-sm px-1.5 py-px text-xs whitespace-nowrap ${TONES[tone]}`}>
			{children}
		</span>
	);
}
