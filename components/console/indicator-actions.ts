import { huntPath } from "../hunters/hunt-path";

/** What an element that shows an indicator says of it, for the keys and the menu. */
export interface ShownIndicator {
	type: string;
	value: string;
	defanged: string;
}

/** Something that can be done with an indicator wherever it stands: go somewhere, or copy a text. */
export type IndicatorAction = { label: string; key: string | null } & ({ href: string } | { copy: string });

/** Types that have a page of their own, and the word of its address. */
const PAGES: Readonly<Record<string, string>> = { ipv4: "ip", ipv6: "ip", cidr: "ip", domain: "domain", url: "url", md5: "hash", sha1: "hash", sha256: "hash" };

/** The menu of an indicator, in its order. One line here is one line in every menu. */
export function actionsOf({ type, value, defanged }: ShownIndicator, mayHunt: boolean): IndicatorAction[] {
	const encoded = encodeURIComponent(value);
	return [
		{ label: "Copy defanged", key: "D", copy: defanged },
		{ label: "Copy as it is", key: "C", copy: value },
		...(type in PAGES ? [{ label: "Look up", key: null, href: `/lookup?keyword=${encoded}` }] : []),
		{ label: "Search all trackers", key: null, href: `/cross?keyword=${encoded}` },
		...(type === "url" || type === "domain" ? [{ label: "Captures of it", key: null, href: `/captures?url=${encoded}` }] : []),
		...(mayHunt ? [{ label: "Hunt for it", key: "H", href: huntPath(value) }] : []),
	];
}

/** The indicator that has the focus, else the one the page is about. */
export function focusedIndicator(): ShownIndicator | null {
	const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
	return shownBy(focused?.closest<HTMLElement>("[data-copy]") ?? document.querySelector<HTMLElement>("main [data-subject]"));
}

/** What an element says of the indicator it shows. */
export function shownBy(holder: HTMLElement | null): ShownIndicator | null {
	const { copy, defanged, type } = holder?.dataset ?? {};
	return copy === undefined ? null : { value: copy, defanged: defanged ?? copy, type: type ?? "" };
}
