import type { ThreatAttributeItem, ThreatItem, ThreatObjectItem, ThreatOrg, ThreatTag } from "@/lib/sources/threat/event";
import { type Convert, given, refused } from "./items";
import type { SeedRow, SeedStage } from "./stage";
import { seedDay, seedTime, seedTimeOrNever } from "./times";

/** UUIDs stand without dashes in MySQL. */
export function dashed(text: string | null | undefined): string | null {
	const hex = (text ?? "").replaceAll("-", "").toLowerCase();
	return /^[0-9a-f]{32}$/.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : null;
}

function flag(text: string | null | undefined): boolean {
	return text === "1" || text?.toLowerCase() === "true";
}

function number(text: string | null | undefined): { serverId: number } | Record<string, never> {
	const value = Number(text);
	return Number.isSafeInteger(value) && value > 0 ? { serverId: value } : {};
}

function level<Level extends number>(text: string | null | undefined, levels: readonly Level[], none: Level): Level {
	return levels.find((one) => String(one) === text) ?? none;
}

function org(stage: SeedStage, id: string | null | undefined): ThreatOrg | undefined {
	const row = stage.one("threat_org", id);
	if (row === null) return undefined;
	const uuid = dashed(row.uuid);
	return { name: row.name ?? "", ...(uuid === null ? {} : { uuid }) };
}

function tags(rows: readonly SeedRow[]): ThreatTag[] {
	return rows.flatMap(({ name, colour }) =>
		given(name) === undefined ? [] : [{ name: name as string, ...(colour !== null && /^#[0-9a-f]{6}$/i.test(colour ?? "") ? { colour: colour as string } : {}) }],
	);
}

/** What could not be taken of an event, counted by reason. */
class Notes {
	readonly #counts = new Map<string, number>();
	add(reason: string): void {
		this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
	}
	list(): string[] {
		return [...this.#counts].map(([reason, count]) => `${count} × ${reason}`);
	}
}

function attribute(row: SeedRow, stage: SeedStage, notes: Notes): ThreatAttributeItem | null {
	const uuid = dashed(row.uuid);
	const modifiedAt = seedTime(row.timestamp);
	if (uuid === null || modifiedAt === null || row.value === null) {
		notes.add(uuid === null ? "an attribute without a UUID was left out" : "an attribute without time or value was left out");
		return null;
	}
	const comment = given(row.comment);
	const relation = given(row.object_relation);
	return {
		uuid,
		...number(row.id),
		type: row.type ?? "",
		category: row.category ?? "",
		value: row.value ?? "",
		toIds: flag(row.to_ids),
		modifiedAt,
		tags: tags(stage.linked("threat_attribute_tags", "attribute_id", row.id as string, "tag_id", "threat_tag")),
		deleted: flag(row.deleted),
		...(comment === undefined ? {} : { comment }),
		...(relation === undefined ? {} : { relation }),
	};
}

function references(object: SeedRow, rows: readonly SeedRow[], notes: Notes) {
	return rows
		.filter((row) => row.object_id_id === object.id)
		.flatMap((row) => {
			const uuid = dashed(row.uuid);
			const toUuid = dashed(row.referenced_uuid);
			if (uuid === null || toUuid === null) {
				notes.add("a reference without a UUID was left out");
				return [];
			}
			const comment = given(row.comment);
			return [{ uuid, toUuid, relationship: row.relationship_type ?? "", deleted: flag(row.deleted), ...(comment === undefined ? {} : { comment }) }];
		});
}

function object(row: SeedRow, own: readonly ThreatAttributeItem[], pointing: readonly SeedRow[], notes: Notes): ThreatObjectItem | null {
	const uuid = dashed(row.uuid);
	const modifiedAt = seedTime(row.timestamp);
	if (uuid === null || modifiedAt === null) {
		notes.add("an object without UUID or time was taken apart: its attributes stand alone");
		return null;
	}
	const optional = { metaCategory: given(row.meta_category), description: given(row.description), comment: given(row.comment) };
	const named = Object.fromEntries(Object.entries(optional).filter(([, text]) => text !== undefined));
	return { uuid, ...number(row.id), name: row.name ?? "", ...named, modifiedAt, attributes: own, references: references(row, pointing, notes), deleted: flag(row.deleted) };
}

/**
 * Attributes of an event, those in objects and those alone. The original saved `object_id` as a key of its own name and linked
 * them a second time in a table; the saving of the key failed in its releases, so the table is asked where the key is empty.
 */
function contents(event: SeedRow, stage: SeedStage, notes: Notes): { attributes: ThreatAttributeItem[]; objects: ThreatObjectItem[] } {
	const id = event.id as string;
	const inObject = new Map<string, ThreatAttributeItem[]>();
	const alone: ThreatAttributeItem[] = [];
	const rows = stage.by("threat_object", "event_id", id);
	const known = new Set(rows.map((row) => row.id));
	for (const row of stage.by("threat_attribute", "event_id", id)) {
		const item = attribute(row, stage, notes);
		if (item === null) continue;
		const owner = row.object_id_id ?? stage.by("threat_object_attributes", "attribute_id", row.id as string)[0]?.object_id ?? null;
		if (owner !== null && known.has(owner)) inObject.set(owner, [...(inObject.get(owner) ?? []), item]);
		else alone.push(item);
	}
	const pointing = stage.by("threat_objectreference", "event_id", id);
	const objects = rows.flatMap((row) => {
		const own = inObject.get(row.id as string) ?? [];
		const item = object(row, own, pointing, notes);
		if (item === null) alone.push(...own);
		return item === null ? [] : [item];
	});
	return { attributes: alone, objects };
}

function related(event: SeedRow, stage: SeedStage): ThreatItem["related"] {
	return stage.linked("threat_event_relatedevents", "from_event_id", event.id as string, "to_event_id", "threat_event").flatMap((row) => {
		const uuid = dashed(row.uuid);
		const date = seedDay(row.date);
		return uuid === null ? [] : [{ uuid, ...number(row.id), info: row.info ?? "", ...(date === null ? {} : { date }) }];
	});
}

export const eventOf: Convert<"threat"> = (row, stage) => {
	const uuid = dashed(row.uuid);
	const date = seedDay(row.date);
	const modifiedAt = seedTime(row.timestamp);
	if (uuid === null) return refused(`its uuid ${JSON.stringify(row.uuid)} is none`);
	if (date === null) return refused(`its date ${JSON.stringify(row.date)} is no day`);
	if (modifiedAt === null) return refused(`its timestamp ${JSON.stringify(row.timestamp)} is no time`);
	const notes = new Notes();
	const publishedAt = seedTimeOrNever(row.publish_timestamp);
	const [owner, creator] = [org(stage, row.org_id), org(stage, row.orgc_id)];
	const { attributes, objects } = contents(row, stage, notes);
	// The original noted related events without their attributes: what is missing in such a row is not gone at its source.
	const incomplete = attributes.length === 0 && objects.length === 0;
	const item = {
		kind: "event" as const,
		uuid,
		...number(row.id),
		info: row.info ?? "",
		date,
		threatLevel: level(row.threat_level_id, [1, 2, 3, 4] as const, 4),
		analysis: level(row.analysis, [0, 1, 2] as const, 0),
		published: flag(row.published),
		modifiedAt,
		tags: tags(stage.linked("threat_event_tags", "event_id", row.id as string, "tag_id", "threat_tag")),
		galaxies: [],
		attributes,
		objects,
		related: related(row, stage),
		...(publishedAt === null ? {} : { publishedAt }),
		...(owner === undefined ? {} : { org: owner }),
		...(creator === undefined ? {} : { orgc: creator }),
		...(incomplete ? { incomplete: true } : {}),
	};
	return { ok: true, item, former: 0, notes: notes.list() };
};
