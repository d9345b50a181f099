import { audit } from "@/lib/auth/audit";
import { lit, type Queryable } from "@/lib/platform";
import { dropWaiting } from "./outbox";

export interface Mute {
	/** null: tells again */
	until: Date | null;
	actor: string;
	now: Date;
	/** a mute that lasts longer already stays as it is */
	keepLonger?: boolean;
	/** of the audit entry, where the same cause must be noted once: a second one is a duplicate of its key */
	auditId?: Buffer;
}

/** What became of a hunter: how it was muted before and is now. */
export interface Muted {
	name: string;
	before: Date | null;
	until: Date | null;
}

/**
 * Mutes a hunter, whichever door was used, in the caller's transaction: what waits to be told is dropped, the audit log says who did it.
 * `revision` stays: what the hunter looks for does not change, so nobody who is editing it is sent back, and a judge reads the mute under
 * its own lock. Null where there is no such hunter.
 */
export async function muteIn(tx: Queryable, hunter: Buffer, { until, actor, now, keepLonger = false, auditId }: Mute): Promise<Muted | null> {
	const [row] = await tx.query<{ name: string; muted_until: Date | null }>(`SELECT name, muted_until FROM hunter WHERE id = ${lit(hunter)} FOR UPDATE`);
	if (row === undefined) return null;
	const { name, muted_until: before } = row;
	const after = keepLonger && until !== null && before !== null && before > until ? before : until;
	await audit(actor, until === null ? "hunter.unmute" : "hunter.mute", hunter.toString("hex"), { name, until: after?.toISOString() ?? null }, tx, auditId);
	await tx.execute(`UPDATE hunter SET muted_until = ${lit(after)}, updated_at = ${lit(now)} WHERE id = ${lit(hunter)}`);
	if (after !== null) await dropWaiting(tx, hunter, `Its hunter was muted by ${actor}.`);
	return { name, before, until: after };
}
