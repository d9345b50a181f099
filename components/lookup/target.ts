import type { Understood } from "@/lib/domain/understand";
import { indicatorPath } from "../indicator";

/** Longest address that every server and proxy on the way takes. */
const MAX_ADDRESS = 8_000;
/** Where a list waits for the page that looks it up: it is too long for an address. */
const LIST_KEY = "lookup-list";

/** Where a text leads: its own page, the list page (with the values in the address where they fit), or the search. Null for what leads nowhere. */
export function targetOf(understood: Understood, text: string): string | null {
	switch (understood.kind) {
		case "indicator": {
			const path = indicatorPath(understood.indicator);
			return path.length > MAX_ADDRESS ? "/lookup/list" : path;
		}
		case "many": {
			const path = `/lookup/list?values=${encodeURIComponent(text)}`;
			return path.length > MAX_ADDRESS ? "/lookup/list" : path;
		}
		case "words":
			return `/cross?keyword=${encodeURIComponent(text)}`;
		default:
			return null;
	}
}

/** Hands a long list to the list page of this tab. */
export function handOverList(text: string): void {
	try {
		sessionStorage.setItem(LIST_KEY, text);
	} catch {
		// A full or forbidden store: the page opens empty and can be pasted into.
	}
}

/** The list that was handed over, once: whoever opens the page later begins with none. */
export function handedList(): string {
	try {
		const list = sessionStorage.getItem(LIST_KEY) ?? "";
		sessionStorage.removeItem(LIST_KEY);
		return list;
	} catch {
		return "";
	}
}
