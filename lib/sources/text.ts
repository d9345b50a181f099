/** `&amp;` and its kin, which some providers leave in URLs they took from HTML. */
export function decodeEntities(text: string): string {
	if (!text.includes("&")) return text;
	return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

/** A member of a JSON record as text; undefined for anything that is no text. */
export function textOf(record: unknown, name: string): string | undefined {
	if (typeof record !== "object" || record === null) return undefined;
	const value = (record as Record<string, unknown>)[name];
	return typeof value === "string" ? value : undefined;
}

/** A member of a JSON record as number; undefined for anything that is none. */
export function numberOf(record: unknown, name: string): number | undefined {
	if (typeof record !== "object" || record === null) return undefined;
	const value = (record as Record<string, unknown>)[name];
	return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
