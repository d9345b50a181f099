import { hostKey } from "@/lib/domain/host";
import type { Indicator } from "@/lib/domain/indicator";
import { cidrRange } from "@/lib/domain/range";
import { indicatorId } from "@/lib/indicators/identity";
import { parseWords, type Word, wordCondition } from "@/lib/indicators/words";
import { type Database, lit } from "@/lib/platform";
import { type AnyTracker, trackers } from "@/lib/trackers";

/** Records of one tracker that name an indicator or hold words, newest first. */
export interface RecordGroup {
	tracker: string;
	title: string;
	/** a floor where `more` is set */
	total: number;
	more: boolean;
	/** in the tracker's own shape, without their texts */
	rows: unknown[];
	/** oldest and newest date of the records that were counted */
	first: Date;
	last: Date;
}

/** Records that are counted at most. */
const CAP = 2000;
/** Newest records of a tracker that are looked at when a word is too common for any index. */
const DENSE_ROWS = 5000;

interface Hit {
	tracker: string;
	record_id: Buffer;
	at: Date;
}

const HIT = "m.tracker, m.record_id, MAX(m.at) AS at";

/** Tables and condition that find the mentions of an indicator: its own, and those of what lies under or inside it. */
function mentionsOf(indicator: Indicator): string {
	const id = lit(indicatorId(indicator));
	const key = hostKey(indicator);
	const joined = "indicator i STRAIGHT_JOIN mention m ON m.indicator_id = i.id";
	switch (indicator.type) {
		case "domain": {
			if (key === null) break;
			// The last byte after `.` in ASCII order is `/`, so `[key., key/)` is everything below a host.
			return `${joined} WHERE (i.host_key = ${lit(key)} OR (i.host_key >= ${lit(`${key}.`)} AND i.host_key < ${lit(`${key}/`)}))`;
		}
		case "ipv4":
		case "ipv6":
			return `${joined} WHERE (i.id = ${id} OR i.host_key = ${lit(indicator.value)})`;
		case "cidr": {
			const { from, to } = cidrRange(indicator.value);
			return `${joined} WHERE i.ip_from BETWEEN ${lit(from)} AND ${lit(to)} AND i.ip_to <= ${lit(to)}`;
		}
		case "md5":
		case "sha1":
		case "sha256":
			return `mention m WHERE m.indicator_id = ${id} OR m.indicator_id IN (SELECT sibling_id FROM hash_sibling WHERE indicator_id = ${id})`;
		default:
	}
	return `mention m WHERE m.indicator_id = ${id}`;
}

async function readRows(db: Database, tracker: AnyTracker, hits: readonly Hit[]): Promise<unknown[]> {
	if (hits.length === 0) return [];
	const list = hits.map((hit) => lit(hit.record_id)).join(",");
	const found = await db.query(`SELECT ${tracker.light ?? tracker.select} FROM ${tracker.from} WHERE ${tracker.order.id} IN (${list})`);
	const rows = new Map(found.map((raw) => tracker.toRow(raw)).map((row) => [String((row as { id: string }).id), row as unknown]));
	return hits.flatMap((hit) => rows.get(hit.record_id.toString("hex")) ?? []);
}

/** `capped`: the hits of all trackers together were cut, so that each count is a floor. */
async function grouped(db: Database, hits: readonly Hit[], limit: number, capped = false): Promise<RecordGroup[]> {
	const groups: RecordGroup[] = [];
	for (const tracker of trackers) {
		if (tracker.page === undefined || tracker.isSighting === true) continue;
		const own = hits.filter((hit) => hit.tracker === tracker.name).sort((a, b) => b.at.getTime() - a.at.getTime());
		const [newest, oldest] = [own[0], own.at(-1)];
		if (newest === undefined || oldest === undefined) continue;
		groups.push({
			tracker: tracker.name,
			title: tracker.title,
			total: own.length,
			more: own.length >= CAP || capped,
			rows: await readRows(db, tracker, own.slice(0, limit)),
			first: oldest.at,
			last: newest.at,
		});
	}
	return groups;
}

/** Records that some mentions (tables and condition over `m`) belong to. One query for all, one a tracker for its rows. */
export async function recordsOf(db: Database, mentions: string, limit: number): Promise<RecordGroup[]> {
	const hits = await db.query<Hit>(`SELECT ${HIT} FROM ${mentions} GROUP BY m.tracker, m.record_id ORDER BY at DESC LIMIT ${CAP}`);
	return grouped(db, hits, limit, hits.length >= CAP);
}

/** Records of every tracker that name an indicator, or what lies under or inside it. */
export function recordsNaming(indicator: Indicator, limit: number, db: Database): Promise<RecordGroup[]> {
	return recordsOf(db, mentionsOf(indicator), limit);
}

/** Records of a tracker that says itself which of them hold all of the words. */
async function holdingWords(tracker: AnyTracker, words: readonly Word[], db: Database): Promise<Hit[]> {
	const { joins, conditions } = (await tracker.holding?.(words, db)) ?? { joins: [], conditions: ["1 = 0"] };
	const { time, id } = tracker.order;
	return db.query<Hit>(
		`SELECT ${lit(tracker.name)} AS tracker, ${id} AS record_id, ${time} AS at FROM ${tracker.from} ${joins.join(" ")} WHERE ${conditions.join(" AND ")} ORDER BY ${time} DESC LIMIT ${CAP}`,
	);
}

/** Records of every tracker that hold all of the words. */
export async function recordsWith(text: string, limit: number, db: Database): Promise<RecordGroup[]> {
	const words = parseWords(text);
	if (words.length === 0) return [];
	const found = await wordCondition(db, words, false, "records");
	const conditions = found.conditions.join(" AND ");
	const byText = (name: string): Promise<Hit[]> => {
		const own = `tracker = ${lit(name)}`;
		const from = found.dense ? `(SELECT * FROM record_text WHERE ${own} ORDER BY at DESC LIMIT ${DENSE_ROWS}) t WHERE` : `record_text t WHERE ${found.match} AND t.${own} AND`;
		return db.query<Hit>(`SELECT t.tracker, t.record_id, t.at FROM ${from} ${conditions} ORDER BY t.at DESC LIMIT ${CAP}`);
	};
	const named = trackers.filter((tracker) => tracker.page !== undefined && tracker.isSighting !== true);
	// One question a tracker: the many records of one must not crowd out the few of another.
	const parts = await Promise.all(
		[...new Set(named.map(({ name }) => name))].map((name) => {
			const tracker = named.find((one) => one.name === name && one.holding !== undefined);
			return tracker === undefined ? byText(name) : holdingWords(tracker, words, db);
		}),
	);
	return grouped(db, parts.flat(), limit);
}
