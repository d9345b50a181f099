import Link from "next/link";
import { IndicatorView } from "@/components/indicator-view";
import { Notice } from "@/components/ui/notice";
import { canonicalise, type Expectation } from "@/lib/domain";
import { describeIndicator } from "@/lib/search";
import { shownGroups } from "@/lib/trackers";
import { healthNow } from "./frame-data";
import { pagePrincipal } from "./guard";

/** A path segment as it was meant; broken escapes stay as they are and are refused by name. */
export function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

/** `/ip/…`, `/domain/…`, `/hash/…` and `/url/…`: the same view for a value of the kind the path promises. */
export async function IndicatorPage({ value, as, what }: { value: string; as: Expectation; what: string }) {
	await pagePrincipal();
	const result = canonicalise(value, as);
	if (!result.ok) {
		return (
			<Notice title={`This is no ${what}`} heading="h1">
				<p>{result.reason}.</p>
				<p>
					<Link href={`/cross?keyword=${encodeURIComponent(value.slice(0, 2000))}`}>Search for it as words</Link>
				</p>
			</Notice>
		);
	}
	const [detail, sources] = await Promise.all([describeIndicator(result.indicator), healthNow()]);
	return (
		<IndicatorView
			indicator={result.indicator}
			detail={detail}
			records={shownGroups(detail.records)}
			asked={sources.filter(({ tracker, lastOkAt }) => tracker === "reputation" && lastOkAt !== null).length}
			now={new Date().toISOString()}
		/>
	);
}
