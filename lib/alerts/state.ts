import { env } from "@/lib/env";
import { database, type Queryable } from "@/lib/platform";
import { readGate, type SlackGate } from "./gate";

/** How Slack is set up and whether it takes anything, for pages. */
export interface SlackState {
	configured: boolean;
	/** channel that is told of sources in trouble */
	operations: string | null;
	/** the mute button works by itself */
	buttons: boolean;
	/** why everything waits, or null */
	gate: SlackGate | null;
	/** alerts that are still to be told, and those that somebody has to look at */
	pending: number;
	unknown: number;
	failed: number;
}

/** One small read beside the counts. */
export async function slackState(db: Queryable = database(), slack = env().slack): Promise<SlackState> {
	const [gate, rows] = await Promise.all([
		slack === null ? null : readGate(db, slack.token),
		db.query<{ state: string; n: number }>("SELECT state, COUNT(*) AS n FROM alert WHERE state IN ('pending', 'sending', 'unknown', 'failed') GROUP BY state"),
	]);
	const count = (...states: string[]): number => rows.filter(({ state }) => states.includes(state)).reduce((sum, { n }) => sum + Number(n), 0);
	return {
		configured: slack !== null,
		operations: slack?.operations ?? null,
		buttons: slack !== null && slack.signingSecret !== null,
		gate,
		pending: count("pending", "sending"),
		unknown: count("unknown"),
		failed: count("failed"),
	};
}
