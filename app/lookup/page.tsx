import { redirect } from "next/navigation";
import { indicatorPath } from "@/components/indicator";
import { classify } from "@/lib/domain";
import { get, vuln } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../guard";

/** The original's look-up address: an indicator goes to its page, a CVE to the vulnerability where one is known, anything else to the search. */
export default async function LookupPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const keyword = (await urlParams(searchParams)).get("keyword") ?? "";
	const found = classify(keyword);
	if (found.kind === "indicator" && found.indicator.type === "cve") {
		const { value } = found.indicator;
		redirect((await get(vuln, value)) === null ? `/cross?keyword=${encodeURIComponent(value)}` : `/vuln/${encodeURIComponent(value)}`);
	}
	redirect(found.kind === "indicator" ? indicatorPath(found.indicator) : `/cross?keyword=${encodeURIComponent(keyword)}`);
}
