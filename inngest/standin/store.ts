import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import type { FunctionConfig, SerializedError, StepResult, StoredEvent } from "./protocol";

/** What survives a restart: functions, events by id, runs, the results of their steps, and what is to be done when. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS fn (id TEXT PRIMARY KEY, config TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, name TEXT NOT NULL, received_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS run (
	id TEXT PRIMARY KEY, fn TEXT NOT NULL, event_id TEXT NOT NULL, event TEXT NOT NULL, state TEXT NOT NULL,
	created_at INTEGER NOT NULL, ended_at INTEGER, output TEXT, error TEXT, UNIQUE (fn, event_id));
CREATE INDEX IF NOT EXISTS run_state ON run (state, fn);
CREATE INDEX IF NOT EXISTS run_ended ON run (ended_at);
CREATE TABLE IF NOT EXISTS step (run TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY (run, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS work (
	run TEXT NOT NULL, step TEXT NOT NULL, kind TEXT NOT NULL, due_at INTEGER NOT NULL, attempt INTEGER NOT NULL, PRIMARY KEY (run, step)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS work_due ON work (due_at);
CREATE TABLE IF NOT EXISTS cron (fn TEXT NOT NULL, expression TEXT NOT NULL, next_at INTEGER NOT NULL, PRIMARY KEY (fn, expression)) WITHOUT ROWID;
`;

/** The step name of the protocol that means "go on and tell what comes next". */
export const DISCOVER = "step";

export interface Work {
	run: string;
	step: string;
	kind: "call" | "sleep";
	dueAt: number;
	attempt: number;
}

export interface DueWork extends Work {
	fn: string;
	event: StoredEvent;
}

export type RunState = "running" | "completed" | "failed";

export interface RunRecord {
	id: string;
	fn: string;
	event: StoredEvent;
	state: RunState;
	createdAt: number;
	endedAt: number | null;
	output: unknown;
	error: SerializedError | null;
}

type Row = Record<string, unknown>;

function toRun(row: Row): RunRecord {
	return {
		id: String(row.id),
		fn: String(row.fn),
		event: JSON.parse(String(row.event)) as StoredEvent,
		state: row.state as RunState,
		createdAt: Number(row.created_at),
		endedAt: row.ended_at === null ? null : Number(row.ended_at),
		output: row.output === null ? null : JSON.parse(String(row.output)),
		error: row.error === null ? null : (JSON.parse(String(row.error)) as SerializedError),
	};
}

/**
 * The stand-in's memory in one SQLite file. Everything that belongs together is written in one transaction, so a killed process
 * leaves either the state before an answer or after it; a step whose answer was not noted is done again.
 */
export class Store {
	readonly #db: DatabaseSync;
	readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

	/** Opens or creates the file; `:memory:` for none. */
	constructor(file: string) {
		this.#db = new DatabaseSync(file);
		this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000");
		this.#db.exec(SCHEMA);
	}

	close(): void {
		this.#db.close();
	}

	#run(text: string, ...values: Array<string | number | null>): number {
		return Number(this.#prepare(text).run(...values).changes);
	}

	#all(text: string, ...values: Array<string | number | null>): Row[] {
		return this.#prepare(text).all(...values) as Row[];
	}

	#prepare(text: string): ReturnType<DatabaseSync["prepare"]> {
		const statement = this.#statements.get(text) ?? this.#db.prepare(text);
		this.#statements.set(text, statement);
		return statement;
	}

	/** All of `work` or nothing. */
	transaction<T>(work: () => T): T {
		this.#db.exec("BEGIN IMMEDIATE");
		try {
			const result = work();
			this.#db.exec("COMMIT");
			return result;
		} catch (error) {
			this.#db.exec("ROLLBACK");
			throw error;
		}
	}

	functions(): FunctionConfig[] {
		return this.#all("SELECT config FROM fn ORDER BY id").map((row) => JSON.parse(String(row.config)) as FunctionConfig);
	}

	replaceFunctions(configs: readonly FunctionConfig[]): void {
		this.#run("DELETE FROM fn");
		for (const config of configs) this.#run("INSERT INTO fn (id, config) VALUES (?, ?)", config.id, JSON.stringify(config));
	}

	/** Notes an event; false where its id is known already. */
	noteEvent(event: StoredEvent, now: number): boolean {
		return this.#run("INSERT OR IGNORE INTO event (id, name, received_at) VALUES (?, ?, ?)", event.id, event.name, now) === 1;
	}

	/** Begins a run of a function for an event, once. */
	addRun(fn: string, event: StoredEvent, now: number): string | null {
		const id = randomUUID();
		const added = this.#run("INSERT OR IGNORE INTO run (id, fn, event_id, event, state, created_at) VALUES (?, ?, ?, ?, 'running', ?)", id, fn, event.id, JSON.stringify(event), now);
		if (added === 0) return null;
		this.addWork({ run: id, step: DISCOVER, kind: "call", dueAt: now, attempt: 0 });
		return id;
	}

	addWork(work: Work): void {
		this.#run("INSERT OR REPLACE INTO work (run, step, kind, due_at, attempt) VALUES (?, ?, ?, ?, ?)", work.run, work.step, work.kind, work.dueAt, work.attempt);
	}

	dropWork(run: string, step: string): void {
		this.#run("DELETE FROM work WHERE run = ? AND step = ?", run, step);
	}

	hasWork(run: string, step: string): boolean {
		return this.#all("SELECT 1 FROM work WHERE run = ? AND step = ?", run, step).length > 0;
	}

	workLeft(run: string): number {
		return Number(this.#all("SELECT COUNT(*) AS n FROM work WHERE run = ?", run)[0]?.n);
	}

	/** What is due, oldest first. */
	due(now: number): DueWork[] {
		return this.#all("SELECT w.*, r.fn, r.event FROM work w JOIN run r ON r.id = w.run WHERE w.due_at <= ? ORDER BY w.due_at, r.created_at", now).map((row) => ({
			run: String(row.run),
			step: String(row.step),
			kind: row.kind as Work["kind"],
			dueAt: Number(row.due_at),
			attempt: Number(row.attempt),
			fn: String(row.fn),
			event: JSON.parse(String(row.event)) as StoredEvent,
		}));
	}

	/** When the next thing that is not due yet becomes so; null where nothing waits. */
	nextTime(now: number): number | null {
		const times = this.#all("SELECT MIN(due_at) AS at FROM work WHERE due_at > ? UNION ALL SELECT MIN(next_at) FROM cron", now);
		const known = times
			.map((row) => row.at)
			.filter((at) => at !== null)
			.map(Number);
		return known.length === 0 ? null : Math.min(...known);
	}

	steps(run: string): Array<{ id: string; result: StepResult }> {
		return this.#all("SELECT id, result FROM step WHERE run = ? ORDER BY seq", run).map((row) => ({
			id: String(row.id),
			result: JSON.parse(String(row.result)) as StepResult,
		}));
	}

	/** Remembers a step's result; the first one stays. */
	noteStep(run: string, id: string, result: StepResult): void {
		this.#run("INSERT OR IGNORE INTO step (run, id, seq, result) VALUES (?, ?, (SELECT COUNT(*) FROM step WHERE run = ?), ?)", run, id, run, JSON.stringify(result));
	}

	endRun(run: string, state: "completed" | "failed", now: number, what: { output?: unknown; error?: SerializedError }): boolean {
		const { output, error } = what;
		const ended = this.#run(
			"UPDATE run SET state = ?, ended_at = ?, output = ?, error = ? WHERE id = ? AND state = 'running'",
			state,
			now,
			JSON.stringify(output ?? null),
			error === undefined ? null : JSON.stringify(error),
			run,
		);
		this.#run("DELETE FROM work WHERE run = ?", run);
		return ended === 1;
	}

	run(id: string): RunRecord | null {
		const row = this.#all("SELECT * FROM run WHERE id = ?", id)[0];
		return row === undefined ? null : toRun(row);
	}

	runs(state: RunState, limit: number): RunRecord[] {
		return this.#all("SELECT * FROM run WHERE state = ? ORDER BY created_at DESC, rowid DESC LIMIT ?", state, limit).map(toRun);
	}

	isRunning(fn: string): boolean {
		return this.#all("SELECT 1 FROM run WHERE state = 'running' AND fn = ? LIMIT 1", fn).length > 0;
	}

	counts(): Array<{ fn: string; state: string; runs: number }> {
		return this.#all("SELECT fn, state, COUNT(*) AS runs FROM run GROUP BY fn, state").map((row) => ({
			fn: String(row.fn),
			state: String(row.state),
			runs: Number(row.runs),
		}));
	}

	queued(): number {
		return Number(this.#all("SELECT COUNT(*) AS n FROM work")[0]?.n);
	}

	crons(): Array<{ fn: string; expression: string; nextAt: number }> {
		return this.#all("SELECT * FROM cron").map((row) => ({ fn: String(row.fn), expression: String(row.expression), nextAt: Number(row.next_at) }));
	}

	setCron(fn: string, expression: string, nextAt: number): void {
		this.#run("INSERT OR REPLACE INTO cron (fn, expression, next_at) VALUES (?, ?, ?)", fn, expression, nextAt);
	}

	dropCron(fn: string, expression: string): void {
		this.#run("DELETE FROM cron WHERE fn = ? AND expression = ?", fn, expression);
	}

	/** Forgets completed runs, and failed ones and event ids later. */
	prune(before: { completed: number; failed: number; events: number }): void {
		this.#run("DELETE FROM run WHERE (state = 'completed' AND ended_at < ?) OR (state = 'failed' AND ended_at < ?)", before.completed, before.failed);
		this.#run("DELETE FROM step WHERE run NOT IN (SELECT id FROM run)");
		this.#run("DELETE FROM event WHERE received_at < ?", before.events);
	}
}
