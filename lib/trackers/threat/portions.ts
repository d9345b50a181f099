import { lit, type Queryable } from "@/lib/platform";
import { countRecords, PlanOutdated, type Portion, readByIds, type StoreContext } from "@/lib/records";
import type { ThreatItem } from "@/lib/sources/threat/event";
import { type ChosenEvent, chooseEvents, type KnownEvent, type Located } from "./choose";
import { eventId, NO_DIGEST } from "./identity";
import { MentionReader } from "./mentions";
import { noteAttributes, noteBeginning } from "./news";
import type { PreparedAttribute, PreparedPart } from "./prepare";
import { moveDays, writeEventRows, writeTagNames } from "./write-events";
import { countToMove, dropNamed, moveNamedShare, writeNamedParts } from "./write-named";
import { ATTRIBUTES, compareParts, markGone, OBJECTS, REFERENCES, upsertParts, writeTexts } from "./write-parts";

/** Characters of values and comments that weigh as much as a part does. */
const PART_CHARACTERS = 2000;

function weightOf({ item }: Pick<PreparedAttribute, "item">): number {
	return 1 + Math.floor((item.value.length + (item.comment?.length ?? 0)) / PART_CHARACTERS);
}

function weightOfItem({ attributes, objects }: ThreatItem): number {
	const sum = (list: ThreatItem["attributes"]): number => list.reduce((total, item) => total + weightOf({ item }), 0);
	return sum(attributes) + objects.reduce((total, object) => total + 1 + object.references.length + sum(object.attributes), 0);
}

/** Cuts a list into runs that weigh `limit` at most, or hold one. */
function* cut<Part>(parts: readonly Part[], limit: number, weigh: (part: Part) => number = () => 1): Generator<Part[]> {
	let run: Part[] = [];
	let weight = 0;
	for (const part of parts) {
		const own = weigh(part);
		if (run.length > 0 && weight + own > limit) {
			yield run;
			run = [];
			weight = 0;
		}
		run.push(part);
		weight += own;
	}
	if (run.length > 0) yield run;
}

/** Attributes and objects of an event that are not deleted, as far as it is written. */
interface Standing {
	attributes: number;
	objects: number;
}

/** Takes from an event the mark of being whole, and says what it has so far. */
async function stand(tx: Queryable, event: Buffer, { attributes, objects }: Standing): Promise<void> {
	await tx.execute(`UPDATE threat_event SET digest = ${lit(NO_DIGEST)}, attribute_count = ${attributes}, object_count = ${objects} WHERE id = ${lit(event)}`);
}

interface Plan {
	attributes: Awaited<ReturnType<typeof compareParts<PreparedAttribute>>>[number];
	objects: Awaited<ReturnType<typeof compareParts<PreparedPart>>>[number];
	references: Awaited<ReturnType<typeof compareParts<PreparedPart>>>[number];
	/** mentions whose date changes */
	moved: number;
}

async function planEvent(db: Queryable, one: ChosenEvent): Promise<Plan> {
	const [attributes] = await compareParts(db, [one], ATTRIBUTES);
	const [objects] = await compareParts(db, [one], OBJECTS);
	const [references] = await compareParts(db, [one], REFERENCES);
	const moves = one.known !== undefined && one.known.published_at.getTime() !== one.event.publishedAt.getTime();
	return { attributes: attributes as Plan["attributes"], objects: objects as Plan["objects"], references: references as Plan["references"], moved: moves ? await countToMove(db, one) : 0 };
}

function changesOf({ attributes, objects, references, moved }: Plan): number {
	const written = [...attributes.fresh, ...attributes.changed].reduce((sum, attribute) => sum + weightOf(attribute), 0) + attributes.gone.length;
	return written + [objects, references].reduce((sum, { fresh, changed, gone }) => sum + fresh.length + changed.length + gone.length, 0) + moved;
}

/** The row of an event that is new or comes back, not whole and without parts: no attribute may stand without its event. */
function beginning(one: ChosenEvent, context: StoreContext): Portion {
	return async (tx) => {
		await writeEventRows(tx, [{ ...one, event: { ...one.event, digest: NO_DIGEST } }], [{ fresh: [], changed: [], gone: [], attributes: 0, objects: 0 }], context);
		await moveDays(tx, [one], 0, context);
		await noteBeginning(tx, one, context);
		return one.known === undefined ? { new: 1 } : {};
	};
}

/** How many more parts are there after some were written. */
function grown<Part extends PreparedPart>(parts: readonly Part[], wasActive: (part: Part) => boolean): number {
	return parts.reduce((sum, part) => sum + (part.deleted ? 0 : 1) - (wasActive(part) ? 1 : 0), 0);
}

function attributePortion(one: ChosenEvent, fresh: PreparedAttribute[], changed: PreparedAttribute[], standing: Standing, context: StoreContext): Portion {
	const written = [...fresh, ...changed];
	return async (tx) => {
		await upsertParts(tx, ATTRIBUTES, written);
		await writeTexts(tx, [{ event: one.event.id, changes: { fresh, changed } }]);
		await writeTagNames(
			tx,
			written.flatMap(({ item }) => item.tags),
		);
		await countRecords(tx, "threat", [], await writeNamedParts(tx, one, { fresh, changed, gone: [] }, [], new MentionReader(context.ownDomains), context), context);
		await stand(tx, one.event.id, standing);
		await noteAttributes(tx, one, written, context);
		return {};
	};
}

function gonePortion(event: Buffer, table: string, gone: readonly Buffer[], standing: Standing): Portion {
	return async (tx) => {
		await markGone(tx, table, event, gone);
		if (table === ATTRIBUTES.table) await dropNamed(tx, event, gone);
		await stand(tx, event, standing);
		return {};
	};
}

/** Everything of an event but what makes it whole. */
function* portionsOf(one: ChosenEvent, { attributes, objects, references, moved }: Plan, context: StoreContext, limit: number): Generator<Portion> {
	const { id } = one.event;
	let standing: Standing = { attributes: attributes.activeBefore, objects: objects.activeBefore };
	if (one.known === undefined || one.known.deleted_at !== null) yield beginning(one, context);
	for (const [kind, { fresh, changed, wasActive }] of [[OBJECTS, objects] as const, [REFERENCES, references] as const]) {
		for (const parts of cut([...fresh, ...changed], limit)) {
			if (kind === OBJECTS) standing = { ...standing, objects: standing.objects + grown(parts, wasActive) };
			const now = standing;
			yield async (tx) => {
				await upsertParts(tx, kind, parts);
				await stand(tx, id, now);
				return {};
			};
		}
	}
	for (const [fresh, changed] of [
		...[...cut(attributes.fresh, limit, weightOf)].map((parts) => [parts, []] as const),
		...[...cut(attributes.changed, limit, weightOf)].map((parts) => [[], parts] as const),
	]) {
		standing = { ...standing, attributes: standing.attributes + grown([...fresh, ...changed], attributes.wasActive) };
		yield attributePortion(one, [...fresh], [...changed], standing, context);
	}
	for (const gone of cut(attributes.gone, limit)) {
		standing = { ...standing, attributes: standing.attributes - gone.length };
		yield gonePortion(id, ATTRIBUTES.table, gone, standing);
	}
	for (const gone of cut(objects.gone, limit)) {
		standing = { ...standing, objects: standing.objects - gone.length };
		yield gonePortion(id, OBJECTS.table, gone, standing);
	}
	for (const gone of cut(references.gone, limit)) yield gonePortion(id, REFERENCES.table, gone, standing);
	const steps = Math.ceil(moved / limit);
	for (let step = 0; step < steps; step++) {
		const now = standing;
		yield async (tx) => {
			await moveNamedShare(tx, one, step, steps);
			await stand(tx, id, now);
			return {};
		};
	}
}

type State = Pick<KnownEvent, "source" | "digest" | "attribute_count" | "object_count" | "modified_at" | "deleted_at">;

function sameState(one: State | undefined, other: State | undefined): boolean {
	if (one === undefined || other === undefined) return one === other;
	const text = (state: State): string =>
		[state.source, state.digest.toString("hex"), state.attribute_count, state.object_count, state.modified_at.getTime(), state.deleted_at?.getTime() ?? 0].map(String).join(" ");
	return text(one) === text(other);
}

async function readState(tx: Queryable, event: Buffer, lock: boolean): Promise<State | undefined> {
	const rows = await tx.query<State>(`SELECT source, digest, attribute_count, object_count, modified_at, deleted_at FROM threat_event WHERE id = ${lit(event)}${lock ? " FOR UPDATE" : ""}`);
	return rows[0];
}

/**
 * The portions, each of which first makes sure that the event is still what the plan, or the portion before, left: another source may
 * write the same event meanwhile, and a plan made before that would mix the two.
 */
function* checked(one: ChosenEvent, portions: Iterable<Portion>): Generator<Portion> {
	let expected: State | undefined = one.known;
	for (const portion of portions) {
		yield async (tx) => {
			if (!sameState(await readState(tx, one.event.id, true), expected)) throw new PlanOutdated(`The event ${one.event.item.uuid}`);
			const counts = await portion(tx);
			expected = await readState(tx, one.event.id, false);
			return counts;
		};
	}
}

/** What each event may be to write, at most: its parts and those that are stored of it. */
async function weigh(db: Queryable, items: ReadonlyArray<Located<ThreatItem>>): Promise<Map<string, number>> {
	const weights = new Map<string, number>();
	for (const { item } of items) weights.set(item.uuid, Math.max(weights.get(item.uuid) ?? 0, 1 + weightOfItem(item)));
	const rows = await readByIds<{ uuid: string; n: number }>(db, [...weights.keys()].map(eventId), (list) => `SELECT uuid, attribute_count + object_count AS n FROM threat_event WHERE id IN (${list})`);
	for (const { uuid, n } of rows) weights.set(uuid, (weights.get(uuid) ?? 0) + Number(n));
	return weights;
}

/**
 * What of some events is more than one transaction shall write. The largest events are taken out of the batch until the rest fits;
 * of those, only what really changed counts.
 */
export async function* eventPortions(db: Queryable, items: ReadonlyArray<Located<ThreatItem>>, context: StoreContext, limit: number): AsyncGenerator<Portion> {
	const weights = await weigh(db, items);
	let rest = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
	if (rest <= limit) return;
	for (const [uuid, weight] of [...weights].sort((a, b) => b[1] - a[1])) {
		if (rest <= limit) return;
		rest -= weight;
		// One at a time, so that no more than one large event is compared in memory.
		const { chosen } = await chooseEvents(
			db,
			items.filter(({ item }) => item.uuid === uuid),
			context,
		);
		for (const one of chosen) {
			const plan = await planEvent(db, one);
			const changes = changesOf(plan);
			if (rest + changes <= limit) rest += changes;
			else yield* checked(one, portionsOf(one, plan, context, limit));
		}
	}
}
