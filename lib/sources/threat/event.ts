/**
 * A MISP event as EXIST keeps it: what MISP's JSON core format says, ids and numbers as numbers, dates as dates, whatever way it
 * came (server, static feed, file).
 * @see https://www.misp-standard.org/rfc/misp-standard-core.html
 */
export interface ThreatItem {
	kind: "event";
	/** lower case */
	uuid: string;
	/** the server's number where one server gave it; static feeds have none */
	serverId?: number;
	info: string;
	/** UTC day */
	date: string;
	/** 1 high, 2 medium, 3 low, 4 undefined */
	threatLevel: 1 | 2 | 3 | 4;
	/** 0 initial, 1 ongoing, 2 complete */
	analysis: 0 | 1 | 2;
	published: boolean;
	publishedAt?: Date;
	modifiedAt: Date;
	/** owner and creator */
	org?: ThreatOrg;
	orgc?: ThreatOrg;
	tags: readonly ThreatTag[];
	galaxies: readonly ThreatGalaxy[];
	/** those that stand in no object */
	attributes: readonly ThreatAttributeItem[];
	objects: readonly ThreatObjectItem[];
	/** UUIDs of events that MISP relates to this one */
	related: ReadonlyArray<{ uuid: string; serverId?: number; info: string; date?: string; orgc?: string }>;
	/**
	 * Something of the event could not be read (or it is only the line of a listing): what is missing from it is not gone at its
	 * source.
	 */
	incomplete?: boolean;
}

/** All events a source has at this moment: one of before that is missing was deleted there. */
export interface ThreatRoster {
	kind: "roster";
	/** lower case */
	uuids: readonly string[];
	/** events without attributes are not in the list, though they are there */
	filledOnly?: boolean;
}

export interface ThreatOrg {
	uuid?: string;
	name: string;
}

export interface ThreatTag {
	name: string;
	/** `#rrggbb`; anything else a server sends is left out */
	colour?: string;
}

export interface ThreatGalaxy {
	/** `threat-actor`, `mitre-attack-pattern` … */
	type: string;
	name: string;
	clusters: ReadonlyArray<{ value: string; tag?: string; description?: string }>;
}

export interface ThreatAttributeItem {
	uuid: string;
	serverId?: number;
	/** as MISP names it (`ip-dst`, `filename|sha256`); unknown ones are kept */
	type: string;
	category: string;
	value: string;
	comment?: string;
	toIds: boolean;
	modifiedAt: Date;
	/** relation within its object (`md5`, `filename`) */
	relation?: string;
	tags: readonly ThreatTag[];
	firstSeen?: Date;
	lastSeen?: Date;
	/** deleted at the source: kept, shown as such, no longer a mention */
	deleted: boolean;
}

export interface ThreatObjectItem {
	uuid: string;
	serverId?: number;
	name: string;
	metaCategory?: string;
	description?: string;
	comment?: string;
	modifiedAt: Date;
	attributes: readonly ThreatAttributeItem[];
	references: ReadonlyArray<{ uuid: string; toUuid: string; relationship: string; comment?: string; deleted: boolean }>;
	deleted: boolean;
}
