import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeSlack, startFakeSlack } from "../fakes/slack";
import { putHits, putHunter, seeded, states } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";

const KILLS = 12;
const SEED = 20_261_124;
/** Past every lease and wait of the process before. */
const STEP_MS = 45 * 60_000;

describe("a delivery that is killed", () => {
	let fresh: TestDatabase;
	let slack: FakeSlack;
	let hunter: Buffer;
	let ahead = 0;

	beforeAll(async () => {
		fresh = await freshDatabase();
	}, 120_000);
	afterAll(() => fresh.drop());
	beforeEach(async () => {
		await fresh.clear();
		slack = await startFakeSlack();
		slack.addChannel("th-ransomware");
		hunter = await putHunter(fresh.database, new Date(), { digestOver: 1000 });
		ahead = 0;
	});
	afterEach(() => slack.stop());

	/** One process, killed after a while or at a point, or let run. */
	async function run(kill: { after?: number; point?: string } = {}): Promise<NodeJS.Signals | null> {
		ahead += STEP_MS;
		const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "alerts-child.ts"), fresh.url, slack.url, String(ahead)], {
			stdio: ["ignore", "pipe", "inherit"],
			env: { ...process.env, ...(kill.point === undefined ? {} : { FAULT_POINT: kill.point }) },
		});
		const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
		if (kill.after !== undefined) {
			await Promise.race([once(child.stdout, "data"), ended]);
			await new Promise((resolve) => setTimeout(resolve, kill.after));
			child.kill("SIGKILL");
		}
		child.stdout.resume();
		return (await ended)[1];
	}

	async function finish(): Promise<void> {
		for (let turn = 0; turn < 10; turn++) {
			await run();
			const left = await states(fresh.database);
			if (Object.keys(left).join() === "sent") return;
		}
		throw new Error(`not told: ${JSON.stringify(await states(fresh.database))}`);
	}

	const told = (): Map<string, number> => {
		const counts = new Map<string, number>();
		for (const { metadata } of slack.messages) counts.set(String(metadata?.event_payload.id), (counts.get(String(metadata?.event_payload.id)) ?? 0) + 1);
		return counts;
	};

	it.each(["after-outbox-commit-before-post", "after-post-before-mark"])(
		"%s tells everything once",
		async (point) => {
			const ids = await putHits(fresh.database, hunter, ["One", "Two"], (at) => new Date(Date.now() - 1000 + at));
			expect(await run({ point })).toBe("SIGKILL");
			expect(await states(fresh.database)).toEqual({ pending: 1, sending: 1 });
			await finish();
			expect([...told()].sort()).toEqual(ids.map((id) => [id, 1]).sort());
		},
		120_000,
	);

	it(`tells everything once after ${KILLS} kills at any time`, async () => {
		const random = seeded(SEED);
		const ids: string[] = [];
		for (let kill = 0; kill < KILLS; kill++) {
			ids.push(
				...(await putHits(
					fresh.database,
					hunter,
					[0, 1, 2, 3].map((at) => `Hit ${kill} ${at}`),
					(at) => new Date(Date.now() + at),
				)),
			);
			await run({ after: random() * 250 });
		}
		await finish();
		expect([...told()].sort()).toEqual(ids.map((id) => [id, 1]).sort());
	}, 240_000);
});
