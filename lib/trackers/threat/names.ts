import { type Database, database, lit } from "@/lib/platform";
import { raw } from "../record-tracker";

/** An organisation with what it made. */
export interface OrgSummary {
	id: string;
	name: string;
	uuid: string | null;
	events: number;
	attributes: number;
	newest: Date | null;
}

/** A tag with the events that carry it. */
export interface TagSummary {
	id: string;
	name: string;
	colour: string | null;
	events: number;
	newest: Date | null;
}

/** Most that a page shows; the search box narrows. */
export const NAMES_SHOWN = 500;

function holding(column: string, text: string | undefined): string {
	const wanted = (text ?? "").trim().toLowerCase();
	return wanted === "" ? "" : `WHERE LOWER(${column}) LIKE ${lit(`%${wanted.replace(/[!%_]/g, "!$&")}%`)} ESCAPE '!'`;
}

/** Organisations whose name holds a text, those that made most first. */
export async function threatOrgs(text: string | undefined, db: Database = database()): Promise<OrgSummary[]> {
	const rows = await db.query(
		`SELECT o.id, o.name, o.uuid, COUNT(e.id) AS events, COALESCE(SUM(e.attribute_count), 0) AS attributes, MAX(e.published_at) AS newest FROM threat_org o LEFT JOIN threat_event e ON e.orgc_id = o.id AND e.deleted_at IS NULL ${holding("o.name", text)} GROUP BY o.id, o.name, o.uuid ORDER BY events DESC, o.name LIMIT ${NAMES_SHOWN}`,
	);
	return rows.map((row) => ({ id: raw.hex(row.id), name: String(row.name), uuid: raw.text(row.uuid), events: Number(row.events), attributes: Number(row.attributes), newest: raw.date(row.newest) }));
}

/** Tags whose name holds a text, the most used first. */
export async function threatTags(text: string | undefined, db: Database = database()): Promise<TagSummary[]> {
	const rows = await db.query(
		`SELECT t.id, t.name, t.colour, COUNT(et.event_id) AS events, MAX(et.published_at) AS newest FROM threat_tag t LEFT JOIN threat_event_tag et ON et.tag_id = t.id ${holding("t.name", text)} GROUP BY t.id, t.name, t.colour ORDER BY events DESC, t.name LIMIT ${NAMES_SHOWN}`,
	);
	return rows.map((row) => ({ id: raw.hex(row.id), name: String(row.name), colour: raw.text(row.colour), events: Number(row.events), newest: raw.date(row.newest) }));
}
