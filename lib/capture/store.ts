import { ExistError, shown } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { lit } from "@/lib/platform";
import { type CaptureContext, captureContext } from "./context";
import { type CaptureResult, type Profile, storedResult } from "./result";
import { type Capture, type CaptureDetail, type CaptureRow, COLUMNS, givenUp, toCapture } from "./rows";

/** How long an attempt counts as alive: a function's time in the cloud, and the way back. */
const LEASE_MS = 75_000;
const MAX_REASON = 500;

export interface Attempt {
	id: Buffer;
	fence: number;
	url: string;
	profile: Profile;
}

/** The row's id. Throws `not_found` where the text is none. */
export function idOf(text: string): Buffer {
	const id = parseId(text);
	if (id === null) throw new ExistError("not_found", `There is no capture "${shown(text, 40)}".`);
	return id;
}

/** What is still kept: after its time a capture is gone, whether or not housekeeping has come by. */
export function kept(now: Date): string {
	return `(expires_at > ${lit(now)} OR pinned_by IS NOT NULL)`;
}

/** One capture with its result. Throws `not_found`. */
export async function findCapture(text: string, context: CaptureContext = captureContext()): Promise<CaptureDetail> {
	const now = context.now();
	const [row] = await context.database.query<CaptureRow & { result: string | null }>(`SELECT ${COLUMNS}, result FROM capture WHERE id = ${lit(idOf(text))} AND ${kept(now)}`);
	if (row === undefined) throw new ExistError("not_found", `There is no capture "${shown(text, 40)}". Captures are deleted after ${context.days} days unless somebody keeps them.`);
	return { ...toCapture(row, now), result: row.result === null ? null : storedResult(row.result) };
}

/** The same without its result: for who asks every second how far it is. */
export async function captureState(text: string, context: CaptureContext = captureContext()): Promise<{ capture: Capture; fence: number }> {
	const now = context.now();
	const [row] = await context.database.query<CaptureRow>(`SELECT ${COLUMNS} FROM capture WHERE id = ${lit(idOf(text))} AND ${kept(now)}`);
	if (row === undefined) throw new ExistError("not_found", `There is no capture "${shown(text, 40)}". Captures are deleted after ${context.days} days unless somebody keeps them.`);
	return { capture: toCapture(row, now), fence: row.fence };
}

/**
 * Begins an attempt and raises the fence: whatever an earlier attempt still writes no longer counts. `again`: an earlier try of the
 * same step has ended, so its lease means nothing. Null where there is nothing to do: over, being visited, or gone.
 */
export async function beginAttempt(id: Buffer, again: boolean, context: CaptureContext): Promise<Attempt | null> {
	return context.database.transaction(async (tx) => {
		const [row] = await tx.query<CaptureRow>(`SELECT ${COLUMNS} FROM capture WHERE id = ${lit(id)} FOR UPDATE`);
		const now = context.now();
		if (row === undefined || row.state === "done") return null;
		const dead = givenUp(row, now);
		if (dead !== null) {
			await tx.execute(ended(id, dead, now));
			return null;
		}
		if (!again && row.lease_until !== null && row.lease_until > now) return null;
		const fence = row.fence + 1;
		const lease = new Date(now.getTime() + LEASE_MS);
		await tx.execute(`UPDATE capture SET fence = ${fence}, state = 'resolving', started_at = ${lit(now)}, lease_until = ${lit(lease)} WHERE id = ${lit(id)}`);
		return { id, fence, url: row.url, profile: toCapture(row, now).profile };
	});
}

/** Notes how far an attempt is; false where it no longer counts. */
export async function noteState({ id, fence }: Attempt, state: "resolving" | "visiting" | "storing", context: CaptureContext): Promise<boolean> {
	// The lease moves on as well, so that a repeated state is a change and is counted as one.
	const lease = new Date(context.now().getTime() + LEASE_MS);
	const { affected } = await context.database.execute(`UPDATE capture SET state = ${lit(state)}, lease_until = ${lit(lease)} WHERE id = ${lit(id)} AND fence = ${fence} AND state <> 'done'`);
	return affected === 1;
}

/** Texts of others, cut to the column: no half characters, and nothing a database refuses. */
function fitting(text: string | null, length: number): string | null {
	return text === null ? null : [...text.toWellFormed()].slice(0, length).join("");
}

/** Ends a capture with what the visit said; false where the attempt no longer counts. */
export async function finishAttempt({ id, fence }: Attempt, result: CaptureResult, context: CaptureContext): Promise<boolean> {
	return context.database.transaction(async (tx) => {
		const [row] = await tx.query<CaptureRow>(`SELECT ${COLUMNS} FROM capture WHERE id = ${lit(id)} FOR UPDATE`);
		if (row === undefined || row.fence !== fence || row.state === "done") return false;
		const now = context.now();
		const [before] = await tx.query<{ id: Buffer }>(
			`SELECT id FROM capture WHERE indicator_id = ${lit(row.indicator_id)} AND profile = ${lit(row.profile)} AND requested_at < ${lit(row.requested_at)} AND state = 'done' AND result IS NOT NULL AND ${kept(now)} ORDER BY requested_at DESC LIMIT 1`,
		);
		const sha256 = result.response?.sha256 ?? null;
		const set: Record<string, string> = {
			state: "'done'",
			outcome: lit(result.outcome),
			reason: lit(fitting(result.reason, MAX_REASON)),
			status: lit(result.response?.status ?? null),
			finished_at: lit(now),
			lease_until: "NULL",
			previous: lit(before?.id ?? null),
			content_sha256: lit(sha256 === null ? null : Buffer.from(sha256, "hex")),
			title: lit(fitting(result.title, 1000)),
			final_url: lit(result.finalUrl.toWellFormed()),
			result: lit(JSON.stringify(result).toWellFormed()),
		};
		await tx.execute(
			`UPDATE capture SET ${Object.entries(set)
				.map(([column, value]) => `${column} = ${value}`)
				.join(", ")} WHERE id = ${lit(id)}`,
		);
		return true;
	});
}

function ended(id: Buffer, reason: string, now: Date): string {
	return `UPDATE capture SET state = 'done', outcome = 'failed', reason = ${lit(fitting(reason, MAX_REASON))}, finished_at = ${lit(now)}, lease_until = NULL, fence = fence + 1 WHERE id = ${lit(id)} AND state <> 'done'`;
}

/** Ends a capture without a result; an attempt that is still alive somewhere no longer counts. False where it is over already. */
export async function failCapture(text: string, reason: string, context: CaptureContext = captureContext()): Promise<boolean> {
	return (await context.database.execute(ended(idOf(text), reason, context.now()))).affected === 1;
}
