import type { Category } from "@/lib/domain/category";
import { type CanonicalValue, typeFromNumber } from "@/lib/domain/indicator";
import { indicatorId, sightingId } from "@/lib/indicators/identity";
import { storeIndicators } from "@/lib/indicators/store";
import { writeTextIndex } from "@/lib/indicators/text-index";
import { SIGHTING_COLUMNS } from "@/lib/ingest/apply";
import { canonicalRows, Unusable } from "@/lib/ingest/canonical-row";
import { digestOf, type StagedRow } from "@/lib/ingest/rows";
import { lit, type Queryable } from "@/lib/platform";
import { countRecords, insertInto, readByIds } from "@/lib/records";
import { sourceByNumber } from "@/lib/sources";
import type { Listing as FeedListing } from "@/lib/sources/define";
import { FORMER_CATEGORIES } from "./former";
import type { Listing, SeedRow, SeedStage } from "./stage";
import { seedTime } from "./times";

/** The original cut values here; a longer one has lost its end and is another value since. */
const CUT = { url: 255, domain: 100 } as const;
const CUT_TAG = "maybe cut by the importing system";
/** Numbers of the original; from here on they are ours. */
const OURS_FROM = 1001;

function categoryOf(source: number): Category {
	const today = sourceByNumber(source);
	return FORMER_CATEGORIES[source] ?? (today?.tracker === "reputation" ? today.category : "suspicious");
}

/** Feeds that never delist keep what they once listed. */
function staysListed(source: number): boolean {
	const today = sourceByNumber(source);
	return today?.tracker === "reputation" && today.lists.mode === "append";
}

/** The row's values, the most telling first: its old address leads to that one. */
function valuesOf(row: SeedRow): Array<Pick<FeedListing, "value" | "as" | "tags">> {
	const url = row.url?.trim() ?? "";
	const domain = row.domain?.trim() ?? "";
	const ip = row.ip?.trim() ?? "";
	const cut = (text: string, max: number) => (text.length >= max ? { tags: [CUT_TAG] } : {});
	return [
		...(url === "" ? [] : [{ value: url, as: "url" as const, ...cut(url, CUT.url) }]),
		...(domain === "" ? [] : [{ value: domain, as: "host" as const, ...cut(domain, CUT.domain) }]),
		...(ip === "" ? [] : [{ value: ip, as: "ip" as const }]),
	];
}

/**
 * One row of the original's list to listings, one for each value it holds: a search for the address found the row there, so it
 * does here. Gives why nothing of it can be used, or notes on values that cannot.
 */
export function stageReputation(
	row: SeedRow,
	stage: SeedStage,
	context: { now: number; country: (address: string) => string | null; ownDomains: readonly string[] },
): { reason: string } | { notes: string[] } {
	const source = Number(row.source);
	const at = seedTime(row.datetime);
	if (!Number.isInteger(source) || source < 1 || source >= OURS_FROM) return { reason: `its source ${row.source ?? "NULL"} is none of the original's` };
	if (at === null) return { reason: `its datetime ${JSON.stringify(row.datetime)} is no time` };
	const values = valuesOf(row);
	if (values.length === 0) return { reason: "it has no address, domain or URL" };
	const notes: string[] = [];
	let staged = 0;
	for (const value of values) {
		const listing: FeedListing = {
			...value,
			category: categoryOf(source),
			firstSeen: at,
			...(row.description === null || row.description === undefined ? {} : { description: row.description }),
			...(row.referrer === null || row.referrer === undefined ? {} : { referrer: row.referrer }),
			...(/^[A-Za-z]{2}$/.test(row.countrycode ?? "") ? { country: row.countrycode as string } : {}),
		};
		try {
			for (const made of canonicalRows(listing, { ...context, source: { category: categoryOf(source) } })) {
				stage.addListing({ sighting: sightingId(source, made.id), indicator: made.id, source, seed: row.id as string, at: at.getTime(), data: JSON.stringify(made.row), main: staged === 0 });
			}
			staged++;
		} catch (error) {
			if (!(error instanceof Unusable)) throw error;
			notes.push(`${value.as === "ip" ? "address" : value.as === "host" ? "domain" : "URL"} left out: ${error.message}`);
		}
	}
	return staged === 0 ? { reason: notes.map((note) => note.replace(" left out", "")).join("; ") } : { notes };
}

interface Sighting {
	id: Buffer;
	indicator: Buffer;
	source: number;
	row: StagedRow;
	first: Date;
	last: Date;
	/** old keys that lead here */
	seeds: string[];
}

/** All that the original's rows say about one listing: the newest words, the oldest date. */
function sightingOf(group: readonly Listing[]): Sighting {
	const [oldest, newest] = [group[0] as Listing, group.at(-1) as Listing];
	const rows = group.map(({ data }) => JSON.parse(data) as StagedRow);
	const tags = [...new Set(rows.flatMap((row) => row.tags ?? []))];
	const row: StagedRow = { ...(rows.at(-1) as StagedRow), seen: oldest.at, tags: tags.length === 0 ? null : tags };
	return {
		id: newest.sighting,
		indicator: newest.indicator,
		source: newest.source,
		row,
		first: new Date(oldest.at),
		last: new Date(newest.at),
		seeds: group.filter(({ main }) => main).map(({ seed }) => seed),
	};
}

function tuple({ id, indicator, source, row, first, last }: Sighting): string {
	const tags = row.tags === null ? "NULL" : lit(JSON.stringify(row.tags));
	return `(${lit(id)},${lit(indicator)},${source},${row.type},${lit(first)},NULL,${lit(first)},0,${staysListed(source) ? 1 : 0},${lit(first)},${lit(last)},${lit(row.category)},${lit(row.country)},NULL,${lit(row.description)},${lit(row.referrer)},${tags},NULL,${lit(digestOf(row))})`;
}

/** What the source says today stays; the past gets longer. `left_at` of a present listing is null and stays so. */
const UPDATE = `ON DUPLICATE KEY UPDATE seen_at = LEAST(seen_at, VALUES(seen_at)), observed_at = LEAST(observed_at, VALUES(observed_at)),
left_at = IF(present = 1, left_at, GREATEST(COALESCE(left_at, VALUES(left_at)), VALUES(left_at))), country = COALESCE(country, VALUES(country)),
description = COALESCE(description, VALUES(description)), referrer = COALESCE(referrer, VALUES(referrer))`;

type Known = ReadonlyMap<string, { present: boolean; since: Date }>;

async function readKnown(tx: Queryable, sightings: readonly Sighting[]): Promise<Known> {
	const rows = await readByIds<{ id: Buffer; present: number; present_since: Date }>(
		tx,
		sightings.map(({ id }) => id),
		(list) => `SELECT id, present, present_since FROM sighting WHERE id IN (${list})`,
	);
	return new Map(rows.map((row) => [row.id.toString("latin1"), { present: Number(row.present) === 1, since: row.present_since }]));
}

/** The time the original listed it, as a closed interval; it ends where the one begins that is open. */
async function writePresence(tx: Queryable, sightings: readonly Sighting[], known: Known): Promise<void> {
	const tuples = sightings.flatMap(({ id, indicator, source, first, last }) => {
		const open = known.get(id.toString("latin1"));
		const end = open?.present === true && open.since < last ? open.since : last;
		return end < first ? [] : [`(${lit(indicator)},${source},${lit(first)},${lit(end)})`];
	});
	await insertInto(tx, "INSERT INTO presence (indicator_id, source, from_at, to_at) VALUES", tuples, "ON DUPLICATE KEY UPDATE to_at = GREATEST(to_at, VALUES(to_at))");
}

async function countNew(tx: Queryable, fresh: readonly Sighting[], indicators: number, at: Date): Promise<void> {
	const sources = new Map<number, Date[]>();
	for (const { source, first } of fresh) sources.set(source, [...(sources.get(source) ?? []), first]);
	let left = indicators;
	for (const [number, days] of sources) {
		const source = { number, tracker: "reputation" } as unknown as Parameters<typeof countRecords>[4]["source"];
		await countRecords(tx, "reputation", days, left, { source, at, ownDomains: [] });
		left = 0;
		await tx.execute(`UPDATE source_state SET sighting_count = sighting_count + ${days.length} WHERE source = ${number}`);
	}
}

/** Writes old keys; returns nothing, for a key that is known leads to the same place. */
export async function writeFormerIds(tx: Queryable, tracker: string, entries: ReadonlyArray<{ old: string; record: Buffer }>): Promise<void> {
	const tuples = entries.filter(({ old }) => old.length <= 64).map(({ old, record }) => `(${lit(tracker)},${lit(old)},${lit(record)})`);
	await insertInto(tx, "INSERT INTO former_id (tracker, old_id, record_id) VALUES", tuples, "ON DUPLICATE KEY UPDATE record_id = VALUES(record_id)");
}

/** Stores some sightings of the original with everything that hangs on them. Safe to repeat: a second time nothing changes. */
export async function storeSightings(
	tx: Queryable,
	groups: ReadonlyArray<readonly Listing[]>,
	context: { at: Date; ownDomains: readonly string[] },
): Promise<{ new: number; updated: number; unchanged: number }> {
	const sightings = groups.map(sightingOf);
	const indicators = new Map(
		sightings.map(({ indicator, row }) => [indicator.toString("latin1"), { id: indicator, indicator: { type: typeFromNumber(row.type), value: row.value as CanonicalValue } }]),
	);
	for (const { id, indicator } of indicators.values()) if (!indicatorId(indicator).equals(id)) throw new Error(`the identity of ${indicator.value} does not hold`);
	const stored = await storeIndicators(tx, [...indicators.values()], context.at, context.ownDomains);
	const known = await readKnown(tx, sightings);
	const fresh = sightings.filter(({ id }) => !known.has(id.toString("latin1")));
	const before = sightings.filter(({ id }) => known.has(id.toString("latin1")));
	const head = `INSERT INTO sighting (${SIGHTING_COLUMNS}) VALUES`;
	await insertInto(tx, head, fresh.map(tuple), UPDATE);
	// An upsert counts two for a row that it changed and none for one that it left as it was.
	const updated = (await insertInto(tx, head, before.map(tuple), UPDATE)) / 2;
	await writePresence(tx, sightings, known);
	await writeFormerIds(
		tx,
		"reputation",
		sightings.flatMap(({ id, seeds }) => seeds.map((old) => ({ old, record: id }))),
	);
	await countNew(tx, fresh, stored, context.at);
	await writeTextIndex(
		tx,
		sightings.map(({ indicator, row }) => ({ id: indicator, type: row.type, value: row.value, labels: [row.description ?? "", ...(row.tags ?? [])] })),
	);
	return { new: fresh.length, updated, unchanged: before.length - updated };
}
