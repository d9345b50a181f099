import { classify } from "@/lib/domain/classify";

/** What a hunter of a value asks for: the value, in quotes where a comma or a blank would divide it or a star be refused. Quotes cannot stand within quotes. */
export function huntQuery(value: string): string {
	return classify(value).kind === "indicator" && /[\s,"*]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
}

/** What it is called: a URL by its host, since channel and lists carry the name. */
function nameFor(value: string): string {
	const found = classify(value);
	const name = found.kind === "indicator" && found.indicator.type === "url" && URL.canParse(found.indicator.value) ? new URL(found.indicator.value).hostname : value;
	return [...name].slice(0, 100).join("");
}

/** The form of a new hunter for a value: lists for indicators, vulnerabilities for a CVE, news for words. */
export function huntPath(value: string): string {
	const found = classify(value);
	const kind = found.kind !== "indicator" ? "news" : found.indicator.type === "cve" ? "vuln" : "reputation";
	return `/hunters/new?${new URLSearchParams({ kind, query: huntQuery(value), name: nameFor(value) })}`;
}
