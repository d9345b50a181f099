import type { StoredMatch } from "@/drizzle/schema";
import { type Database, lit, type Queryable } from "@/lib/platform";
import type { HuntDocument, HunterKind } from "./define";
import type { Matcher } from "./match";
import type { JudgeParts } from "./parts";
import type { HuntQuery } from "./query/query";
import { reasonOf } from "./waits";

/** A hunter as far as it matters which query of it is in force. */
export interface Member {
	/** 32 hex */
	id: string;
	revision: number;
	/** it has not seen everything the others have, and goes its own way until it has */
	isBehind: boolean;
}

interface MemberRow {
	id: Buffer;
	revision: number;
	state: string;
}

export function toMember({ id, revision, state }: MemberRow): Member {
	return { id: id.toString("hex"), revision: Number(revision), isBehind: state === "failing" };
}

const memberKey = ({ id, revision, isBehind }: Member): string => `${id}:${revision}:${isBehind ? 1 : 0}`;

/** Says which hunters there are, in which revision: the same text, the same matcher. */
export function squadKey(members: readonly Member[]): string {
	return members.map(memberKey).sort().join(",");
}

/** Those that are as they were when a key was made. */
export function unchanged<Some extends Member>(members: readonly Some[], key: string): Some[] {
	const before = new Set(key.split(","));
	return members.filter((member) => before.has(memberKey(member)));
}

export type Ranked = { id: string; query: HuntQuery };

/** A document that every hunter fails at: the fault is the document's. */
export class UnreadableDocument extends Error {}

const failedAt = ({ title }: HuntDocument, error: unknown): string => `It failed at "${title.slice(0, 80)}": ${reasonOf(error)}`;

/** Some hunters of a kind and their matcher. Those that cannot be used, or fail at a document, fall out with the reason. */
export class Squad {
	readonly failed = new Map<string, string>();
	#ranks: Ranked[];
	#matcher: Matcher;
	readonly #kind: HunterKind;
	readonly #compile: JudgeParts["compile"];
	readonly #isStrict: boolean;

	/** `isStrict`: nobody falls out at a document, it is unreadable where somebody fails at it. */
	constructor(ranks: readonly Ranked[], kind: HunterKind, compile: JudgeParts["compile"], { isStrict = false } = {}) {
		this.#kind = kind;
		this.#compile = compile;
		this.#isStrict = isStrict;
		this.#ranks = [...ranks];
		this.#matcher = this.#compiled();
	}

	get size(): number {
		return this.#ranks.length;
	}

	has(id: string): boolean {
		return this.#ranks.some((one) => one.id === id);
	}

	#compiled(): Matcher {
		const { fields } = this.#kind;
		try {
			const matcher = this.#compile(this.#ranks, fields);
			this.#drop(new Map(matcher.failed.map(({ id, reason }) => [id, `It cannot be used: ${reason}.`])));
			return matcher;
		} catch {
			// One of them cannot be compiled at all: the others must not pay for it.
			for (const rank of this.#ranks) {
				try {
					this.#compile([rank], fields);
				} catch (error) {
					this.#drop(new Map([[rank.id, `It cannot be used: ${reasonOf(error)}`]]));
				}
			}
			return this.#compile(this.#ranks, fields);
		}
	}

	#drop(ids: ReadonlyMap<string, string>): void {
		if (ids.size === 0) return;
		for (const [id, reason] of ids) this.failed.set(id, reason);
		this.#ranks = this.#ranks.filter(({ id }) => !ids.has(id));
	}

	/** The hunters that find a document. Throws `UnreadableDocument` where none of several can read it, and for a strict squad where one cannot. */
	match(document: HuntDocument): Map<string, StoredMatch[]> {
		try {
			return this.#matcher.match(document);
		} catch (error) {
			if (this.#isStrict) throw new UnreadableDocument(failedAt(document, error), { cause: error });
			return this.#oneByOne(document, error);
		}
	}

	#oneByOne(document: HuntDocument, cause: unknown): Map<string, StoredMatch[]> {
		const hits = new Map<string, StoredMatch[]>();
		const failed = new Map<string, string>();
		for (const rank of this.#ranks) {
			try {
				for (const [id, matches] of this.#compile([rank], this.#kind.fields).match(document)) hits.set(id, matches);
			} catch (error) {
				failed.set(rank.id, failedAt(document, error));
			}
		}
		if (failed.size === 0 || (failed.size > 1 && failed.size === this.#ranks.length)) throw new UnreadableDocument(reasonOf(cause), { cause });
		this.#drop(failed);
		this.#matcher = this.#compiled();
		return hits;
	}
}

/** Reads queries; those that cannot be read any more are told with the reason. */
export function readQueries(rows: ReadonlyArray<{ id: string; query: string }>, kind: HunterKind, parse: JudgeParts["parse"]): { ranks: Ranked[]; failed: Map<string, string> } {
	const ranks: Ranked[] = [];
	const failed = new Map<string, string>();
	for (const { id, query } of rows) {
		try {
			const parsed = parse(query, kind.fields);
			if (parsed.ok) ranks.push({ id, query: parsed.query });
			else failed.set(id, `Its query cannot be read any more: ${parsed.faults[0]?.message ?? "it is at fault"}`);
		} catch (error) {
			failed.set(id, `Its query cannot be read any more: ${reasonOf(error)}`);
		}
	}
	return { ranks, failed };
}

/** The enabled hunters of a kind, as they are now. */
export async function readMembers(db: Queryable, kind: HunterKind): Promise<Member[]> {
	return (await db.query<MemberRow>(`SELECT id, revision, state FROM hunter WHERE kind = ${lit(kind.id)} AND enabled = 1`)).map(toMember);
}

async function queriesOf(db: Queryable, kind: HunterKind): Promise<Array<{ id: string; query: string; revision: number }>> {
	const rows = await db.query<{ id: Buffer; query: string; revision: number }>(`SELECT id, query, revision FROM hunter WHERE kind = ${lit(kind.id)} AND enabled = 1`);
	return rows.map(({ id, query, revision }) => ({ id: id.toString("hex"), query, revision: Number(revision) }));
}

interface Known {
	key: string;
	squad: Squad;
	compile: JudgeParts["compile"];
}

/** Compiled once and kept while no hunter of the kind changes. */
const known = new WeakMap<Database, Map<string, Known>>();

/** The hunters of a kind that are well, compiled, and the key of what they were made of. */
export async function squadOf(kind: HunterKind, parts: JudgeParts): Promise<{ squad: Squad; key: string }> {
	const { database: db, parse, compile } = parts;
	const kept = known.get(db) ?? new Map<string, Known>();
	known.set(db, kept);
	const members = await readMembers(db, kind);
	const key = squadKey(members);
	const before = kept.get(kind.id);
	// One that fell out at a document is tried with the next one: whether it is well again is seen by itself.
	if (before !== undefined && before.key === key && before.compile === compile && before.squad.failed.size === 0) return { squad: before.squad, key };
	const well = new Map(members.filter(({ isBehind }) => !isBehind).map(({ id, revision }) => [id, revision]));
	// One that was changed between the two readings is found out when the outcome is written.
	const rows = (await queriesOf(db, kind)).filter(({ id, revision }) => well.get(id) === revision);
	const { ranks, failed } = readQueries(rows, kind, parse);
	const squad = new Squad(ranks, kind, compile);
	for (const [id, reason] of failed) squad.failed.set(id, reason);
	kept.set(kind.id, { key, squad, compile });
	return { squad, key };
}
