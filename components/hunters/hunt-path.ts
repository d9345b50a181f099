import { classify } from "@/lib/domain/classify";

/** The form of a new hunter for a value: lists for indicators, vulnerabilities for a CVE, news for words. */
export function huntPath(value: string): string {
	const found = classify(value);
	const kind = found.kind !== "indicator" ? "news" : found.indicator.type === "cve" ? "vuln" : "reputation";
	// A comma or a blank would divide it, and a star is refused; quotes cannot stand within quotes.
	const query = found.kind === "indicator" && /[\s,"*]/.test(value) ? `"${value.replaceAll('"', "")}"` : value;
	return `/hunters/new?${new URLSearchParams({ kind, query, name: value.slice(0, 100) })}`;
}
