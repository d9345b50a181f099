import type { Queryable } from "@/lib/platform";
import { type RecordStore, type SetAsideItem, type StoreContext, type StoreCounts, writeRecordText } from "@/lib/records";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { chooseEvents, type Located, partFuture } from "./choose";
import { MentionReader } from "./mentions";
import { eventsWithNews, noteEvents } from "./news";
import { eventPortions } from "./portions";
import type { PreparedEvent } from "./prepare";
import { removalPortions, removeMissing } from "./roster";
import { moveDays, writeEventRows } from "./write-events";
import { writeNamed } from "./write-named";
import { type PartChanges, writeParts } from "./write-parts";

/** What word search reads of an event: its title first, then who and what, then its values as far as they fit. */
function textOf({ item, attributes }: PreparedEvent): string[] {
	const clusters = item.galaxies.flatMap(({ name, clusters: named }) => [name, ...named.map(({ value }) => value)]);
	const values = attributes.filter(({ deleted }) => !deleted).map((attribute) => attribute.item.value);
	return [item.info, [item.orgc?.name, item.org?.name].filter((name) => name !== undefined).join(" "), item.tags.map(({ name }) => name).join(" "), clusters.join(" "), ...values.slice(0, 2000)];
}

async function storeEvents(tx: Queryable, items: ReadonlyArray<Located<ThreatItem>>, context: StoreContext): Promise<StoreCounts> {
	const { chosen, counts } = await chooseEvents(tx, items, context);
	if (chosen.length === 0) return counts;
	const news = await eventsWithNews(tx, chosen);
	const changes = await writeParts(tx, chosen);
	await writeEventRows(tx, chosen, changes, context);
	const reader = new MentionReader(context.ownDomains);
	let indicators = 0;
	for (const [at, one] of chosen.entries()) indicators += await writeNamed(tx, one, changes[at] as PartChanges, reader, context);
	await writeRecordText(
		tx,
		"threat",
		chosen.map(({ event }) => ({ id: event.id, at: event.publishedAt, text: textOf(event), values: [] })),
	);
	await moveDays(tx, chosen, indicators, context);
	await noteEvents(tx, chosen, changes, news, context);
	return counts;
}

/** Events and rosters of some items, those of the future apart. */
function sorted(items: ReadonlyArray<Located<ThreatItem | ThreatRoster>>, context: StoreContext) {
	const events = items.filter((one): one is Located<ThreatItem> => one.item.kind === "event");
	const rosters = items.filter((one): one is Located<ThreatRoster> => one.item.kind === "roster");
	return { ...partFuture(events, context), rosters };
}

/** Parts of events (an attribute, an object, a reference) that one transaction writes at most; one with a long value counts as several. */
const PORTION_PARTS = 5000;

/** The store with another size of portions. */
export function threatStoreOf(portionParts: number): RecordStore<ThreatItem | ThreatRoster> {
	return {
		portionParts,
		async *portions(db, items, context, limit = portionParts) {
			const { present, rosters } = sorted(items, context);
			yield* eventPortions(db, present, context, limit);
			for (const { item } of rosters) yield* removalPortions(db, item, context, limit);
		},
		async store(tx, items, context) {
			const { present, future, rosters } = sorted(items, context);
			const counts = await storeEvents(tx, present, context);
			const setAside: SetAsideItem[] = [
				...counts.setAside,
				...future.map(({ item, where }) => ({ where, reason: `its timestamp ${item.modifiedAt.toISOString()} lies in the future`, excerpt: item.info.slice(0, 200) })),
			];
			for (const { item, where } of rosters) {
				const { removed, refused } = await removeMissing(tx, item, context);
				counts.updated += removed;
				if (refused !== null) setAside.push({ where, reason: refused, excerpt: "" });
			}
			return { ...counts, setAside };
		},
	};
}

/**
 * The store of MISP events: an event is written when its digest changed and it is not older than what is stored, and of its parts
 * only those that changed. Parts that are gone from a complete event stay as deleted. A roster marks events that are gone. What is
 * too much for one transaction is written in portions; an event has its digest only when it is whole.
 */
export const threatStore = threatStoreOf(PORTION_PARTS);
