import type { Database, Queryable } from "@/lib/platform";

/** As a small plan of a hosted database: the answers it gave when somebody asked too much. */
export interface Limits {
	/** rows that one transaction, or one statement outside of any, may change */
	rows: number;
	error: { errno: number; message: string };
	/** how often it was too much, in and outside transactions */
	refusals: { inside: number; outside: number };
}

/** Rows that a statement gives or names, by its text. */
function rowsNamed(text: string): number {
	return (text.match(/\),\(|,x'/gi)?.length ?? 0) + 1;
}

/** The server itself raises the error, so it comes by whichever driver is in use, in that driver's shape. */
function raise(runner: Queryable, { errno, message }: Limits["error"]): Promise<never> {
	return runner.execute(`SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = '${message}'`).then(() => Promise.reject(new Error("no error came")));
}

/** A database that refuses transactions of more than so many rows, and undoes what they did until then. */
export function limitedDatabase(database: Database, limits: Limits): Database {
	return {
		kind: database.kind,
		db: database.db,
		query: (text) => database.query(text),
		close: () => database.close(),
		execute: async (text) => {
			if (!/^INSERT/.test(text) || rowsNamed(text) <= limits.rows) return database.execute(text);
			limits.refusals.outside++;
			return raise(database, limits.error);
		},
		transaction: (work) =>
			database.transaction((tx) => {
				let changed = 0;
				return work({
					db: tx.db,
					query: (text) => tx.query(text),
					execute: async (text) => {
						const done = await tx.execute(text);
						changed += done.affected;
						if (changed <= limits.rows) return done;
						limits.refusals.inside++;
						return raise(tx, limits.error);
					},
				});
			}),
	};
}
