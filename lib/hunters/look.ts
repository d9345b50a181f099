import type { StoredMatch } from "@/drizzle/schema";
import type { Indicator } from "@/lib/domain/indicator";
import { ExistError } from "@/lib/errors";
import type { Queryable } from "@/lib/platform";
import type { RecordChange } from "@/lib/records";
import type { HuntDocument, HunterKind } from "./define";
import type { Change, Poison } from "./queue";
import type { Squad } from "./squad";
import { reasonOf } from "./waits";

/** A record that a hunter finds. */
export interface Find {
	/** 32 hex */
	hunter: string;
	/** as it is told; of a record with parts, the part that was found first */
	document: Pick<HuntDocument, "record" | "source" | "at" | "title" | "path" | "story">;
	matches: StoredMatch[];
	indicators: Indicator[];
	/** when the record was noted last */
	noted: Date;
}

/** What came of looking at some batches. */
export interface Looked {
	/** by hunter and record */
	finds: Map<string, Find>;
	poison: Poison[];
	/** entries that were looked at, from the first on */
	consumed: number;
}

export interface LookLimits {
	/** entries that are looked at */
	entries: number;
	/** of `performance.now()`: no further slice is begun then */
	until: number;
	/** looks for the entries that cannot be read, so that the others go on */
	isolate: boolean;
}

interface Item {
	change: Change;
	entry: RecordChange;
}

/** Records read at once; between two such slices the work can stop. */
const SLICE = 500;
/** Beyond so many finds the rest is for the next transaction. */
const MAX_FINDS = 3000;
/** More unreadable records than this in one batch are no exception: the batch fails as a whole. */
const MAX_POISON = 10;
const MAX_MATCHES = 20;
const MAX_INDICATORS = 10;

function add(finds: Map<string, Find>, hunter: string, document: HuntDocument, matches: readonly StoredMatch[], noted: Date): void {
	const key = `${hunter} ${document.record.toString("hex")}`;
	const before = finds.get(key);
	if (before === undefined) {
		const { record, source, at, title, path, story } = document;
		finds.set(key, {
			hunter,
			document: { record, source, at, title, path, ...(story === undefined ? {} : { story }) },
			matches: [...matches],
			indicators: document.indicators.slice(0, MAX_INDICATORS),
			noted,
		});
		return;
	}
	if (noted > before.noted) before.noted = noted;
	before.matches.push(...matches.slice(0, MAX_MATCHES - before.matches.length));
	const known = new Set(before.indicators.map(({ value }) => value));
	before.indicators.push(...document.indicators.filter(({ value }) => !known.has(value)).slice(0, MAX_INDICATORS - before.indicators.length));
}

function latest(items: readonly Item[]): Map<string, Date> {
	const noted = new Map<string, Date>();
	for (const { change, entry } of items) {
		const key = entry.record.toString("latin1");
		const before = noted.get(key);
		if (before === undefined || before < change.at) noted.set(key, change.at);
	}
	return noted;
}

async function readItems(db: Queryable, kind: HunterKind, squad: Squad, items: readonly Item[]): Promise<Map<string, Find>> {
	const finds = new Map<string, Find>();
	const noted = latest(items);
	for await (const documents of kind.documents(
		db,
		items.map(({ entry }) => entry),
	)) {
		for (const document of documents) {
			const at = noted.get(document.record.toString("latin1")) ?? new Date(0);
			for (const [hunter, matches] of squad.match(document)) add(finds, hunter, document, matches, at);
		}
	}
	return finds;
}

/** Reads items; where that fails and it is wanted, halves of them, down to those that cannot be read. */
async function readOrHalve(db: Queryable, kind: HunterKind, squad: Squad, items: readonly Item[], isolate: boolean, poison: Poison[]): Promise<Array<Map<string, Find>>> {
	try {
		return [await readItems(db, kind, squad, items)];
	} catch (error) {
		// A database that is away is nobody's fault here.
		if (!isolate || (error instanceof ExistError && error.code === "unavailable")) throw error;
		const [only] = items;
		if (items.length === 1 && only !== undefined) {
			poison.push({ ...only, reason: reasonOf(error) });
			if (poison.length > MAX_POISON) throw error;
			return [];
		}
		const half = Math.ceil(items.length / 2);
		return [...(await readOrHalve(db, kind, squad, items.slice(0, half), isolate, poison)), ...(await readOrHalve(db, kind, squad, items.slice(half), isolate, poison))];
	}
}

/** Holds the records of some batches against a kind's hunters, from the first entry on, as far as the limits allow. */
export async function look(db: Queryable, kind: HunterKind, squad: Squad, changes: readonly Change[], limits: LookLimits): Promise<Looked> {
	const items = changes.flatMap((change) => change.entries.map((entry) => ({ change, entry }))).slice(0, limits.entries);
	const looked: Looked = { finds: new Map(), poison: [], consumed: 0 };
	if (squad.size === 0) return { ...looked, consumed: items.length };
	while (looked.consumed < items.length) {
		const slice = items.slice(looked.consumed, looked.consumed + SLICE);
		const poison: Poison[] = [];
		const found = await readOrHalve(db, kind, squad, slice, limits.isolate, poison);
		for (const finds of found) {
			for (const [key, find] of finds) {
				const before = looked.finds.get(key);
				if (before === undefined) looked.finds.set(key, find);
				else if (find.noted > before.noted) before.noted = find.noted;
			}
		}
		looked.poison.push(...poison);
		looked.consumed += slice.length;
		if (looked.finds.size >= MAX_FINDS || performance.now() >= limits.until) break;
	}
	return looked;
}
