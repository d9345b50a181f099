import { audit } from "@/lib/auth/audit";
import { ExistError, shown } from "@/lib/errors";
import { lit } from "@/lib/platform";
import { type CaptureContext, captureContext } from "./context";
import { dropParts } from "./parts";
import { type CaptureRow, COLUMNS, GIVEN_UP_MS, givenUp, LOST_MS, toCapture } from "./rows";
import { failCapture, idOf, kept } from "./store";

/** Captures of one batch. */
const BATCH = 100;

/** Keeps a capture beyond its time, or lets it go: then it has as many days as a new one. */
export async function pinCapture(text: string, pinned: boolean, by: string, context: CaptureContext = captureContext()): Promise<void> {
	const id = idOf(text);
	await context.database.transaction(async (tx) => {
		const now = context.now();
		const [row] = await tx.query<CaptureRow>(`SELECT ${COLUMNS} FROM capture WHERE id = ${lit(id)} AND ${kept(now)} FOR UPDATE`);
		if (row === undefined) throw new ExistError("not_found", `There is no capture "${shown(text, 40)}". It may have reached its end meanwhile.`);
		if ((row.pinned_by !== null) === pinned) return;
		const expires = new Date(now.getTime() + context.days * 86_400_000);
		await tx.execute(`UPDATE capture SET pinned_by = ${lit(pinned ? by : null)}${pinned ? "" : `, expires_at = ${lit(expires)}`} WHERE id = ${lit(id)}`);
		await audit(by, pinned ? "capture.pin" : "capture.unpin", text, { url: row.url }, tx);
	});
}

/** Captures that will never be over: noted as failed. */
async function endDead(context: CaptureContext): Promise<void> {
	const now = context.now();
	const before = (ms: number): string => lit(new Date(now.getTime() - ms));
	const rows = await context.database.query<CaptureRow>(
		`SELECT ${COLUMNS} FROM capture WHERE state IN ('queued','resolving','visiting','storing') AND (lease_until < ${before(GIVEN_UP_MS)} OR (lease_until IS NULL AND requested_at < ${before(LOST_MS)})) LIMIT ${BATCH}`,
	);
	for (const row of rows) {
		const reason = givenUp(row, now);
		if (reason !== null) await failCapture(toCapture(row, now).id, reason, context);
	}
}

/** What is past its time: the row first, which somebody may be pinning, then the bytes; left behind, they are orphans. */
async function deleteExpired(context: CaptureContext, deadline: number): Promise<boolean> {
	for (;;) {
		const now = context.now();
		const rows = await context.database.query<{ id: Buffer }>(`SELECT id FROM capture WHERE expires_at <= ${lit(now)} AND pinned_by IS NULL ORDER BY expires_at LIMIT ${BATCH}`);
		for (const { id } of rows) {
			const { affected } = await context.database.execute(`DELETE FROM capture WHERE id = ${lit(id)} AND pinned_by IS NULL`);
			if (affected === 1 && !(await dropParts(context.database, id, "all", deadline))) return false;
			if (Date.now() > deadline) return false;
		}
		if (rows.length < BATCH) break;
	}
	await context.database.execute(`DELETE FROM capture_claim WHERE claimed_at < ${lit(new Date(context.now().getTime() - 86_400_000))} LIMIT 2000`);
	return true;
}

/** Pieces that nobody can read any more: of captures that are gone, and of attempts that did not finish. */
async function deleteOrphans(context: CaptureContext, deadline: number): Promise<boolean> {
	// Fences only rise: what is below the row's can be read by nobody, and what an attempt under way writes is not below it.
	const rows = await context.database.query<{ capture_id: Buffer; fence: number | null }>(
		`SELECT DISTINCT p.capture_id, c.fence FROM capture_part p LEFT JOIN capture c ON c.id = p.capture_id WHERE c.id IS NULL OR p.fence < c.fence LIMIT ${BATCH}`,
	);
	for (const { capture_id, fence } of rows) {
		if (!(await dropParts(context.database, capture_id, fence === null ? "all" : { before: fence }, deadline))) return false;
	}
	return rows.length < BATCH;
}

/** Daily work on captures, in bounded batches and safe to repeat: `done` is false where time ran out. */
export async function captureHousekeeping(budget: { milliseconds: number }, context: CaptureContext = captureContext()): Promise<{ done: boolean }> {
	const deadline = Date.now() + budget.milliseconds;
	await endDead(context);
	for (const task of [deleteExpired, deleteOrphans]) {
		if (!(await task(context, deadline)) || Date.now() > deadline) return { done: false };
	}
	return { done: true };
}
