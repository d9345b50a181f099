import Link from "next/link";
import type { ReactNode } from "react";
import { defang } from "@/lib/domain/defang";
import { hostOf, registrableDomain } from "@/lib/domain/host";
import { type Indicator, TYPE_WORDS } from "@/lib/domain/indicator";
import { spellingNote } from "@/lib/domain/understand";
import type { Offer, Reach } from "@/lib/lookup";
import type { IndicatorDetail } from "@/lib/search/indicator-detail";
import type { ShownGroup } from "@/lib/trackers/shown";
import type { Section, ShownTable } from "@/lib/trackers/view";
import { IndicatorCapture } from "./capture/indicator-capture";
import { CopyButton } from "./console/copy-button";
import { defanged } from "./hunters/defanged";
import { huntPath } from "./hunters/hunt-path";
import { IndicatorLink, indicatorPath } from "./indicator";
import { AnswersProvider } from "./lookup/answers";
import { Remember } from "./lookup/remember";
import { ServicePanels } from "./lookup/service-panels";
import { TitleLine } from "./lookup/title-line";
import { PresenceTimeline, type TimelineSource } from "./presence-timeline";
import { RecordGroups } from "./records/groups";
import { RecordTable } from "./records/record-table";
import { Sections } from "./records/sections";
import { Badge } from "./ui/badge";
import { buttonClass } from "./ui/button";
import { Folded } from "./ui/folded";
import { Panel } from "./ui/panel";
import { Verdict } from "./verdict";

/** Pages elsewhere that know more, as the original linked them. They get the value in their address: it is shown where one goes. */
function outsideLinks(indicator: Indicator): Array<{ label: string; href: string }> {
	const { type, value } = indicator;
	const encoded = encodeURIComponent(value);
	const virusTotal = (path: string) => ({ label: "VirusTotal", href: `https://www.virustotal.com/gui/${path}` });
	switch (type) {
		case "ipv4":
		case "ipv6":
			return [virusTotal(`ip-address/${encoded}`), { label: "whois", href: `https://who.is/whois-ip/ip-address/${encoded}` }];
		case "cidr":
			return [{ label: "whois", href: `https://who.is/whois-ip/ip-address/${encodeURIComponent(value.slice(0, value.indexOf("/")))}` }];
		case "domain":
			return [virusTotal(`domain/${encoded}`), { label: "whois", href: `https://who.is/whois/${encodeURIComponent(registrableDomain(value) ?? value)}` }];
		case "url": {
			const host = hostOf(indicator) ?? "";
			const registered = registrableDomain(host);
			return [virusTotal(`search/${encodeURIComponent(encoded)}`), { label: "whois", href: registered === null ? `https://who.is/whois-ip/ip-address/${host}` : `https://who.is/whois/${registered}` }];
		}
		case "md5":
		case "sha1":
		case "sha256":
			return [virusTotal(`file/${encoded}`)];
		default:
			return [];
	}
}

function timelineSources(detail: IndicatorDetail): TimelineSource[] {
	return detail.sightings.map((sighting) => {
		const intervals = detail.intervals.filter(({ source }) => source.number === sighting.source.number).map(({ from, to }) => ({ from: from.toISOString(), to: to?.toISOString() ?? null }));
		const first = intervals[0]?.from ?? sighting.observedAt.toISOString();
		const claimed = sighting.seenAt.toISOString();
		return {
			name: sighting.source.name,
			number: sighting.source.number,
			listed: sighting.listed,
			claimedFrom: claimed < first ? claimed : null,
			intervals,
			lastSeen: sighting.lastSeen.toISOString(),
		};
	});
}

function Registered({ indicator }: { indicator: Indicator }) {
	const host = hostOf(indicator);
	const registered = host === null ? null : registrableDomain(host);
	if (registered === null || registered === host) return null;
	const domain = { type: "domain", value: registered as Indicator["value"] } as const;
	return (
		<p className="text-sm text-ink-3">
			under <IndicatorLink indicator={domain} />
		</p>
	);
}

/** How a host with international letters reads: the trick is on the page, not only in the box where it was typed. */
function Reading({ indicator }: { indicator: Indicator }) {
	const note = spellingNote(indicator);
	return note === null ? null : <p className={`text-sm break-words ${note.tone === "warn" ? "text-warn" : "text-ink-3"}`}>{note.text}</p>;
}

interface HeadProps {
	indicator: Indicator;
	api: string | undefined;
	hunted: Props["hunted"];
	mayHunt: boolean;
	mayCapture: boolean;
	/** how many services may be asked: none say anything of a record of its own */
	services: number;
}

function Head({ indicator, api, hunted, mayHunt, mayCapture, services }: HeadProps) {
	const shown = defang(indicator);
	return (
		<div className="flex flex-wrap items-start gap-x-4 gap-y-2">
			<div className="min-w-0">
				<h1 data-subject="" data-copy={indicator.value} data-defanged={shown} data-type={indicator.type} className={`font-mono font-semibold break-all ${shown.length > 70 ? "text-lg" : "text-xl"}`}>
					{shown}{" "}
					<span className="align-middle font-sans font-normal">
						<Badge>{TYPE_WORDS[indicator.type]}</Badge>
					</span>
				</h1>
				<Registered indicator={indicator} />
				{services > 0 && <TitleLine indicator={indicator} />}
				<Reading indicator={indicator} />
			</div>
			<div className="flex flex-wrap gap-2 sm:ml-auto">
				<CopyButton text={indicator.value} label="Copy" />
				<CopyButton text={shown} label="Copy defanged" />
				{outsideLinks(indicator).map(({ label, href }) => (
					<a key={label} href={href} target="_blank" rel="noopener noreferrer" className={buttonClass()} title={`Opens ${new URL(href).hostname}, which will see the value`}>
						{label} ↗
					</a>
				))}
				{api !== undefined && (
					<>
						<a href={api} className={buttonClass()}>
							API
						</a>
						<Link href={indicatorPath(indicator)} className={buttonClass("primary")}>
							Look up
						</Link>
					</>
				)}
				{hunted.map(({ id, name }) => (
					<Link key={id} href={`/hunters/${id}`} prefetch={false} className={`${buttonClass()} max-w-full`} title="A hunter watches for it already">
						<span className="truncate">
							Hunted by <bdi>{defanged(name)}</bdi>
						</span>
					</Link>
				))}
				{mayHunt && (
					<Link href={huntPath(indicator.value)} prefetch={false} className={buttonClass()}>
						Hunt this
					</Link>
				)}
				{mayCapture && <IndicatorCapture indicator={indicator} />}
			</div>
		</div>
	);
}

interface Props {
	indicator: Indicator;
	detail: IndicatorDetail;
	/** one source's record of it, where the page is that record's: it asks no services */
	listing?: { sections: readonly Section[]; api: string };
	sightings: ShownTable;
	related: ReadonlyArray<{ kind: string; title: string; total: number; more: boolean; table: ShownTable }>;
	/** records of other trackers that name it */
	records: readonly ShownGroup[];
	/** sources that were read */
	asked: number;
	/** services that may be asked, and as what was chosen */
	services: { offers: readonly Offer[]; reach: Reach };
	/** hunters of this very value */
	hunted: ReadonlyArray<{ id: string; name: string }>;
	/** whoever looks may make hunters */
	mayHunt: boolean;
	/** whoever looks may have it visited */
	mayCapture: boolean;
	/** visits to it, where there are any */
	captures?: ReactNode;
	now: string;
}

function Known({ detail, sightings, related, records, services, now }: Pick<Props, "detail" | "sightings" | "related" | "records" | "services" | "now">) {
	const beside = services.offers.length > 0;
	return (
		<>
			{detail.sightings.length > 0 && (
				<Panel id="sightings" title="Sightings" aside={`${detail.sightings.length} ${detail.sightings.length === 1 ? "source" : "sources"}`}>
					<Folded rows={sightings.rows.length}>
						<RecordTable table={sightings} now={now} beside={beside} />
					</Folded>
				</Panel>
			)}
			{related.map((group) => (
				<Panel key={group.kind} id={group.kind} title={group.title} aside={`${group.more ? "more than " : ""}${group.total.toLocaleString("en")}`}>
					<Folded rows={group.table.rows.length}>
						<RecordTable table={group.table} now={now} beside={beside} />
					</Folded>
				</Panel>
			))}
			<RecordGroups groups={records} now={now} beside={beside} />
		</>
	);
}

/**
 * Everything about one indicator. What the index knows is there at once: the verdict in words, who listed it and when, every
 * sighting, what is related. What services say comes beside it, each in its own time.
 */
export function IndicatorView(props: Props) {
	const { indicator, detail, listing, services, asked, hunted, mayHunt, mayCapture, captures, now } = props;
	const isKnown = detail.sightings.length > 0 || detail.related.length > 0 || detail.records.length > 0;
	const known = <Known {...props} />;
	return (
		<AnswersProvider key={`${indicator.type} ${indicator.value} ${services.reach}`} offers={services.offers}>
			<Remember indicator={indicator} />
			<Head indicator={indicator} api={listing?.api} hunted={hunted} mayHunt={mayHunt} mayCapture={mayCapture} services={services.offers.length} />
			<Verdict detail={detail} asked={asked} now={now} />
			{detail.sightings.length > 0 && <PresenceTimeline sources={timelineSources(detail)} now={now} />}
			{listing !== undefined && <Sections sections={listing.sections} now={now} />}
			{captures}
			{services.offers.length === 0 ? (
				known
			) : (
				<div className={isKnown ? "grid items-start gap-3 lg:grid-cols-[minmax(0,4fr)_minmax(0,3fr)]" : ""}>
					{isKnown && <div className="flex min-w-0 flex-col gap-3">{known}</div>}
					<ServicePanels indicator={indicator} reach={services.reach} wide={!isKnown} />
				</div>
			)}
		</AnswersProvider>
	);
}
