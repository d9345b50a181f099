import Link from "next/link";
import { redirect } from "next/navigation";
import { CaptureTable } from "@/components/capture/capture-table";
import { huntQuery } from "@/components/hunters/hunt-path";
import { indicatorPath } from "@/components/indicator";
import { IndicatorView } from "@/components/indicator-view";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { type Role, roleAllows } from "@/lib/auth";
import { listCaptures } from "@/lib/capture";
import { canonicalise, defang, type Expectation, type Indicator, understand, withoutPassword } from "@/lib/domain";
import { huntersAsking } from "@/lib/hunters/same";
import { offers } from "@/lib/lookup";
import { describeIndicator } from "@/lib/search";
import { anyTracker, reputation, shownGroups, shownTable } from "@/lib/trackers";
import type { Section } from "@/lib/trackers/view";
import { healthNow } from "./frame-data";
import { pagePrincipal } from "./guard";
import { chosenReach } from "./reach";

/** A path segment as it was meant; broken escapes stay as they are and are refused by name. */
export function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

/** Captures of it that a page shows; the list has the others. */
const CAPTURES = 5;

/** The newest visits to a URL, or to what a domain or an address serves. */
async function captured({ type, value }: Indicator) {
	if (type !== "url" && type !== "domain" && type !== "ipv4" && type !== "ipv6") return [];
	return (await listCaptures({ url: value, limit: CAPTURES })).captures;
}

/** Everything known about an indicator; `listing` is one record of it, where the page is that record's. Whoever shows it has asked for the principal. */
export async function Everything({ indicator, listing, role }: { indicator: Indicator; listing?: { sections: readonly Section[]; api: string }; role: Role }) {
	const reach = await chosenReach();
	// A record's page says what one source lists: it sends nothing anywhere.
	const [detail, sources, offered, captures, hunted] = await Promise.all([
		describeIndicator(indicator),
		healthNow(),
		listing === undefined ? offers(indicator, reach) : [],
		listing === undefined ? captured(indicator) : [],
		huntersAsking([indicator.value, huntQuery(indicator.value), defang(indicator)]),
	]);
	const now = new Date().toISOString();
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
			services={{ offers: offered, reach }}
			hunted={hunted}
			mayHunt={roleAllows(role, "analyst")}
			mayCapture={listing === undefined && roleAllows(role, "analyst")}
			captures={
				captures.length === 0 ? null : (
					<Panel
						id="captures"
						title="Captures"
						aside={
							<Link href={`/captures?url=${encodeURIComponent(indicator.value)}`} prefetch={false} className="underline">
								all
							</Link>
						}
					>
						<CaptureTable captures={captures} now={now} framed={false} />
					</Panel>
				)
			}
			now={now}
		/>
	);
}

/** The name of such a page: the value defanged, and never a password that stood in it. */
export function indicatorTitle(value: string, as: Expectation): string {
	const result = canonicalise(value, as);
	return (result.ok ? defang(result.indicator) : withoutPassword(value)).slice(0, 80);
}

function NoIndicator({ value, what, reason }: { value: string; what: string; reason: string }) {
	const meant = understand(value);
	return (
		<Notice title={`This is no ${what}`} heading="h1">
			<p className="break-words">{withoutPassword(reason)}.</p>
			{meant.kind === "indicator" ? (
				<p>
					{meant.notes.map(({ text }) => `${text} `)}
					Look up <Link href={indicatorPath(meant.indicator)}>{defang(meant.indicator)}</Link> instead.
				</p>
			) : (
				<p>
					<Link href={`/cross?keyword=${encodeURIComponent(withoutPassword(value).slice(0, 1000))}`}>Search for it as words</Link>
				</p>
			)}
		</Notice>
	);
}

/** `/ip/…`, `/domain/…`, `/hash/…` and `/url/…`: the same view for a value of the kind the path promises. */
export async function IndicatorPage({ value, as, what }: { value: string; as: Expectation; what: string }) {
	const principal = await pagePrincipal();
	const result = canonicalise(value, as);
	if (!result.ok) return <NoIndicator value={value} what={what} reason={result.reason} />;
	// A password must not stay in the address, from where it is copied into tickets.
	if (withoutPassword(value) !== value) redirect(indicatorPath(result.indicator));
	return <Everything indicator={result.indicator} role={principal.user.role} />;
}
