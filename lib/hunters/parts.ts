import { type Database, database } from "@/lib/platform";
import type { HunterKind } from "./define";
import { hunterKinds } from "./kinds";
import { compileMatcher } from "./match";
import { parseQuery } from "./query/parse";

/** Where a judge stands, told to whoever watches. */
export type JudgePoint = "after-look-before-commit" | "after-commit" | "after-arrear";

/** Everything a judge needs from outside. */
export interface JudgeParts {
	database: Database;
	kinds: readonly HunterKind[];
	parse: typeof parseQuery;
	compile: typeof compileMatcher;
	now: () => Date;
	onPoint?: (point: JudgePoint) => void | Promise<void>;
}

/** Those of this installation. */
export function judgeParts(db: Database = database()): JudgeParts {
	return { database: db, kinds: hunterKinds, parse: parseQuery, compile: compileMatcher, now: () => new Date() };
}
