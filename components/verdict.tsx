import type { ReactNode } from "react";
import type { Category } from "@/lib/domain/category";
import { warningLabel } from "@/lib/domain/warnings";
import type { IndicatorDetail } from "@/lib/search/indicator-detail";
import { CategoryBadge } from "./category-badge";
import { VerdictFrame, VerdictServices } from "./lookup/verdict-services";
import { dayOf, relative } from "./time-text";

/** Categories that call something malicious; the others are facts about it. */
const MILD: ReadonlySet<Category> = new Set<Category>(["anonymiser", "scanner", "suspicious"]);

function joined(parts: readonly ReactNode[]): ReactNode[] {
	return parts.flatMap((part, at) => (at === 0 ? [part] : [at === parts.length - 1 ? " and " : ", ", part]));
}

function Related({ detail }: { detail: IndicatorDetail }) {
	const words: Partial<Record<string, readonly [one: string, many: string]>> = {
		urls: ["URL", "URLs"],
		subdomains: ["subdomain", "subdomains"],
		above: ["sighting of its host or a domain above it", "sightings of its host or domains above it"],
		containing: ["block that contains it", "blocks that contain it"],
		inside: ["value inside it", "values inside it"],
		siblings: ["sighting of the same file's other hashes", "sightings of the same file's other hashes"],
	};
	const parts = detail.related.flatMap((group) => {
		const word = words[group.kind];
		return word === undefined
			? []
			: [
					<a key={group.kind} href={`#${group.kind}`} className="underline decoration-line-strong">
						{group.more ? "more than " : ""}
						{group.total.toLocaleString("en")} {group.total === 1 && !group.more ? word[0] : word[1]}
					</a>,
				];
	});
	return parts.length === 0 ? null : <> Also listed: {joined(parts)}.</>;
}

/** Records of other trackers that name it: each leads to its panel below. */
function Named({ detail }: { detail: IndicatorDetail }) {
	if (detail.records.length === 0) return null;
	const parts = detail.records.map((group) => (
		<a key={group.tracker} href={`#${group.tracker}`} className="underline decoration-line-strong">
			{group.more ? "more than " : ""}
			{group.total.toLocaleString("en")} in {group.title.toLowerCase()}
		</a>
	));
	return <> Named by records: {joined(parts)}.</>;
}

function Doubt({ warning }: { warning: string | null }) {
	if (warning === null) return <span className="text-ink-3"> On no warning list.</span>;
	return <span className="text-warn"> Doubtful: {warningLabel(warning)}.</span>;
}

/** What the index says about an indicator, in a sentence, and what services add to it. Not being listed is unknown, never "clean". */
export function Verdict({ detail, asked, now }: { detail: IndicatorDetail; asked: number; now: string }) {
	if (detail.sightings.length === 0 && detail.related.length === 0 && detail.records.length === 0) {
		return (
			<VerdictFrame tone="none">
				<strong>Unknown here.</strong> None of the {asked} sources that are read here lists it. That is no verdict: it may be listed elsewhere, or tomorrow.
				<VerdictServices />
			</VerdictFrame>
		);
	}
	const listed = detail.sightings.filter((sighting) => sighting.listed);
	const { warning } = detail.indicator;
	if (detail.sightings.length === 0) {
		return (
			<VerdictFrame tone="warn">
				<strong>Not listed itself.</strong>
				<Related detail={detail} />
				<Named detail={detail} />
				<Doubt warning={warning} />
				<VerdictServices />
			</VerdictFrame>
		);
	}
	const categories = [...new Set((listed.length > 0 ? listed : detail.sightings).map(({ category }) => category))];
	const first = detail.sightings.reduce((min, { seenAt }) => (seenAt < min ? seenAt : min), detail.sightings[0]?.seenAt ?? new Date());
	const last = detail.sightings.reduce((max, { lastSeen }) => (lastSeen > max ? lastSeen : max), first);
	const ago = relative((Date.parse(now) - last.getTime()) / 1000);
	const tone = listed.length === 0 ? "none" : warning !== null || categories.every((category) => MILD.has(category)) ? "warn" : "bad";
	return (
		<VerdictFrame tone={tone}>
			<a href="#sightings">
				<strong>{listed.length > 0 ? `Listed by ${listed.length} of ${asked} sources` : `No longer listed; ${detail.sightings.length} of ${asked} sources listed it`}</strong>
			</a>{" "}
			as {joined(categories.map((category) => <CategoryBadge key={category} category={category} listed={listed.length > 0} />))}. First seen <strong>{dayOf(first.toISOString(), now)}</strong>, last
			seen <strong>{ago === "now" ? "just now" : `${ago} ago`}</strong>.
			<Related detail={detail} />
			<Named detail={detail} />
			<Doubt warning={warning} />
			<VerdictServices />
		</VerdictFrame>
	);
}
