import { hash } from "node:crypto";
import { lit, type SqlValue } from "@/lib/platform";
import type { ThreatAttributeItem, ThreatItem, ThreatObjectItem, ThreatTag } from "@/lib/sources/threat/event";
import { derivedNumber, eventId, orgId, uuidBytes, valueKey } from "./identity";

/** A row of a part of an event, with a digest of all that is stored of it. */
export interface PreparedPart {
	id: Buffer;
	deleted: boolean;
	digest: Buffer;
	/** the VALUES tuple, made when it is needed: most parts of a known event did not change */
	tuple: () => string;
}

export interface PreparedAttribute extends PreparedPart {
	item: ThreatAttributeItem;
}

/** An event as it is to be stored. */
export interface PreparedEvent {
	id: Buffer;
	item: ThreatItem;
	where: string;
	publishedAt: Date;
	orgId: Buffer | null;
	orgcId: Buffer | null;
	attributes: PreparedAttribute[];
	objects: PreparedPart[];
	references: PreparedPart[];
	/** over the event and all of its parts */
	digest: Buffer;
}

/** The server's number of something, where numbers of this source count. */
type Numbering = (uuid: string, serverId: number | undefined) => number;

export function numbering(ofServer: boolean): Numbering {
	return (uuid, serverId) => (ofServer && serverId !== undefined && serverId > 0 ? serverId : derivedNumber(uuid));
}

function digestOf(values: readonly SqlValue[]): Buffer {
	const text = values.map((value) => (value instanceof Date ? value.toISOString() : value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value))).join("\u0001");
	return hash("sha256", text, "buffer").subarray(0, 8);
}

/** `said` is what the event says of the part, `columns` what is stored of it: numbers and keys are made only where they are written. */
function part(event: Buffer, id: Buffer, deleted: boolean, said: readonly SqlValue[], columns: () => readonly SqlValue[] = () => said): PreparedPart {
	const digest = digestOf([...said, deleted]);
	return { id, deleted, digest, tuple: () => `(${[event, id, ...columns(), deleted, digest].map(lit).join(",")})` };
}

function storedTags(tags: readonly ThreatTag[]): string | null {
	return tags.length === 0 ? null : JSON.stringify(tags);
}

/** In the order in which `part` writes them. */
export const ATTRIBUTE_COLUMNS = "event_id,id,number,object_id,type,category,value,value_key,comment,to_ids,relation,modified_at,first_seen,last_seen,tags,deleted,digest";

function attribute(event: Buffer, item: ThreatAttributeItem, object: Buffer | null, number: Numbering): PreparedAttribute {
	const tags = storedTags(item.tags);
	const before: SqlValue[] = [object, item.type, item.category, item.value];
	const after: SqlValue[] = [item.comment ?? null, item.toIds, item.relation ?? null, item.modifiedAt, item.firstSeen ?? null, item.lastSeen ?? null, tags];
	const columns = (): SqlValue[] => [number(item.uuid, item.serverId), ...before, valueKey(item.value), ...after];
	return { ...part(event, uuidBytes(item.uuid), item.deleted, [...before, ...after], columns), item };
}

export const OBJECT_COLUMNS = "event_id,id,number,name,meta_category,description,comment,modified_at,deleted,digest";

function object(event: Buffer, item: ThreatObjectItem, number: Numbering): PreparedPart {
	const said: SqlValue[] = [item.name, item.metaCategory ?? null, item.description ?? null, item.comment ?? null, item.modifiedAt];
	return part(event, uuidBytes(item.uuid), item.deleted, said, () => [number(item.uuid, item.serverId), ...said]);
}

export const REFERENCE_COLUMNS = "event_id,id,object_id,to_id,relationship,comment,deleted,digest";

function references(event: Buffer, item: ThreatObjectItem): PreparedPart[] {
	const from = uuidBytes(item.uuid);
	return item.references.map(({ uuid, toUuid, relationship, comment, deleted }) => part(event, uuidBytes(uuid), deleted || item.deleted, [from, uuidBytes(toUuid), relationship, comment ?? null]));
}

/** What an event is besides its parts; equal means that nothing about it changed. */
function eventValues(item: ThreatItem): SqlValue[] {
	return [
		item.info,
		item.date,
		item.threatLevel,
		item.analysis,
		item.published,
		item.publishedAt ?? null,
		item.modifiedAt,
		JSON.stringify([item.org ?? null, item.orgc ?? null, item.tags, item.galaxies, item.related]),
	];
}

/** Rows of an event and its parts. Pure. */
export function prepareEvent(item: ThreatItem, where: string, ofServer: boolean): PreparedEvent {
	const id = eventId(item.uuid);
	const number = numbering(ofServer);
	const attributes = [
		...item.attributes.map((one) => attribute(id, one, null, number)),
		...item.objects.flatMap((owner) => owner.attributes.map((one) => attribute(id, one, uuidBytes(owner.uuid), number))),
	];
	const objects = item.objects.map((one) => object(id, one, number));
	const refs = item.objects.flatMap((one) => references(id, one));
	const sum = (parts: readonly PreparedPart[]): Buffer => Buffer.concat(parts.flatMap((one) => [one.id, one.digest]));
	return {
		id,
		item,
		where,
		publishedAt: item.publishedAt ?? item.modifiedAt,
		orgId: item.org === undefined ? null : orgId(item.org),
		orgcId: item.orgc === undefined ? null : orgId(item.orgc),
		attributes,
		objects,
		references: refs,
		digest: digestOf([...eventValues(item), sum(attributes), sum(objects), sum(refs), item.incomplete === true]),
	};
}
