import { defineRecordSource, type Json, type PullReading, type RecordSource } from "@/lib/sources/record";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { readEventBody, readEvents } from "@/lib/sources/threat/misp/document";

/** MISP events of any size, and a source that provides them. */

export const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Seconds: the timestamp of an event's first state. */
export const FIRST = 1_793_491_200;

interface Shape {
	attributes: number;
	/** values differ by it */
	state?: number;
	/** published on another day */
	published?: boolean;
	from?: number;
}

/** An event as MISP writes it: attributes with comments and tags, and one in ten of them in objects that refer to each other. */
export function largeDocument(uuid: string, { attributes, state = 0, published = false, from = 0 }: Shape): Record<string, unknown> {
	const seed = Number(uuid.slice(-6)) * 1_000_000;
	const attribute = (at: number): Record<string, unknown> => ({
		uuid: uuidOf(seed + at),
		type: at % 3 === 0 ? "ip-dst" : "domain",
		category: "Network activity",
		// Every third value changes with the state.
		value: at % 3 === 0 ? `198.${at % 7}.${Math.floor(at / 250) % 250}.${at % 250}` : `host${at}${at % 3 === 1 ? `-${state}` : ""}.example.org`,
		comment: at % 50 === 0 ? `seen with hxxp://drop${at % 5}[.]example[.]net/a` : "",
		to_ids: true,
		timestamp: String(FIRST + state),
		...(at % 100 === 7 ? { Tag: [{ name: `tag:${at % 400}`, colour: "#112233" }] } : {}),
		...(at % 17 === 5 && state === 1 ? { deleted: true } : {}),
	});
	const all = Array.from({ length: attributes }, (_, at) => at + from);
	const inObjects = all.filter((at) => at % 10 === 0);
	return {
		uuid,
		info: `Campaign ${state}`,
		date: "2026-11-01",
		timestamp: String(FIRST + state),
		threat_level_id: "1",
		Orgc: { uuid: uuidOf(9), name: "CIRCL" },
		Tag: [{ name: "tlp:white", colour: "#ffffff" }],
		...(published ? { published: true, publish_timestamp: "1793750400" } : {}),
		Attribute: all.filter((at) => at % 10 !== 0).map(attribute),
		Object: inObjects.map((at) => ({
			uuid: uuidOf(seed + 500_000 + at),
			name: "file",
			Attribute: [attribute(at)],
			ObjectReference: [{ uuid: uuidOf(seed + 700_000 + at), referenced_uuid: uuidOf(seed + 500_000), relationship_type: "drops" }],
		})),
	};
}

/** The same as the store takes it. */
export function largeEvent(uuid: string, shape: Shape): ThreatItem {
	const [read] = [...readEvents({ Event: largeDocument(uuid, shape) })];
	if (read?.ok !== true) throw new Error("the event was set aside");
	return read.item;
}

/** A source that gives what its provider has at the moment, once a version. */
export function largeSource(provider: () => { items: ReadonlyArray<ThreatItem | ThreatRoster>; version: number }): RecordSource<"threat"> {
	const reading: PullReading<ThreatItem | ThreatRoster, Json> = {
		mode: "pull",
		next: async (mark) => {
			const { items, version } = provider();
			return { items: mark === version ? [] : items.map((item) => ({ ok: true as const, item, where: "test" })), mark: version, done: true };
		},
		parse: readEventBody,
	};
	return defineRecordSource<"threat">({
		id: "test-threat-large",
		name: "Test of large events",
		number: 9311,
		tracker: "threat",
		homepage: "https://example.com/",
		everyMinutes: 60,
		licence: { name: "none", redistributable: true },
		reading,
	});
}
