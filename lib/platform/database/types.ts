import type { MySqlDatabase, MySqlQueryResultHKT, PreparedQueryHKTBase } from "drizzle-orm/mysql-core";
import type * as schema from "@/drizzle/schema";

/** Drizzle over whichever driver is in use. */
export type Drizzle = MySqlDatabase<MySqlQueryResultHKT, PreparedQueryHKTBase, typeof schema>;

/** What works the same inside and outside a transaction, over both drivers. */
export interface Queryable {
	/** typed queries */
	readonly db: Drizzle;
	/**
	 * Rows of SQL text. The shape is the same over both drivers: binary as Buffer, DATETIME as Date (UTC), DATE as text,
	 * integers as number (beyond 2^53 as text), DECIMAL as text.
	 */
	query<T = Record<string, unknown>>(text: string): Promise<T[]>;
	/** Runs SQL text. `affected` counts rows that really changed; an upsert counts 1 for new and 2 for changed. */
	execute(text: string): Promise<{ affected: number }>;
}

export interface Database extends Queryable {
	readonly kind: "mysql2" | "planetscale";
	/** As `Queryable`; a deadlock or a lock wait that timed out has undone the statement, and it is done again, five times at most. */
	execute(text: string): Promise<{ affected: number }>;
	/**
	 * Runs `work` in one transaction. A deadlock, a lock wait that timed out or a connection lost before the commit was sent
	 * starts it again from the beginning (with jitter, five times at most), so `work` must have no effect of its own outside.
	 */
	transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}
