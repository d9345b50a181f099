import { ExistError } from "@/lib/errors";

interface MaybeDatabaseError {
	errno?: unknown;
	code?: unknown;
	message?: unknown;
	cause?: unknown;
	body?: { message?: unknown };
}

/**
 * MySQL's error number, wherever a driver put it: `errno` (mysql2), or in the text of the HTTP driver's answer
 * (`… (errno 1062) (sqlstate 23000)`). Null for errors that are none of the database's.
 */
export function errorNumber(error: unknown): number | null {
	let current = error as MaybeDatabaseError | undefined;
	for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth++) {
		if (typeof current.errno === "number" && current.errno > 0) return current.errno;
		for (const text of [current.body?.message, current.message]) {
			const match = typeof text === "string" ? /\(errno (\d+)\)/.exec(text) : null;
			if (match?.[1] !== undefined) return Number(match[1]);
		}
		current = current.cause as MaybeDatabaseError | undefined;
	}
	return null;
}

/** Deadlock and lock wait: the whole transaction was or must be undone and can simply run again. */
const RETRYABLE: ReadonlySet<number> = new Set([1213, 1205, 1020, 1040, 1290, 2006, 2013]);
const CONNECTION_CODES: ReadonlySet<string> = new Set(["PROTOCOL_CONNECTION_LOST", "ECONNRESET", "EPIPE", "ECONNREFUSED", "ETIMEDOUT", "ENOENT"]);

function connectionCode(error: unknown): string | null {
	let current = error as MaybeDatabaseError | undefined;
	for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth++) {
		if (typeof current.code === "string" && CONNECTION_CODES.has(current.code)) return current.code;
		current = current.cause as MaybeDatabaseError | undefined;
	}
	return null;
}

/** Whether running the same transaction again from its start makes sense. */
export function worthRepeating(error: unknown): boolean {
	const number = errorNumber(error);
	return (number !== null && RETRYABLE.has(number)) || connectionCode(error) !== null;
}

/** Whether a statement outside a transaction was certainly undone: it lost a deadlock, or waited too long for a lock. */
export function wasUndone(error: unknown): boolean {
	const number = errorNumber(error);
	return number === 1213 || number === 1205;
}

/** Packet larger than `max_allowed_packet`, transaction larger than the binary log's cache, more row locks than fit. */
const TOO_BIG: ReadonlySet<number> = new Set([1153, 1197, 1206]);
/** Vitess answers nearly everything with 1105 and says only in words that it was too many rows, too large or took too long. */
const VITESS = 1105;
const VITESS_TOO_BIG = /row count exceeded|exceeded timeout|deadline exceeded|too (?:big|large|many rows)|larger than max/i;

function messagesOf(error: unknown): string {
	const messages: unknown[] = [];
	let current = error as MaybeDatabaseError | undefined;
	for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth++) {
		messages.push(current.body?.message, current.message);
		current = current.cause as MaybeDatabaseError | undefined;
	}
	return messages.filter((message) => typeof message === "string").join("\n");
}

/** The same in two transactions may well succeed: it was too many rows, too many bytes or too long for one. */
export function isTooBig(error: unknown): boolean {
	const number = errorNumber(error);
	return number !== null && (TOO_BIG.has(number) || (number === VITESS && VITESS_TOO_BIG.test(messagesOf(error))));
}

/** A unique key is taken already (1062). */
export function isDuplicate(error: unknown): boolean {
	return errorNumber(error) === 1062;
}

/**
 * Takes the statement out of an error: it holds values, password hashes among them, and errors end in logs. mysql2 hangs it on as
 * `sql`, Vitess ends its message with it.
 */
function withoutStatement(error: unknown): void {
	let current = error as { sql?: unknown; cause?: unknown; message?: unknown; stack?: unknown; body?: { message?: unknown } } | undefined;
	for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth++) {
		if ("sql" in current) delete current.sql;
		for (const holder of [current, current.body] as Array<{ message?: unknown; stack?: unknown } | undefined>) {
			if (typeof holder?.message !== "string" || !STATEMENT.test(holder.message)) continue;
			holder.message = holder.message.replace(STATEMENT, "");
			if (typeof holder.stack === "string")
				holder.stack = `${String(holder.message)}\n${holder.stack
					.split("\n")
					.filter((line) => /^\s+at /.test(line))
					.join("\n")}`;
		}
		current = current.cause as typeof current;
	}
}

const STATEMENT = /,? ?:? ?Sql: ".*$/s;

/** A lost or refused connection, and tables that are not there yet, as errors for people; any other error as it is, without the statement that failed. */
export function explained(error: unknown): unknown {
	withoutStatement(error);
	const number = errorNumber(error);
	if (number === 1146) return new ExistError("unavailable", "The database lacks tables of this release. `npm run exist -- migrate` brings it up to date.", { cause: error });
	const gone = connectionCode(error) !== null || number === 2006 || number === 2013 || number === 1040 || number === 1053;
	if (!gone) return error;
	return new ExistError("unavailable", "The database does not answer. Check that it runs and that DATABASE_URL (or DATABASE_HOST) is right.", { retryAfter: 10, cause: error });
}
