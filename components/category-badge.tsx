import { CATEGORY_TONES, type Category, categoryWords } from "@/lib/domain/category";
import { Badge } from "./ui/badge";

/** Why something is listed; red only for what is called malicious. A listing that ended is grey. */
export function CategoryBadge({ category, listed }: { category: Category; listed: boolean }) {
	return <Badge tone={listed ? CATEGORY_TONES[category] : "none"}>{categoryWords(category)}</Badge>;
}
