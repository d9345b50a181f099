import type { ThreatAttributeItem } from "../event";
import { MAX_NAME, tagsOf } from "./context";
import { flag, given, type Members, moment, seconds, shortText, text, uuid, whole } from "./values";

/** Longest value that is kept; MISP's column holds 65,535 bytes, YARA rules in files come longer. */
export const MAX_VALUE = 400_000;
const MAX_COMMENT = 60_000;

/** Why an attribute, object or reference cannot be kept; it is set aside with this reason, the event stays. */
export class UnusablePart extends Error {}

/** What an attribute inherits where it says nothing itself. */
export interface AttributeDefaults {
	modifiedAt: Date;
	/** the object it stands in was deleted */
	deleted: boolean;
	/** UUID for an attribute that has none (events written by hand), from what it says */
	identify: (type: string, value: string) => string;
}

/** One attribute. Throws `UnusablePart` with the reason. Binary `data` (samples, screenshots) is never taken over. */
export function readAttribute(members: Members, defaults: AttributeDefaults): ThreatAttributeItem {
	const type = text(members.type);
	if (type === undefined) throw new UnusablePart("it has no type");
	if (type.length > 100) throw new UnusablePart(`its type has ${type.length} characters, at most 100 are kept`);
	const value = text(members.value);
	if (value === undefined) throw new UnusablePart("it has no value");
	if (value.length > MAX_VALUE) throw new UnusablePart(`its value has ${value.length.toLocaleString("en")} characters, at most ${MAX_VALUE.toLocaleString("en")} are kept`);
	if (members.uuid !== undefined && members.uuid !== null && members.uuid !== "" && uuid(members.uuid) === undefined) throw new UnusablePart("its uuid is no UUID");
	return {
		uuid: uuid(members.uuid) ?? defaults.identify(type, value),
		...given("serverId", whole(members.id)),
		type,
		category: shortText(members.category, MAX_NAME) ?? "Other",
		value,
		...given("comment", shortText(members.comment, MAX_COMMENT)),
		toIds: flag(members.to_ids),
		modifiedAt: seconds(members.timestamp) ?? defaults.modifiedAt,
		...given("relation", shortText(members.object_relation, MAX_NAME)),
		tags: tagsOf(members),
		...given("firstSeen", moment(members.first_seen)),
		...given("lastSeen", moment(members.last_seen)),
		deleted: defaults.deleted || flag(members.deleted),
	};
}
