import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createHunter } from "@/lib/hunters/store";
import type { Database } from "@/lib/platform";
import { syntheticRows } from "../bench/corpus";
import { writeFeed } from "../bench/feed";
import { seeded } from "../bench/random";
import { type FakeSlack, startFakeSlack } from "../fakes/slack";
import { hunterWork } from "./hunter-work";

/** A database of a lane, and its address for other processes. */
export interface Lane {
	database: Database;
	url: string;
	name: string;
}

export interface KillsResult {
	/** runs that were killed while they had something to do: one of each lane that had begun and was not done */
	kills: number;
	/** SIGKILLs that did so; each ends one process, which serves all lanes */
	signals: number;
	/** where the killed ones stood: batches that waited, alerts on their way */
	places: number;
	/** hits of all hunters in a run that nobody disturbs */
	hits: number;
	/** hits that were not told, and that were told more than once, over all runs */
	alertsLost: number;
	alertsTwice: number;
	/** runs whose hits, counts and queue are not those of the undisturbed one */
	different: number;
}

const ROWS = 600;
/** Longer than any lease. */
const LATER_MS = 10 * 60_000;
const QUERIES: Readonly<Record<string, string>> = {
	Emotet: "emotet",
	Mirai: "mirai type:ipv4",
	Beacon: "cobaltstrike -type:url",
	Top: ".xyz, .top",
	Tunnel: '"njrat" type:domain',
	Blocks: "64.0.0.0/4",
	Nothing: "no such family",
};

async function prepare(database: Database): Promise<void> {
	for (const [at, [name, query]] of Object.entries(QUERIES).entries()) {
		await createHunter({ kind: "reputation", name, query, enabled: true, slack: true, channel: null, digestOver: at % 2 === 0 ? 1000 : 2 }, "test", database);
	}
}

/** Everything a judge leaves behind, as one text. */
async function standing(database: Database): Promise<string> {
	const hits = await database.query("SELECT h.name, HEX(t.record_id) AS record, t.title, t.matches FROM hunter_hit t JOIN hunter h ON h.id = t.hunter_id ORDER BY h.name, t.record_id");
	const hunters = await database.query("SELECT name, hit_count, state, reason FROM hunter ORDER BY name");
	const queue = await database.query("SELECT HEX(id) AS id FROM record_change UNION ALL SELECT HEX(change_id) AS id FROM hunter_arrear");
	const alerts = await database.query("SELECT state, COUNT(*) > 0 AS some FROM alert GROUP BY state");
	return JSON.stringify([hits, hunters, queue, alerts]);
}

/** Hits of each hunter. */
async function hitsOf(database: Database): Promise<Map<string, number>> {
	const rows = await database.query<{ hunter_id: Buffer; n: number }>("SELECT hunter_id, COUNT(*) AS n FROM hunter_hit GROUP BY hunter_id");
	return new Map(rows.map(({ hunter_id, n }) => [hunter_id.toString("hex"), Number(n)]));
}

/** How many of the hits that are due were not told, and how often one was told beyond once, by what Slack has. */
async function told(database: Database, slack: FakeSlack, due: ReadonlyMap<string, number>): Promise<{ lost: number; twice: number }> {
	const rows = await database.query<{ id: Buffer; told_in: Buffer | null; hunter_id: Buffer; content: string }>("SELECT id, told_in, hunter_id, content FROM alert");
	const byMessage = new Map<string, Array<{ hunter: string; hits: number; record: string | null }>>();
	for (const { id, told_in, hunter_id, content } of rows) {
		const said = JSON.parse(content) as { total?: number; record?: { id: string } };
		const message = (told_in ?? id).toString("hex");
		byMessage.set(message, [...(byMessage.get(message) ?? []), { hunter: hunter_id.toString("hex"), hits: said.total ?? 1, record: said.record?.id ?? null }]);
	}
	const sums = new Map<string, number>();
	const singles = new Map<string, number>();
	for (const { metadata } of slack.messages) {
		for (const { hunter, hits, record } of byMessage.get(String(metadata?.event_payload.id)) ?? []) {
			sums.set(hunter, (sums.get(hunter) ?? 0) + hits);
			if (record !== null) singles.set(`${hunter} ${record}`, (singles.get(`${hunter} ${record}`) ?? 0) + 1);
		}
	}
	const again = new Map<string, number>();
	for (const [key, times] of singles) again.set(key.slice(0, 32), (again.get(key.slice(0, 32)) ?? 0) + times - 1);
	let [lost, twice] = [0, 0];
	for (const [hunter, n] of due) {
		const repeated = again.get(hunter) ?? 0;
		// One that was told twice does not make up for one that was not.
		const net = (sums.get(hunter) ?? 0) - repeated;
		lost += Math.max(0, n - net);
		twice += repeated + Math.max(0, net - n);
	}
	return { lost, twice };
}

async function placeOf(database: Database): Promise<string> {
	const [row] = await database.query<{ waiting: number; hits: number; alerts: number; sending: number }>(
		"SELECT (SELECT COUNT(*) FROM record_change) AS waiting, (SELECT COUNT(*) FROM hunter_hit) AS hits, (SELECT COUNT(*) FROM alert WHERE state = 'sent') AS alerts, (SELECT COUNT(*) FROM alert WHERE state = 'sending') AS sending",
	);
	return JSON.stringify(row);
}

/**
 * Kills processes that ingest, judge and deliver at moments of a seed, starts others in their place, and compares what is stored and
 * what was told with a run that nobody disturbs. `lanes`: databases of their own that one process serves at once.
 */
export async function hunterKills(options: { lanes: readonly Lane[]; template: Lane; kills: number; seed: number; say?: (text: string) => void }): Promise<KillsResult> {
	const { lanes, template, seed, say = () => {} } = options;
	const random = seeded(seed);
	const folder = await mkdtemp(join(tmpdir(), "exist-hunter-kills-"));
	const file = join(folder, "body.csv");
	const result: KillsResult = { kills: 0, signals: 0, places: 0, hits: 0, alertsLost: 0, alertsTwice: 0, different: 0 };
	const places = new Set<string>();
	try {
		await writeFeed(file, syntheticRows(ROWS));
		await prepare(template.database);
		const tables = (
			await template.database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${template.name}' AND table_name <> 'schema_migration'`)
		).map(({ name }) => name);
		const restore = async ({ database }: Lane): Promise<void> => {
			for (const table of tables) {
				await database.execute(`DELETE FROM \`${table}\``);
				await database.execute(`INSERT INTO \`${table}\` SELECT * FROM ${template.name}.\`${table}\``);
			}
		};
		const start = async (turn: number): Promise<ChildProcess> => {
			const child = fork(join(import.meta.dirname, "../integration/hunters-child.ts"), [file, String(turn * LATER_MS), ...lanes.map(({ url }) => url)], { execArgv: ["--import", "tsx"] });
			await once(child, "message");
			return child;
		};

		// The run that nobody disturbs, and how long it takes.
		await Promise.all(lanes.map(restore));
		const calm = await Promise.all(lanes.map(() => startFakeSlack()));
		const first = await start(0);
		const begun = performance.now();
		const over = once(first, "exit");
		first.send(calm.map(({ url }) => ({ delay: 0, slackUrl: url })));
		await over;
		let whole = performance.now() - begun;
		const clean = await standing((lanes[0] as Lane).database);
		const due = await hitsOf((lanes[0] as Lane).database);
		result.hits = [...due.values()].reduce((sum, n) => sum + n, 0);
		const judgeLane = async ({ database }: Lane, slack: FakeSlack): Promise<void> => {
			const { lost, twice } = await told(database, slack, due);
			result.alertsLost += lost;
			result.alertsTwice += twice;
			if ((await standing(database)) !== clean) result.different++;
		};
		await Promise.all(lanes.map((lane, at) => judgeLane(lane, calm[at] as FakeSlack)));
		await Promise.all(calm.map((slack) => slack.stop()));
		say(`An undisturbed run takes ${Math.round(whole)} ms and finds ${result.hits} hits.`);

		while (result.kills < options.kills) {
			await Promise.all(lanes.map(restore));
			const slacks = await Promise.all(lanes.map(() => startFakeSlack()));
			const turns = 1 + Math.floor(random() * 3);
			for (let turn = 0; turn < turns && result.kills < options.kills; turn++) {
				const child = await start(turn);
				const atWork = new Set<number>();
				child.on("message", ({ begun, done }: { begun?: number; done?: number }) => {
					if (begun !== undefined) atWork.add(begun);
					if (done !== undefined) atWork.delete(done);
				});
				const ended = once(child, "exit");
				// Each lane begins at another moment, so that one kill meets many places.
				child.send(slacks.map(({ url }) => ({ delay: random() * whole * 0.5, slackUrl: url })));
				const sent = performance.now();
				await Promise.race([sleep((0.1 + random() * 0.9) * whole, undefined, { ref: false }), ended]);
				// A machine that is busy at first is quicker later: who waits too long kills nobody.
				if (child.exitCode !== null) whole = Math.min(whole, performance.now() - sent);
				child.kill("SIGKILL");
				await ended;
				// A lane that still waited for its turn, or was done, was not disturbed.
				for (const at of atWork) places.add(await placeOf((lanes[at] as Lane).database));
				result.kills += atWork.size;
				if (atWork.size > 0) result.signals++;
			}
			await Promise.all(
				lanes.map(async (lane, at) => {
					const slack = slacks[at] as FakeSlack;
					await hunterWork({ database: lane.database, file, slackUrl: slack.url, laterMs: turns * LATER_MS });
					await judgeLane(lane, slack);
				}),
			);
			await Promise.all(slacks.map((slack) => slack.stop()));
			say(`${result.kills} runs killed by ${result.signals} signals, ${places.size} places: ${result.alertsLost} lost, ${result.alertsTwice} twice, ${result.different} different.`);
		}
		return { ...result, places: places.size };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
