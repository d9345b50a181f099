import { randomBytes } from "node:crypto";
import { ExistError } from "@/lib/errors";
import { type Database, lit, type Queryable } from "@/lib/platform";
import type { SourceBasics } from "@/lib/sources/define";
import type { CredentialLimit } from "@/lib/sources/record";

/** Silence after which a run's holder counts as dead and somebody else may go on with it. */
export const LEASE_SECONDS = 150;

export type RunPhase = "fetch" | "apply" | "leave" | "text" | "done";

export interface RunRow {
	id: string;
	source: number;
	trigger: string;
	startedAt: Date;
	state: string;
	phase: RunPhase;
	cursor: number;
	blocks: number;
	fence: number;
	new: number;
	updated: number;
	unchanged: number;
	relisted: number;
	delisted: number;
	setAside: number;
	reason: string | null;
	outcome: RunOutcome | null;
}

/** What a finished run leaves in the source's state. */
export interface RunOutcome {
	etag?: string;
	lastModified?: string;
	/** hex */
	bodyDigest?: string;
	/** how often staging began anew because the body was another one */
	restarts?: number;
}

export interface StateRow {
	source: number;
	enabled: boolean;
	state: string;
	reason: string | null;
	failures: number;
	/** the trouble people were told of, not yet its end */
	toldState: string | null;
	lastRunAt: Date | null;
	lastOkAt: Date | null;
	nextRunAt: Date | null;
	etag: string | null;
	lastModified: string | null;
	bodyDigest: Buffer | null;
	presentCount: number;
	sightingCount: number;
	leaseRun: string | null;
	leaseUntil: Date | null;
	heldRun: string | null;
	limits: readonly CredentialLimit[];
}

/** Somebody else went on with this run; whoever gets this stops without writing. */
export class Superseded extends Error {
	constructor() {
		super("another worker took this run over");
		this.name = "Superseded";
	}
}

/** Time-ordered 16 bytes (48 bits of milliseconds, then random), so that newer runs sort last. */
export function newRunId(now: Date): string {
	const bytes = randomBytes(16);
	bytes.writeUIntBE(now.getTime(), 0, 6);
	return bytes.toString("hex");
}

export function runLit(run: string): string {
	return lit(Buffer.from(run, "hex"));
}

type Raw = Record<string, unknown>;

function date(value: unknown): Date | null {
	return value instanceof Date ? value : null;
}

/** Earlier releases kept one unlabelled limit there: whose it was is not known, so it is nobody's. */
function parseLimits(value: unknown): CredentialLimit[] {
	const limits: unknown = typeof value === "string" ? JSON.parse(value) : null;
	return Array.isArray(limits) ? (limits as CredentialLimit[]) : [];
}

function parseOutcome(value: unknown): RunOutcome | null {
	return typeof value === "string" ? (JSON.parse(value) as RunOutcome) : null;
}

export function toRun(raw: Raw): RunRow {
	return {
		id: (raw.id as Buffer).toString("hex"),
		source: Number(raw.source),
		trigger: String(raw.trigger),
		startedAt: raw.started_at as Date,
		state: String(raw.state),
		phase: raw.phase as RunPhase,
		cursor: Number(raw.cursor),
		blocks: Number(raw.blocks),
		fence: Number(raw.fence),
		new: Number(raw.rows_new),
		updated: Number(raw.rows_updated),
		unchanged: Number(raw.rows_unchanged),
		relisted: Number(raw.rows_relisted),
		delisted: Number(raw.rows_delisted),
		setAside: Number(raw.rows_set_aside),
		reason: raw.reason === null ? null : String(raw.reason),
		outcome: parseOutcome(raw.outcome),
	};
}

export function toState(raw: Raw): StateRow {
	const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));
	const hex = (value: unknown): string | null => (Buffer.isBuffer(value) ? value.toString("hex") : null);
	return {
		source: Number(raw.source),
		enabled: Number(raw.enabled) === 1,
		state: String(raw.state),
		reason: text(raw.reason),
		failures: Number(raw.failures),
		toldState: text(raw.told_state),
		lastRunAt: date(raw.last_run_at),
		lastOkAt: date(raw.last_ok_at),
		nextRunAt: date(raw.next_run_at),
		etag: text(raw.etag),
		lastModified: text(raw.last_modified),
		bodyDigest: Buffer.isBuffer(raw.body_digest) ? raw.body_digest : null,
		presentCount: Number(raw.present_count),
		sightingCount: Number(raw.sighting_count),
		leaseRun: hex(raw.lease_run),
		leaseUntil: date(raw.lease_until),
		heldRun: hex(raw.held_run),
		limits: parseLimits(raw.limits),
	};
}

/** Makes sure the source has a state row, under the name it has now. */
export async function ensureState(tx: Queryable, source: SourceBasics): Promise<void> {
	const enabled = source.enabledByDefault === false ? 0 : 1;
	await tx.execute(
		`INSERT INTO source_state (source, slug, name, enabled, state, reason, failures, present_count, sighting_count) VALUES (${source.number},${lit(source.id)},${lit(source.name.slice(0, 200))},${enabled},${lit(enabled === 1 ? "new" : "disabled")},${lit(enabled === 1 ? null : (source.offReason ?? null))},0,0,0) ON DUPLICATE KEY UPDATE name = VALUES(name)`,
	);
}

export async function readState(tx: Queryable, source: number, lock = false): Promise<StateRow | null> {
	const rows = await tx.query<Raw>(`SELECT * FROM source_state WHERE source = ${source}${lock ? " FOR UPDATE" : ""}`);
	return rows[0] === undefined ? null : toState(rows[0]);
}

/** Reads a run. Throws `not_found` naming the id. */
export async function readRun(tx: Queryable, run: string, lock = false): Promise<RunRow> {
	const rows = await tx.query<Raw>(`SELECT * FROM source_run WHERE id = ${runLit(run)}${lock ? " FOR UPDATE" : ""}`);
	if (rows[0] === undefined) throw new ExistError("not_found", `There is no run ${run}.`);
	return toRun(rows[0]);
}

/**
 * Locks the run's row and makes sure this worker still holds it at the place it thinks it is. Every transaction of a run
 * begins with this, so a worker that was presumed dead can no longer write.
 */
export async function holdRun(tx: Queryable, run: RunRow, now: Date): Promise<void> {
	const current = await readRun(tx, run.id, true);
	if (current.fence !== run.fence || current.phase !== run.phase || current.cursor !== run.cursor) throw new Superseded();
	// While it is staged, its blocks come to be; afterwards a number that differs means that somebody cut one.
	if (current.state !== "running" || (run.phase !== "fetch" && current.blocks !== run.blocks)) throw new Superseded();
	await renewLease(tx, run, now);
}

export async function renewLease(tx: Queryable, run: RunRow, now: Date): Promise<void> {
	const until = new Date(now.getTime() + LEASE_SECONDS * 1000);
	const { affected } = await tx.execute(`UPDATE source_state SET lease_until = ${lit(until)} WHERE source = ${run.source} AND lease_run = ${runLit(run.id)}`);
	if (affected === 0) {
		const state = await readState(tx, run.source);
		if (state?.leaseRun !== run.id) throw new Superseded();
	}
}

/** Removes the staged blocks of a run, a few at a time (blobs are large). */
export async function dropBlocks(database: Database, run: string): Promise<void> {
	for (;;) {
		const { affected } = await database.execute(`DELETE FROM run_block WHERE run = ${runLit(run)} LIMIT 100`);
		if (affected < 100) return;
	}
}
