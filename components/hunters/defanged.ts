import { classify } from "@/lib/domain/classify";
import { defang } from "@/lib/domain/defang";

/** A text that is an indicator, defanged; any other as it is. */
export function defanged(text: string): string {
	const found = classify(text);
	return found.kind === "indicator" && found.indicator.value === text.toLowerCase() ? defang(found.indicator) : text;
}
