/** Why something is listed. Ordered worst first: the verdict names the worst. */
export const CATEGORIES = ["botnet-c2", "malware", "malware-download", "phishing", "hijacked", "attacker", "scanner", "spam", "anonymiser", "suspicious"] as const;
export type Category = (typeof CATEGORIES)[number];

/** What being listed so means: `bad` is called malicious, `warn` needs eyes, `none` is a fact about it. */
export const CATEGORY_TONES: Readonly<Record<Category, "bad" | "warn" | "none">> = {
	"botnet-c2": "bad",
	malware: "bad",
	"malware-download": "bad",
	phishing: "bad",
	hijacked: "bad",
	attacker: "bad",
	spam: "bad",
	scanner: "warn",
	suspicious: "warn",
	anonymiser: "none",
};

const WORDS: Readonly<Partial<Record<Category, string>>> = { "botnet-c2": "botnet C2", "malware-download": "malware download" };

/** A category as people say it. */
export function categoryWords(category: Category): string {
	return WORDS[category] ?? category;
}
