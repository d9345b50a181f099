import type { ThreatGalaxy, ThreatOrg, ThreatTag } from "../event";
import { given, isMembers, listOf, type Members, shortText, text, uuid } from "./values";

/** Longest names that are kept whole; MISP's own columns hold 255. */
export const MAX_NAME = 255;
const MAX_DESCRIPTION = 8000;
const MAX_TAGS = 500;

/** `#rrggbb`, lower case. What else a server sends (`red;background:url(…)`, `#12`) is no colour. */
export function colour(value: unknown): string | undefined {
	if (typeof value !== "string") return undefined;
	const lower = value.trim().toLowerCase();
	if (/^#[0-9a-f]{6}$/.test(lower)) return lower;
	const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(lower);
	return short === null ? undefined : `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`;
}

function tagOf(value: Members): ThreatTag | undefined {
	const name = shortText(value.name, MAX_NAME);
	return name === undefined ? undefined : { name, ...given("colour", colour(value.colour)) };
}

/** Tags of an event or attribute, each name once: `Tag`, `EventTag`/`AttributeTag` of listings, and those of its galaxies' clusters. */
export function tagsOf(owner: Members): ThreatTag[] {
	const found = new Map<string, ThreatTag>();
	const wrapped = [...listOf(owner.EventTag), ...listOf(owner.AttributeTag)].map((item) => item.Tag).filter(isMembers);
	const clusters = [...listOf(owner.Galaxy).flatMap((galaxy) => listOf(galaxy.GalaxyCluster)), ...listOf(owner.GalaxyCluster)].map((cluster) => ({ name: cluster.tag_name }));
	for (const item of [...listOf(owner.Tag), ...wrapped, ...clusters]) {
		const tag = tagOf(item);
		if (tag === undefined) continue;
		const before = found.get(tag.name);
		if (before === undefined || (before.colour === undefined && tag.colour !== undefined)) found.set(tag.name, tag);
		if (found.size >= MAX_TAGS) break;
	}
	return [...found.values()];
}

/** Galaxies of an event with the clusters it names. */
export function galaxiesOf(owner: Members): ThreatGalaxy[] {
	return listOf(owner.Galaxy).flatMap((galaxy) => {
		const type = shortText(galaxy.type, MAX_NAME) ?? shortText(galaxy.name, MAX_NAME);
		if (type === undefined) return [];
		const clusters = listOf(galaxy.GalaxyCluster).flatMap((cluster) => {
			const value = shortText(cluster.value, 1000);
			return value === undefined ? [] : [{ value, ...given("tag", shortText(cluster.tag_name, MAX_NAME)), ...given("description", shortText(cluster.description, MAX_DESCRIPTION)) }];
		});
		return [{ type, name: shortText(galaxy.name, MAX_NAME) ?? type, clusters }];
	});
}

/** An organisation: an object today, a bare name before MISP 2.4. Undefined where there is none or it has no name. */
export function orgOf(value: unknown): ThreatOrg | undefined {
	const members = isMembers(value) ? value : { name: value };
	const name = shortText(members.name, MAX_NAME);
	return name === undefined || text(name) === undefined ? undefined : { name, ...given("uuid", uuid(members.uuid)) };
}
