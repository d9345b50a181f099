import { canonicalise } from "@/lib/domain/canonical";
import { defang } from "@/lib/domain/defang";
import { hostOf } from "@/lib/domain/host";
import { type Indicator, TYPE_WORDS } from "@/lib/domain/indicator";
import type { Understood } from "@/lib/domain/understand";
import { elide, indicatorPath } from "../indicator";
import { targetOf } from "../lookup/target";

export interface PalettePage {
	href: string;
	label: string;
}

export interface PaletteOption {
	id: string;
	label: string;
	/** said small beside it */
	aside?: string;
	mono?: boolean;
	does: { go: string; list?: string } | { call: "keys" | "forget" };
}

export interface PaletteGroup {
	title: string;
	options: PaletteOption[];
}

const RECENT_SHOWN = 6;
/** Longest text that is searched as words. */
const WORDS_LENGTH = 1_000;

function ofIndicator(indicator: Indicator, text: string, target: string): PaletteOption[] {
	const host = indicator.type === "url" ? hostOf(indicator) : null;
	const made = host === null ? null : canonicalise(host, "host");
	return [
		{
			id: "look-up",
			label: elide(defang(indicator), 64),
			mono: true,
			aside: `look up the ${TYPE_WORDS[indicator.type]}`,
			does: target === "/lookup/list" ? { go: target, list: indicator.value } : { go: target },
		},
		...(made?.ok === true ? [{ id: "host", label: elide(defang(made.indicator), 64), mono: true, aside: `look up its host`, does: { go: indicatorPath(made.indicator) } }] : []),
		...(text.length <= WORDS_LENGTH ? [{ id: "search", label: "Search all trackers for it", does: { go: `/cross?keyword=${encodeURIComponent(indicator.value)}` } }] : []),
	];
}

function ofText(understood: Understood, text: string): PaletteOption[] {
	const target = targetOf(understood, text);
	if (understood.kind === "indicator" && target !== null) return ofIndicator(understood.indicator, text, target);
	if (understood.kind === "many" && target !== null) {
		const others = understood.values - understood.indicators;
		const label = `Look up ${understood.values.toLocaleString("en")} values as a list`;
		return [{ id: "list", label, aside: others === 0 ? "" : `${others.toLocaleString("en")} of them no indicator`, does: { go: target, ...(target === "/lookup/list" ? { list: text } : {}) } }];
	}
	if (understood.kind === "words" && target !== null) return [{ id: "words", label: `Search for “${elide(text, 60)}”`, aside: "all trackers", does: { go: target } }];
	if (understood.kind === "invalid" && text.length <= WORDS_LENGTH) return [{ id: "words", label: "Search for it as words", does: { go: `/cross?keyword=${encodeURIComponent(text)}` } }];
	return [];
}

/** What can be done with a text: what it is taken for first, then what was looked at before, then pages whose names hold it. */
export function paletteGroups(understood: Understood, text: string, recent: readonly Indicator[], pages: readonly PalettePage[]): PaletteGroup[] {
	const wanted = text.toLowerCase();
	const seen = recent.filter((indicator) => indicator.value.toLowerCase().includes(wanted) || defang(indicator).toLowerCase().includes(wanted)).slice(0, RECENT_SHOWN);
	const named = pages.filter(({ label }) => label.toLowerCase().includes(wanted));
	const groups: PaletteGroup[] = [
		{ title: "Look up", options: ofText(understood, text) },
		{
			title: "Recent in this browser",
			options: [
				...seen.map((indicator) => ({
					id: `recent ${indicator.type} ${indicator.value}`,
					label: elide(defang(indicator), 64),
					mono: true,
					aside: TYPE_WORDS[indicator.type],
					does: { go: indicatorPath(indicator) },
				})),
				...(seen.length > 0 && wanted === "" ? [{ id: "forget", label: "Forget recent look-ups", does: { call: "forget" as const } }] : []),
			],
		},
		{
			title: "Pages",
			options: [
				...named.map(({ href, label }) => ({ id: `page ${href}`, label, does: { go: href } })),
				...("keys".includes(wanted) ? [{ id: "keys", label: "Keys", aside: "?", does: { call: "keys" as const } }] : []),
			],
		},
	];
	return groups.filter(({ options }) => options.length > 0);
}
