import { classify } from "@/lib/domain";
import { answering, lookupEndpoint, methods } from "@/lib/http";
import { offers } from "@/lib/lookup";
import { describeIndicator, type IndicatorDetail } from "@/lib/search";

/** The index's part in a few numbers. */
function inShort({ indicator, sightings, related, records }: IndicatorDetail) {
	const seen = sightings.map(({ seenAt }) => seenAt.getTime());
	return {
		sightings: sightings.length,
		listed: sightings.filter(({ listed }) => listed).map(({ source }) => source.name),
		categories: [...new Set(sightings.map(({ category }) => category))],
		firstSeen: seen.length === 0 ? null : new Date(Math.min(...seen)).toISOString(),
		lastSeen: sightings[0]?.lastSeen.toISOString() ?? null,
		warning: indicator.warning,
		related: related.map(({ kind, title, total, more }) => ({ kind, title, total, more })),
		records: records.map(({ tracker, title, total, more }) => ({ tracker, title, total, more })),
	};
}

/** What a value is, what is known here, who can be asked. Nobody is. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(lookupEndpoint, async ({ keyword, reach }) => {
		const query = classify(keyword ?? "");
		if (query.kind !== "indicator") return { query, known: null, offers: [] };
		const [known, offered] = await Promise.all([describeIndicator(query.indicator), offers(query.indicator, reach?.[0] ?? "passive")]);
		return { query, known: inShort(known), offers: offered };
	}),
});
