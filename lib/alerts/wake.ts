import { lit, type Queryable } from "@/lib/platform";
import { type Lane, laneWhere } from "./claim";
import { LIMITED, LONGEST_WAIT_MS, LOOK_MS } from "./waits";

/** Until when Slack has asked for quiet in a lane, or null. */
export async function limitedUntil(db: Queryable, lane: Lane, now: Date): Promise<Date | null> {
	const far = new Date(now.getTime() + LONGEST_WAIT_MS);
	const [row] = await db.query<{ until: Date | null }>(
		`SELECT MAX(next_at) AS until FROM alert WHERE ${laneWhere(lane)} AND state = 'pending' AND next_at > ${lit(now)} AND next_at <= ${lit(far)} AND reason = ${lit(LIMITED)}`,
	);
	return row?.until ?? null;
}

/**
 * Has a lane go on at once, where somebody has seen to what was wrong with it or asks for it: not only what was asked for, since what
 * stands before it goes first. A wait that Slack asked for stays. What may have been sent is looked for a moment later, when it
 * would be found.
 */
export async function wake(db: Queryable, lane: Lane, now: Date): Promise<void> {
	if ((await limitedUntil(db, lane, now)) !== null) return;
	const look = new Date(now.getTime() + LOOK_MS);
	const due = `CASE WHEN posted_at IS NULL THEN ${lit(now)} ELSE ${lit(look)} END`;
	await db.execute(`UPDATE alert SET next_at = ${due} WHERE ${laneWhere(lane)} AND state IN ('pending', 'unknown') AND next_at > ${due}`);
}
