import type { Category } from "@/lib/sources/define";
import { Badge, type Tone } from "./ui/badge";

const TONES: Readonly<Record<Category, Tone>> = {
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

export function categoryWords(category: Category): string {
	return WORDS[category] ?? category;
}

/** Why something is listed; red only for what is called malicious. A listing that ended is grey. */
export function CategoryBadge({ category, listed = true }: { category: Category; listed?: boolean }) {
	return <Badge tone={listed ? TONES[category] : "none"}>{categoryWords(category)}</Badge>;
}
