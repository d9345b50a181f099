import { deliver } from "@/lib/alerts/deliver";
import { judge } from "@/lib/hunters/judge";
import { judgeParts } from "@/lib/hunters/parts";
import { advanceRun, startRun } from "@/lib/ingest";
import type { Database } from "@/lib/platform";
import { benchSource } from "../bench/feed";
import { seeded } from "../bench/random";
import { testContext } from "./ingest";

/** Rows of one transaction of a run: small, so that there are many moments between two. */
const BLOCK_ROWS = 60;
/** Hosted databases give a step no more than a moment here, so that each is one of many. */
const STEP_MS = 20;

export interface HunterWork {
	database: Database;
	/** the body that is read */
	file: string;
	/** of the fake Slack */
	slackUrl: string;
	/** how far the clock is ahead: past the leases of the process before */
	laterMs: number;
}

async function untilDone(step: () => Promise<boolean>): Promise<void> {
	for (let turn = 0; turn < 2000; turn++) if (await step()) return;
	throw new Error("the work does not end");
}

/** Reads a body, holds what is new against the hunters and tells what they find, all at once, until nothing is left to do. */
export async function hunterWork({ database, file, slackUrl, laterMs }: HunterWork): Promise<void> {
	// One message a second is Slack's pace; the time between is skipped.
	let skippedMs = 0;
	const now = () => new Date(Date.now() + laterMs + skippedMs);
	const sleep = async (milliseconds: number): Promise<void> => {
		skippedMs += milliseconds;
	};
	const judging = { ...judgeParts(database), now };
	const delivery = {
		database,
		slack: { token: "xoxb-fake", apiUrl: slackUrl, canMute: false, timeoutMs: 5000 },
		publicUrl: "https://exist.example.org",
		authSecret: null,
		policy: {},
		look: () => undefined,
		now,
		sleep,
		random: seeded(1),
	};
	let isRead = false;
	const read = async (): Promise<void> => {
		const context = testContext(database, [benchSource], { blockRows: BLOCK_ROWS, now });
		const started = await startRun(benchSource.number, { trigger: "cli", withFile: true }, context);
		if (!started.started) throw new Error(started.message);
		await untilDone(async () => (await advanceRun(started.run, { milliseconds: STEP_MS, file }, context)).done);
		isRead = true;
	};
	let isJudged = false;
	const judgeAll = () =>
		untilDone(async () => {
			const last = isRead;
			const { left } = await judge({ milliseconds: STEP_MS }, judging);
			isJudged = last && left === 0;
			return isJudged;
		});
	const tellAll = () =>
		untilDone(async () => {
			const last = isJudged;
			const { left } = await deliver({ milliseconds: 2000 }, delivery);
			return last && left === 0;
		});
	await Promise.all([read(), judgeAll(), tellAll()]);
}
