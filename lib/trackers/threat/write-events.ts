import { lit, type Queryable } from "@/lib/platform";
import { countRecords, insertInto, type StoreContext } from "@/lib/records";
import type { ThreatTag } from "@/lib/sources/threat/event";
import { mispServerEvents } from "@/lib/sources/threat/misp-server";
import type { KnownEvent, ChosenEvent as Written } from "./choose";
import { derivedNumber, tagId } from "./identity";
import { numbering, type PreparedEvent } from "./prepare";
import type { PartChanges } from "./write-parts";

const EVENT_COLUMNS =
	"id,number,uuid,source,info,day,level,analysis,published,published_at,modified_at,org_id,orgc_id,org,orgc,tags,galaxies,related,attribute_count,object_count,deleted_at,digest,created_at,updated_at";
/** Number and source stay what they were; so does when it was first stored. */
const KEPT: ReadonlySet<string> = new Set(["id", "number", "uuid", "source", "created_at"]);
const EVENT_UPDATE = `ON DUPLICATE KEY UPDATE ${EVENT_COLUMNS.split(",")
	.filter((name) => !KEPT.has(name))
	.map((name) => `${name} = VALUES(${name})`)
	.join(", ")}`;

/** Whether numbers of this source are the API's: those of the team's own server. */
export function isServer(context: StoreContext): boolean {
	return context.source.number === mispServerEvents.number;
}

/** Numbers for new events: the server's, unless another event has it already. */
async function numbersFor(tx: Queryable, fresh: readonly PreparedEvent[], context: StoreContext): Promise<ReadonlyMap<PreparedEvent, number>> {
	const wanted = new Map(fresh.flatMap((event) => (isServer(context) && event.item.serverId !== undefined && event.item.serverId > 0 ? [[event, event.item.serverId] as const] : [])));
	const taken = new Set<number>();
	if (wanted.size > 0) {
		for (const { number } of await tx.query<{ number: number }>(`SELECT number FROM threat_event WHERE number IN (${[...new Set(wanted.values())].join(",")})`)) taken.add(Number(number));
	}
	const numbers = new Map<PreparedEvent, number>();
	for (const event of fresh) {
		const server = wanted.get(event);
		const number = server !== undefined && !taken.has(server) ? server : derivedNumber(event.item.uuid);
		taken.add(number);
		numbers.set(event, number);
	}
	return numbers;
}

function eventTuple(event: PreparedEvent, number: number, changes: PartChanges, context: StoreContext): string {
	const { item } = event;
	return `(${[
		event.id,
		number,
		item.uuid,
		context.source.number,
		item.info,
		item.date,
		item.threatLevel,
		item.analysis,
		item.published,
		event.publishedAt,
		item.modifiedAt,
		event.orgId,
		event.orgcId,
		item.org?.name ?? null,
		item.orgc?.name ?? null,
		JSON.stringify(item.tags),
		JSON.stringify(item.galaxies),
		JSON.stringify(item.related.map(({ serverId, ...related }) => ({ ...related, number: numbering(isServer(context))(related.uuid, serverId) }))),
		changes.attributes,
		changes.objects,
		null,
		event.digest,
		context.at,
		context.at,
	]
		.map(lit)
		.join(",")})`;
}

/** Names of tags, each with the first colour that is said of it. Ascending by id, so that two writers do not deadlock. */
export async function writeTagNames(tx: Queryable, said: Iterable<ThreatTag>): Promise<void> {
	const tags = new Map<string, { id: Buffer; name: string; colour: string | null }>();
	for (const { name, colour } of said) {
		const before = tags.get(name);
		if (before === undefined) tags.set(name, { id: tagId(name), name, colour: colour ?? null });
		else before.colour ??= colour ?? null;
	}
	const sorted = [...tags.values()].sort((a, b) => a.id.compare(b.id));
	await insertInto(
		tx,
		"INSERT INTO threat_tag (id,name,colour) VALUES",
		sorted.map(({ id, name, colour }) => `(${lit(id)},${lit(name)},${lit(colour)})`),
		"ON DUPLICATE KEY UPDATE colour = COALESCE(VALUES(colour), colour)",
	);
}

/** Tags of events and attributes, organisations: names that pages list. */
async function writeNames(tx: Queryable, written: readonly Written[], changes: readonly PartChanges[], context: StoreContext): Promise<void> {
	const tags: ThreatTag[] = [];
	const orgs = new Map<string, string>();
	for (const [at, { event }] of written.entries()) {
		const { item, orgId, orgcId } = event;
		const { fresh, changed } = changes[at] as PartChanges;
		tags.push(...item.tags);
		for (const attribute of [...fresh, ...changed]) tags.push(...attribute.item.tags);
		for (const [id, org] of [[orgId, item.org] as const, [orgcId, item.orgc] as const]) if (id !== null && org !== undefined) orgs.set(`${lit(id)},${lit(org.uuid ?? null)}`, org.name);
	}
	await writeTagNames(tx, tags);
	await insertInto(
		tx,
		"INSERT INTO threat_org (id,uuid,name) VALUES",
		[...orgs].sort().map(([keys, name]) => `(${keys},${lit(name)})`),
		// What an organisation is called is the team's server's to change; a feed could call one by another's name.
		isServer(context) ? "ON DUPLICATE KEY UPDATE name = VALUES(name)" : "ON DUPLICATE KEY UPDATE id = id",
	);
}

async function writeEventTags(tx: Queryable, written: readonly Written[]): Promise<void> {
	const known = written.filter((one) => one.known !== undefined).map(({ event }) => lit(event.id));
	if (known.length > 0) await tx.execute(`DELETE FROM threat_event_tag WHERE event_id IN (${known.join(",")})`);
	const tuples = written.flatMap(({ event }) => event.item.tags.map(({ name }) => `(${lit(tagId(name))},${lit(event.id)},${lit(event.publishedAt)})`));
	await insertInto(tx, "INSERT INTO threat_event_tag (tag_id,event_id,published_at) VALUES", tuples.sort(), "ON DUPLICATE KEY UPDATE published_at = VALUES(published_at)");
}

/** Writes the rows of events themselves, and the names that hang on them. */
export async function writeEventRows(tx: Queryable, written: readonly Written[], changes: readonly PartChanges[], context: StoreContext): Promise<void> {
	const numbers = await numbersFor(
		tx,
		written.filter(({ known }) => known === undefined).map(({ event }) => event),
		context,
	);
	const tuples = written.map(({ event, known }, at) => eventTuple(event, known === undefined ? (numbers.get(event) as number) : Number(known.number), changes[at] as PartChanges, context));
	await insertInto(tx, `INSERT INTO threat_event (${EVENT_COLUMNS}) VALUES`, tuples, EVENT_UPDATE);
	await writeNames(tx, written, changes, context);
	await writeEventTags(tx, written);
}

/** Takes events out of the day counts of the source that counted them. */
export async function uncount(tx: Queryable, events: ReadonlyArray<Pick<KnownEvent, "source" | "published_at">>): Promise<void> {
	const counts = new Map<string, number>();
	for (const { source, published_at } of events) {
		const key = `source = ${Number(source)} AND day = ${lit(published_at.toISOString().slice(0, 10))}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	for (const [key, count] of [...counts].sort()) await tx.execute(`UPDATE daily_count SET records = GREATEST(records - ${count}, 0) WHERE tracker = 'threat' AND ${key}`);
}

/** Counts new events, and those that came back or moved to another day where they now belong. */
export async function moveDays(tx: Queryable, written: readonly Written[], indicators: number, context: StoreContext): Promise<void> {
	const day = (date: Date): string => date.toISOString().slice(0, 10);
	const moved = written.flatMap(({ event, known }) => (known !== undefined && known.deleted_at === null && day(known.published_at) !== day(event.publishedAt) ? [{ event, known }] : []));
	await uncount(
		tx,
		moved.map(({ known }) => known),
	);
	await countRecords(
		tx,
		"threat",
		written.filter(({ known }) => known === undefined).map(({ event }) => event.publishedAt),
		indicators,
		context,
	);
	// Known events stay with the source that brought them first.
	for (const { event, known } of written) {
		if (known === undefined || (known.deleted_at === null && day(known.published_at) === day(event.publishedAt))) continue;
		await countRecords(tx, "threat", [event.publishedAt], 0, { ...context, source: { ...context.source, number: Number(known.source) } });
	}
}
