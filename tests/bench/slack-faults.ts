import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deliver } from "@/lib/alerts/deliver";
import type { DeliveryParts } from "@/lib/alerts/parts";
import type { Database } from "@/lib/platform";
import { type FakeSlack, type ScriptStep, startFakeSlack } from "../fakes/slack";
import { FakeClock, putHits, putHunter, testParts } from "../harness/alerts";

interface Fault {
	id: string;
	alerts?: number;
	workers?: number;
	kill9_at?: string;
	script?: Array<ScriptStep & { refuse?: boolean; for_seconds?: number; dns?: string }>;
}

export interface FaultsResult {
	scripts: number;
	/** alerts that are said to be sent and are not in Slack, or that are gone */
	lost: number;
	/** messages of alerts that were in another one already */
	twice: number;
	/** alerts that were not told at the end, and say why */
	visible: number;
}

const ALERTS = 5;
const HOURS = 4;
const WITHOUT_SLACK_MS = 60_000;
const LEASE_MS = 120_000;

const faults = (JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/security/faults.json"), "utf8")) as { slack: Fault[] }).slack;

/** How long nothing is heard of Slack at the beginning, by which means. */
function silence(fault: Fault): { by: "refuse" | "dns" | null; milliseconds: number } {
	const refused = fault.script?.find(({ refuse }) => refuse === true);
	if (refused !== undefined) return { by: "refuse", milliseconds: (refused.for_seconds ?? 60) * 1000 };
	return fault.script?.some(({ dns }) => dns !== undefined) === true ? { by: "dns", milliseconds: WITHOUT_SLACK_MS } : { by: null, milliseconds: 0 };
}

/** A worker that posts one message and is never heard of again. */
async function dieAt(point: string, parts: DeliveryParts): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const onPoint: DeliveryParts["onPoint"] = (reached) => {
			if (reached !== point) return;
			resolve();
			return new Promise<void>(() => {});
		};
		deliver({ milliseconds: 1000 }, { ...parts, onPoint }).then(() => resolve(), reject);
	});
}

async function count(database: Database, slack: FakeSlack, due: readonly string[]): Promise<Omit<FaultsResult, "scripts">> {
	const rows = await database.query<{ id: Buffer; told_in: Buffer | null; state: string; reason: string | null }>("SELECT id, told_in, state, reason FROM alert");
	const messages = new Map<string, number>();
	for (const { metadata } of slack.messages) {
		const id = String(metadata?.event_payload.id);
		messages.set(id, (messages.get(id) ?? 0) + 1);
	}
	const byId = new Map(rows.map((row) => [row.id.toString("hex"), row]));
	const result = { lost: 0, twice: 0, visible: 0 };
	for (const id of due) {
		const row = byId.get(id);
		const times = messages.get(row?.told_in?.toString("hex") ?? id) ?? 0;
		if (times > 1) result.twice += times - 1;
		if (row === undefined || (row.state === "sent" && times === 0)) result.lost++;
		else if (row.state !== "sent" && row.reason === null) result.lost++;
		else if (row.state !== "sent") result.visible++;
	}
	return result;
}

async function runScript(fault: Fault, database: Database): Promise<Omit<FaultsResult, "scripts">> {
	for (const table of ["alert", "hunter"]) await database.execute(`DELETE FROM ${table}`);
	const clock = new FakeClock();
	const script = (fault.script ?? []).filter((step) => step.refuse !== true && step.dns === undefined);
	const slack = await startFakeSlack({ now: () => clock.at, script });
	try {
		slack.addChannel("th-ransomware");
		const hunter = await putHunter(database, clock.now());
		const titles = Array.from({ length: fault.alerts ?? ALERTS }, (_, at) => `Ransomware ${at}`);
		const due = await putHits(database, hunter, titles, (index) => new Date(clock.at + index));
		const parts = (url: string) => testParts(database, clock, url);
		const { by, milliseconds } = silence(fault);
		const port = Number(new URL(slack.url).port);
		if (by === "refuse") await slack.stop();
		if (fault.kill9_at !== undefined) {
			await dieAt(fault.kill9_at, parts(slack.url));
			clock.at += LEASE_MS;
		}
		const back = clock.at + milliseconds;
		let isSilent = by !== null;
		for (const end = clock.at + HOURS * 3600_000; clock.at < end; clock.at += 10_000) {
			if (isSilent && clock.at >= back) {
				isSilent = false;
				if (by === "refuse") await slack.start(port);
			}
			const url = isSilent && by === "dns" ? "http://slack.invalid/api/" : slack.url;
			const done = await Promise.all(Array.from({ length: fault.workers ?? 1 }, () => deliver({ milliseconds: 2000 }, parts(url))));
			if (done.every(({ left }) => left === 0)) break;
			// Nothing is due earlier.
			const nextAt = Math.min(...done.map((one) => one.nextAt?.getTime() ?? end));
			clock.at = Math.max(clock.at, Math.min(nextAt, isSilent ? back : end) - 10_000);
		}
		return await count(database, slack, due);
	} finally {
		await slack.stop();
	}
}

/** Every script of Slack's faults: what is lost, what is told twice, what is still to be told and says so. */
export async function slackFaults(database: Database, say: (text: string) => void): Promise<FaultsResult> {
	const sum: FaultsResult = { scripts: 0, lost: 0, twice: 0, visible: 0 };
	for (const fault of faults) {
		const one = await runScript(fault, database);
		say(`${fault.id}: ${JSON.stringify(one)}`);
		sum.scripts++;
		sum.lost += one.lost;
		sum.twice += one.twice;
		sum.visible += one.visible;
	}
	return sum;
}
