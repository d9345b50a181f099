import type { Queryable } from "@/lib/platform";
import { noteWritten, type RecordChange, readByIds, type StoreContext } from "@/lib/records";
import type { ChosenEvent } from "./choose";
import type { PreparedAttribute } from "./prepare";
import type { PartChanges } from "./write-parts";

/** Stands for the event without its attributes, where those are noted by themselves. No UUID is all ones but the one that nobody gives. */
export const EVENT_ALONE = Buffer.alloc(16, 0xff);

/** What hunters can ask of an event as a whole, as it is stored. */
interface Said {
	id: Buffer;
	info: string;
	level: number;
	analysis: number;
	org: string | null;
	orgc: string | null;
	tags: string;
	galaxies: string;
}

/** Ids (latin1) of events that say something else of themselves than what is stored, new ones and those that come back included. Asked before they are written. */
export async function eventsWithNews(tx: Queryable, chosen: readonly ChosenEvent[]): Promise<ReadonlySet<string>> {
	const known = chosen.filter((one) => one.known?.deleted_at === null).map(({ event }) => event.id);
	const rows = await readByIds<Said>(tx, known, (list) => `SELECT id, info, level, analysis, org, orgc, tags, galaxies FROM threat_event WHERE id IN (${list})`);
	const before = new Map(rows.map((row) => [row.id.toString("latin1"), row]));
	const news = chosen.filter(({ event: { id, item } }) => {
		const row = before.get(id.toString("latin1"));
		if (row === undefined) return true;
		const now = [item.info, item.threatLevel, item.analysis, item.org?.name ?? null, item.orgc?.name ?? null, JSON.stringify(item.tags), JSON.stringify(item.galaxies)];
		return [row.info, Number(row.level), Number(row.analysis), row.org, row.orgc, row.tags, row.galaxies].some((value, at) => value !== now[at]);
	});
	return new Set(news.map(({ event }) => event.id.toString("latin1")));
}

function attributesOf({ event }: ChosenEvent, written: readonly PreparedAttribute[]): RecordChange[] {
	return written.flatMap(({ id, deleted }) => (deleted ? [] : [{ record: event.id, part: id }]));
}

/** Notes events that were written whole: all of one that says something else, of the others the attributes that are new or changed. */
export async function noteEvents(tx: Queryable, chosen: readonly ChosenEvent[], changes: readonly PartChanges[], news: ReadonlySet<string>, context: StoreContext): Promise<void> {
	const noted = chosen.flatMap((one, at): RecordChange[] => {
		if (news.has(one.event.id.toString("latin1"))) return [{ record: one.event.id }];
		const { fresh, changed } = changes[at] as PartChanges;
		return attributesOf(one, [...fresh, ...changed]);
	});
	await noteWritten(tx, "threat", noted, context);
}

/** Notes the row of an event whose attributes follow in portions, each of which notes its own: nothing is looked at twice. */
export async function noteBeginning(tx: Queryable, { event }: ChosenEvent, context: StoreContext): Promise<void> {
	await noteWritten(tx, "threat", [{ record: event.id, part: EVENT_ALONE }], context);
}

/** Notes a portion of an event's attributes. */
export async function noteAttributes(tx: Queryable, one: ChosenEvent, written: readonly PreparedAttribute[], context: StoreContext): Promise<void> {
	await noteWritten(tx, "threat", attributesOf(one, written), context);
}
