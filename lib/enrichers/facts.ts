import { canonicalise, type Expectation, type Indicator } from "@/lib/domain";
import type { Fact, Tone } from "./define";

/** Small makers of facts; each gives a list, empty where there is nothing to say, so that definitions spread them. */

const MAX_INDICATORS = 50;

/** Those of a provider's values that are indicators of the kind expected, each once. */
export function indicatorsOf(values: readonly unknown[], expectation: Expectation = "any"): Indicator[] {
	const found = new Map<string, Indicator>();
	for (const value of values) {
		const made = typeof value === "string" ? canonicalise(value, expectation) : undefined;
		if (made?.ok === true) found.set(`${made.indicator.type} ${made.indicator.value}`, made.indicator);
	}
	return [...found.values()];
}

/** Indicators as a fact, so many of them as a page shows; `total` where the provider has more than it gave. */
export function indicatorFact(label: string, all: readonly Indicator[], total: number = all.length): Fact[] {
	if (all.length === 0) return [];
	const more = Math.max(total, all.length) - Math.min(all.length, MAX_INDICATORS);
	return [{ label, kind: "indicators", indicators: all.slice(0, MAX_INDICATORS), ...(more > 0 ? { more } : {}) }];
}

export function textFact(label: string, text: string | null | undefined, tone: Tone = "none"): Fact[] {
	const shown = text?.trim() ?? "";
	return shown === "" ? [] : [{ label, kind: "text", text: shown, ...(tone === "none" ? {} : { tone }) }];
}

export function tagsFact(label: string, tags: readonly string[], tone: Tone = "none"): Fact[] {
	const all = [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
	return all.length === 0 ? [] : [{ label, kind: "tags", tags: all, ...(tone === "none" ? {} : { tone }) }];
}

/** A time in any form `Date` reads, numbers as seconds since 1970; nothing for what is no time. */
export function timeFact(label: string, at: string | number | Date | null | undefined, youngDays?: number): Fact[] {
	if (at === null || at === undefined || at === "") return [];
	const date = typeof at === "number" ? new Date(at * 1000) : new Date(at);
	return Number.isNaN(date.getTime()) ? [] : [{ label, kind: "time", at: date.toISOString(), ...(youngDays === undefined ? {} : { youngDays }) }];
}

/** "1 port", "2 ports"; irregular plurals are given. */
export function counted(count: number, one: string, many = `${one}s`): string {
	return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Days for which a new domain needs eyes: most that are registered for an attack are used within a month. */
export const YOUNG_DAYS = 30;

/** `warn` for a registration of the last days. */
export function youngTone(registered: string | undefined, now: Date): Tone {
	const at = registered === undefined ? Number.NaN : Date.parse(registered);
	return now.getTime() - at < YOUNG_DAYS * 86_400_000 ? "warn" : "none";
}
