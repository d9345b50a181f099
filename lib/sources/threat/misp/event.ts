import { createHash } from "node:crypto";
import type { ThreatAttributeItem, ThreatItem, ThreatObjectItem } from "../event";
import { readAttribute, UnusablePart } from "./attribute";
import { galaxiesOf, MAX_NAME, orgOf, tagsOf } from "./context";
import { day, flag, given, isMembers, listOf, type Members, seconds, shortText, uuid, whole } from "./values";

/** Why a whole event cannot be kept. */
export class UnusableEvent extends Error {}

/** A part of an event that was set aside. */
export interface PartFault {
	/** `attribute 3`, `object 2, attribute 1` */
	where: string;
	reason: string;
	excerpt: string;
}

export interface ReadEvent {
	item: ThreatItem;
	faults: PartFault[];
}

function excerptOf(value: unknown): string {
	return (JSON.stringify(value) ?? "").slice(0, 300);
}

/** A UUID made of what something says: the same file read twice gives the same. */
function derivedUuid(...parts: string[]): string {
	const hex = createHash("sha256").update(parts.join("\0")).digest("hex");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Reads the parts of one event and keeps account of what could not be read. */
class EventReader {
	readonly faults: PartFault[] = [];
	readonly #event: string;
	readonly #modifiedAt: Date;
	/** MISP's UUIDs are unique; a file that says one twice means two different things by it */
	readonly #seen = new Set<string>();
	constructor(event: string, modifiedAt: Date) {
		this.#event = event;
		this.#modifiedAt = modifiedAt;
	}

	/** Runs `read` over a list; what it refuses is noted. */
	#each<T>(value: unknown, name: string, read: (members: Members, where: string) => T): T[] {
		if (value === undefined || value === null) return [];
		if (!Array.isArray(value)) {
			this.faults.push({ where: name, reason: `${name} is no list`, excerpt: excerptOf(value) });
			return [];
		}
		const found: T[] = [];
		for (const [at, member] of value.entries()) {
			const where = `${name} ${at + 1}`;
			try {
				if (!isMembers(member)) throw new UnusablePart("it is no object");
				found.push(read(member, where));
			} catch (error) {
				if (!(error instanceof UnusablePart)) throw error;
				this.faults.push({ where, reason: error.message, excerpt: excerptOf(member) });
			}
		}
		return found;
	}

	#once(id: string): string {
		if (this.#seen.has(id)) throw new UnusablePart(`its UUID ${id} stands twice in the event`);
		this.#seen.add(id);
		return id;
	}

	attributes(value: unknown, name: string, owner: { uuid: string; modifiedAt: Date; deleted: boolean }): ThreatAttributeItem[] {
		const identify = (type: string, text: string): string => derivedUuid(this.#event, owner.uuid, type, text);
		return this.#each(value, name, (members) => {
			const attribute = readAttribute(members, { modifiedAt: owner.modifiedAt, deleted: owner.deleted, identify });
			this.#once(attribute.uuid);
			return attribute;
		});
	}

	#references(value: unknown, name: string): ThreatObjectItem["references"] {
		return this.#each(value, name, (members) => {
			const toUuid = uuid(members.referenced_uuid) ?? uuid(isMembers(members.Object) ? members.Object.uuid : undefined) ?? uuid(isMembers(members.Attribute) ? members.Attribute.uuid : undefined);
			if (toUuid === undefined) throw new UnusablePart("it does not say what it refers to");
			const relationship = shortText(members.relationship_type, MAX_NAME) ?? "related-to";
			const id = uuid(members.uuid) ?? derivedUuid(this.#event, name, toUuid, relationship);
			return { uuid: this.#once(id), toUuid, relationship, ...given("comment", shortText(members.comment, 8000)), deleted: flag(members.deleted) };
		});
	}

	objects(value: unknown): ThreatObjectItem[] {
		return this.#each(value, "object", (members, where) => {
			const name = shortText(members.name, MAX_NAME);
			if (name === undefined) throw new UnusablePart("it has no name");
			const id = uuid(members.uuid);
			if (id === undefined) throw new UnusablePart("it has no UUID");
			this.#once(id);
			const modifiedAt = seconds(members.timestamp) ?? this.#modifiedAt;
			const deleted = flag(members.deleted);
			return {
				uuid: id,
				...given("serverId", whole(members.id)),
				name,
				...given("metaCategory", shortText(members["meta-category"] ?? members.meta_category, MAX_NAME)),
				...given("description", shortText(members.description, 8000)),
				...given("comment", shortText(members.comment, 8000)),
				modifiedAt,
				attributes: this.attributes(members.Attribute, `${where}, attribute`, { uuid: id, modifiedAt, deleted }),
				references: this.#references(members.ObjectReference, `${where}, reference`),
				deleted,
			};
		});
	}
}

function related(value: unknown): ThreatItem["related"] {
	const found = new Map<string, ThreatItem["related"][number]>();
	for (const entry of listOf(value)) {
		const event = isMembers(entry.Event) ? entry.Event : entry;
		const id = uuid(event.uuid);
		if (id === undefined || found.has(id)) continue;
		const orgc = orgOf(event.Orgc) ?? orgOf(entry.Orgc);
		found.set(id, {
			uuid: id,
			...given("serverId", whole(event.id)),
			info: shortText(event.info, 2000) ?? "",
			...given("date", day(event.date)),
			...given("orgc", orgc?.name),
		});
	}
	return [...found.values()];
}

function levelOf(value: unknown): ThreatItem["threatLevel"] {
	const level = whole(value);
	return level === 1 || level === 2 || level === 3 ? level : 4;
}

function analysisOf(value: unknown): ThreatItem["analysis"] {
	const analysis = whole(value);
	return analysis === 1 || analysis === 2 ? analysis : 0;
}

/**
 * One event of MISP's JSON (the members below `Event`). Throws `UnusableEvent` where it has no identity or no date to stand by;
 * parts that cannot be read are set aside and the event is marked incomplete, so that they do not count as deleted.
 */
export function readEvent(event: Members): ReadEvent {
	const id = uuid(event.uuid);
	if (id === undefined) throw new UnusableEvent(typeof event.uuid === "string" ? "its uuid is no UUID" : "it has no uuid");
	const publishedAt = seconds(event.publish_timestamp);
	const date = day(event.date);
	const modifiedAt = seconds(event.timestamp) ?? publishedAt ?? (date === undefined ? undefined : new Date(`${date}T00:00:00Z`));
	if (modifiedAt === undefined) throw new UnusableEvent("it has neither timestamp nor date");
	const reader = new EventReader(id, modifiedAt);
	const attributes = reader.attributes(event.Attribute, "attribute", { uuid: id, modifiedAt, deleted: false });
	const objects = reader.objects(event.Object);
	const listingOnly = !Array.isArray(event.Attribute) && !Array.isArray(event.Object);
	const item: ThreatItem = {
		kind: "event",
		uuid: id,
		...given("serverId", whole(event.id)),
		info: shortText(event.info, 60_000) ?? "(without a title)",
		date: date ?? modifiedAt.toISOString().slice(0, 10),
		threatLevel: levelOf(event.threat_level_id),
		analysis: analysisOf(event.analysis),
		published: flag(event.published),
		...given("publishedAt", publishedAt),
		modifiedAt,
		...given("org", orgOf(event.Org ?? event.org)),
		...given("orgc", orgOf(event.Orgc ?? event.orgc)),
		tags: tagsOf(event),
		galaxies: galaxiesOf(event),
		attributes,
		objects,
		related: related(event.RelatedEvent),
		...(reader.faults.length > 0 || listingOnly ? { incomplete: true } : {}),
	};
	return { item, faults: reader.faults };
}
