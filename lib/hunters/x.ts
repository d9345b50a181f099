import type { Database } from "@/lib/platform";
import type { Search } from "@/lib/sources/record";
export async function xSearches(_db: Database): Promise<Search[]> {
	return [];
}
