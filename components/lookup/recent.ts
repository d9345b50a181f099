import { canonicalise } from "@/lib/domain/canonical";
import { INDICATOR_TYPES, type Indicator } from "@/lib/domain/indicator";

/** Look-ups of this browser, newest first. They never leave it, and go with whoever signs out. */
const KEY = "recent-lookups";
const KEPT = 20;

export function recentLookups(): Indicator[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
		if (!Array.isArray(kept)) return [];
		return kept.flatMap((one: { type?: unknown; value?: unknown } | null) => {
			const type = INDICATOR_TYPES.find((name) => name === one?.type);
			const made = type === undefined || typeof one?.value !== "string" ? null : canonicalise(one.value, type);
			return made?.ok === true ? [made.indicator] : [];
		});
	} catch {
		return [];
	}
}

export function rememberLookup({ type, value }: Indicator): void {
	// A store has room for a few megabytes; a value of thousands of characters is nothing one picks from a list.
	if (value.length > 2_000) return;
	const others = recentLookups().filter((one) => one.type !== type || one.value !== value);
	try {
		localStorage.setItem(KEY, JSON.stringify([{ type, value }, ...others].slice(0, KEPT)));
	} catch {
		// Full or forbidden: then nothing is remembered.
	}
}

export function forgetLookups(): void {
	try {
		localStorage.removeItem(KEY);
	} catch {
		// Forbidden: then nothing was kept.
	}
}
