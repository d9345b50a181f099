/** The parts of a CPE name this project shows. */
export interface CpeName {
	vendor: string;
	product: string;
	/** undefined for any and for none */
	version: string | undefined;
}

/** Splits at colons that no backslash escapes. */
function parts(text: string): string[] {
	const found: string[] = [""];
	for (let at = 0; at < text.length; at++) {
		const sign = text[at] as string;
		if (sign === "\\" && at + 1 < text.length) found[found.length - 1] += text[++at] as string;
		else if (sign === ":") found.push("");
		else found[found.length - 1] += sign;
	}
	return found;
}

/** `cpe:/a:…` writes special characters as in a URL. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function words(text: string): string {
	return text.replaceAll("_", " ").trim();
}

/**
 * Reads a CPE name, formatted string (`cpe:2.3:a:apache:log4j:2.0:beta9:…`) or URI (`cpe:/a:apache:log4j`). Underscores become
 * blanks, escapes go. Undefined for what is neither.
 * @see NISTIR 7695
 */
export function parseCpe(text: string): CpeName | undefined {
	if (text.length > 1024) return undefined;
	const formatted = text.startsWith("cpe:2.3:");
	if (!formatted && !text.startsWith("cpe:/")) return undefined;
	const [, vendor = "", product = "", version = "", update = ""] = formatted ? parts(text.slice("cpe:2.3:".length)) : text.slice("cpe:/".length).split(":").map(decoded);
	if (vendor === "" || product === "" || vendor === "*" || product === "*") return undefined;
	const exact = [version, update].filter((part) => part !== "" && part !== "*" && part !== "-").join(" ");
	return { vendor: words(vendor), product: words(product), version: exact === "" ? undefined : exact };
}
