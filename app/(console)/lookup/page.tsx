import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { targetOf } from "@/components/lookup/target";
import { Notice } from "@/components/ui/notice";
import { understand } from "@/lib/domain";
import { get, vuln } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../guard";

export const metadata: Metadata = { title: "Look up" };

/**
 * The original's look-up address: an indicator goes to its page, a CVE to the vulnerability where one is known, several values to
 * the list, anything else to the search. What cannot be looked up is said, with the way out.
 */
export default async function LookupPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const keyword = ((await urlParams(searchParams)).get("keyword") ?? "").trim();
	const found = understand(keyword);
	if (found.kind === "indicator" && found.indicator.type === "cve") {
		const { value } = found.indicator;
		redirect((await get(vuln, value)) === null ? `/cross?keyword=${encodeURIComponent(value)}` : `/vuln/${encodeURIComponent(value)}`);
	}
	const target = found.kind === "invalid" ? null : (targetOf(found, keyword) ?? "/cross");
	if (target !== null && target !== "/lookup/list") redirect(target);
	return (
		<Notice title="This cannot be looked up" heading="h1">
			<p className="break-words">
				{found.kind === "invalid" ? found.reason : `What was asked has ${keyword.length.toLocaleString("en")} characters, too many for an address. Paste it into the list, where any length is fine.`}
			</p>
			<p>
				{keyword.length <= 1000 && (
					<>
						<Link href={`/cross?keyword=${encodeURIComponent(keyword)}`}>Search for it as words</Link>, or correct it in the box above.{" "}
					</>
				)}
				Several values are looked up as a <Link href="/lookup/list">list</Link>.
			</p>
		</Notice>
	);
}
