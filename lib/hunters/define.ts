import type { Indicator } from "@/lib/domain/indicator";
import type { Queryable } from "@/lib/platform";
import type { RecordChange } from "@/lib/records";
import type { HuntQuery, QueryFault } from "./query/query";

/** What a field of a record can be asked: text that holds words, a word that is or is not it, a number, a date, yes or no, an indicator. */
export type FieldKind = "text" | "word" | "number" | "flag" | "indicator";

/** A field that queries can name (`source:urlhaus`), and what is shown of it in the form's help. */
export interface HuntField {
	/** as queries write it, lower case */
	name: string;
	kind: FieldKind;
	/** words without a field look here too */
	bare: boolean;
	/** of what it holds, in few words */
	says: string;
	/** `source:urlhaus`, `score:>=9` */
	example: string;
}

/** A value of a field: what is not there is left out. */
export type FieldValue = string | readonly string[] | number | boolean;

/**
 * One record (or one part of one, with what it has of the whole) as queries see it. Texts are as they stand in the record: the matcher
 * folds case and forms itself.
 */
export interface HuntDocument {
	/** the record's id, 16 bytes */
	record: Buffer;
	/** number of the source it is shown under */
	source: number;
	/** the record's own date */
	at: Date;
	/** when it was first stored here; backtests estimate messages by it */
	arrived?: Date;
	/** what it tells, 16 bytes, where other records may tell the same: hits of it are told once */
	story?: Buffer;
	/** a part of a record, which comes as a document of its own as well */
	isPart?: boolean;
	/** one line, never empty */
	title: string;
	/** its page, from the root */
	path: string;
	fields: Readonly<Record<string, FieldValue | undefined>>;
	/** indicators that the record is about or names, in canonical form, without those of warning lists and of its own site */
	indicators: readonly Indicator[];
}

/** A kind of hunter: which records it looks at, and what can be asked of them. One file each in `kinds/`. */
export interface HunterKind {
	/** `threat`, as addresses and the database have it */
	id: string;
	/** name of the tracker whose records it looks at */
	tracker: string;
	title: string;
	/** one sentence for the form */
	says: string;
	/** for Slack: `:newspaper:` */
	icon: string;
	/** name the message is signed with */
	sender: string;
	fields: readonly HuntField[];
	/** queries that show what it can do */
	examples: ReadonlyArray<{ query: string; says: string }>;
	/** what is wrong with a query that can be read, where the kind has limits of its own. Asked when a person writes it, not later */
	refuses?: (query: HuntQuery) => readonly QueryFault[];
	/** the documents of some new or changed records, in batches of bounded size; records that are gone meanwhile are left out */
	documents(db: Queryable, changes: readonly RecordChange[]): AsyncIterable<readonly HuntDocument[]>;
	/**
	 * Every record whose own date is in [from, to), newest first, in batches: backtests and catching up. `sources`: only records of
	 * these numbers, where somebody knows that no other can matter.
	 */
	window(db: Queryable, from: Date, to: Date, sources?: readonly number[]): AsyncIterable<readonly HuntDocument[]>;
}

/** Checks a definition's shape at compile time. */
export function defineHunterKind(kind: HunterKind): HunterKind {
	return kind;
}
