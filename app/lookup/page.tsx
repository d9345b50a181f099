import { redirect } from "next/navigation";
import { indicatorPath } from "@/components/indicator";
import { classify } from "@/lib/domain";
import { pagePrincipal, type SearchParams, urlParams } from "../guard";

/** The original's look-up address: an indicator goes to its page, anything else to the search. */
export default async function LookupPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const keyword = (await urlParams(searchParams)).get("keyword") ?? "";
	const found = classify(keyword);
	redirect(found.kind === "indicator" ? indicatorPath(found.indicator) : `/cross?keyword=${encodeURIComponent(keyword)}`);
}
