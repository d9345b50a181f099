import Link from "next/link";
import { IndicatorView } from "@/components/indicator-view";
import { Notice } from "@/components/ui/notice";
import { canonicalise, type Expectation, type Indicator } from "@/lib/domain";
import { describeIndicator } from "@/lib/search";
import { anyTracker, reputation, shownGroups, shownTable } from "@/lib/trackers";
import type { Section } from "@/lib/trackers/view";
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

/** Everything known about an indicator; `listing` is one record of it, where the page is that record's. Whoever shows it has asked for the principal. */
export async function Everything({ indicator, listing }: { indicator: Indicator; listing?: { sections: readonly Section[]; api: string } }) {
	const [detail, sources] = await Promise.all([describeIndicator(indicator), healthNow()]);
	const sightings = anyTracker(reputation);
	return (
		<IndicatorView
			indicator={indicator}
			detail={detail}
			{...(listing === undefined ? {} : { listing })}
			sightings={shownTable(sightings, detail.sightings)}
			related={detail.related.map(({ kind, title, total, more, rows }) => ({ kind, title, total, more, table: shownTable(sightings, rows, "subject") }))}
			records={shownGroups(detail.records)}
			asked={sources.filter(({ tracker, lastOkAt }) => tracker === reputation.name && lastOkAt !== null).length}
			now={new Date().toISOString()}
		/>
	);
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
	return <Everything indicator={result.indicator} />;
}
