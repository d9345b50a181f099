import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimHead } from "@/lib/alerts/claim";
import { deliver, hasDue } from "@/lib/alerts/deliver";
import { dropAlert } from "@/lib/alerts/list";
import { alertId, putAlerts } from "@/lib/alerts/outbox";
import type { DeliveryParts } from "@/lib/alerts/parts";
import { type Database, lit, type Queryable } from "@/lib/platform";
import { type FakeSlack, startFakeSlack } from "../fakes/slack";
import { FakeClock, putHits, putHunter, states, testParts, toldRecord } from "../harness/alerts";
import { freshDatabase, type TestDatabase } from "../harness/database";

const DAY_MS = 24 * 3600_000;
const LANE = { via: "slack", target: "th-ransomware", hunter: null } as const;

/** A database in which something happens right before a transaction takes alerts, when it has read them. */
function beforeTaking(db: Database, happens: () => Promise<unknown>): Database {
	const execute = async (tx: Queryable, text: string) => {
		if (text.includes("state = 'sending'")) await happens();
		return tx.execute(text);
	};
	return { ...db, transaction: (work) => db.transaction((tx) => work({ ...tx, execute: (text) => execute(tx, text) })) };
}

/** A database in which something happens once, when the first thing was read. */
function afterLook(db: Database, happens: () => Promise<unknown>): Database {
	let looked = false;
	const look = async <T>(runner: Queryable, text: string): Promise<T[]> => {
		const rows = await runner.query<T>(text);
		if (!looked) {
			looked = true;
			await happens();
		}
		return rows;
	};
	return { ...db, query: (text) => look(db, text), transaction: (work) => db.transaction((tx) => work({ ...tx, query: (text) => look(tx, text) })) };
}

describe("what a worker takes", () => {
	let fresh: TestDatabase;
	let slack: FakeSlack;
	let clock: FakeClock;
	let hunter: Buffer;

	beforeAll(async () => {
		fresh = await freshDatabase();
	}, 120_000);
	afterAll(() => fresh.drop());
	beforeEach(async () => {
		await fresh.clear();
		clock = new FakeClock();
		slack = await startFakeSlack({ now: () => clock.at });
		slack.addChannel("th-ransomware");
		hunter = await putHunter(fresh.database, clock.now());
	});
	afterEach(() => slack.stop());

	const once = (more: Partial<DeliveryParts> = {}) => deliver({ milliseconds: 30_000 }, testParts(fresh.database, clock, slack.url, more));
	const putDigest = (name: string, total: number) =>
		putAlerts(
			fresh.database,
			[
				{
					id: alertId(hunter, "digest", name),
					hunter,
					via: "slack",
					target: "th-ransomware",
					content: { kind: "digest", hunter: { id: hunter.toString("hex"), name: "Ransomware", kind: "news" }, total, records: [toldRecord(name)] },
				},
			],
			clock.now(),
		);

	describe("and dies with while the clock is put back", () => {
		it("is told once", async () => {
			await putHits(fresh.database, hunter, ["One", "Two"], (at) => new Date(clock.at + at));
			const ahead = new Date(clock.at + DAY_MS);
			expect(await claimHead(fresh.database, LANE, Buffer.alloc(16, 1), ahead)).toMatchObject({ kind: "claimed" });
			expect(await hasDue(clock.now(), fresh.database, { token: "xoxb-fake" })).toBe(true);
			expect(await once()).toMatchObject({ sent: 2, left: 0 });
			expect(slack.messages.map(({ text }) => text)).toEqual(["Ransomware: One", "Ransomware: Two"]);
		});

		it("is looked for where it was posted", async () => {
			await putHits(fresh.database, hunter, ["One"], clock.now);
			clock.at += DAY_MS;
			const killed = (point: string) => (point === "after-post-before-mark" ? Promise.reject(new Error("killed")) : undefined);
			await expect(once({ onPoint: killed })).rejects.toThrow("killed");
			clock.at -= DAY_MS;
			expect(await once()).toMatchObject({ sent: 1, left: 0 });
			expect(slack.messages).toHaveLength(1);
		});
	});

	describe("of a flood", () => {
		const totals = () => slack.messages.map(({ text }) => text);

		it("is one message, in however many parts it was written", async () => {
			await putDigest("a", 20);
			await putDigest("b", 30);
			await putHits(fresh.database, hunter, ["One"], clock.now);
			await once();
			expect(totals()).toEqual(["Ransomware: 51 hits of Ransomware"]);
			expect(await states(fresh.database)).toEqual({ sent: 3 });
		});

		it("does not count what somebody dropped while it was taken", async () => {
			const ids = await putHits(
				fresh.database,
				hunter,
				Array.from({ length: 12 }, (_, at) => `Hit ${at}`),
				(at) => new Date(clock.at + at),
			);
			const dropped = ids[3] as string;
			expect(
				await claimHead(
					beforeTaking(fresh.database, () => dropAlert(dropped, "ann@example.org", fresh.database)),
					LANE,
					Buffer.alloc(16, 1),
					clock.now(),
				),
			).toMatchObject({
				kind: "claimed",
				claimed: { count: 11, content: [{ kind: "digest", total: 11, records: [11, 10, 9, 8, 7, 6, 5, 4, 2, 1].map((at) => ({ title: `Hit ${at}` })) }] },
			});
			expect(await states(fresh.database)).toEqual({ dropped: 1, sending: 11 });
		});

		it("is left to whoever was quicker, and the wait that one met is kept to", async () => {
			await putHits(fresh.database, hunter, ["One"], clock.now);
			const later = new Date(clock.at + 60_000);
			// Another has tried, and was told to come later, between the look and the lock.
			const behind = afterLook(fresh.database, () => fresh.database.execute(`UPDATE alert SET next_at = ${lit(later)}`));
			expect(await claimHead(behind, LANE, Buffer.alloc(16, 1), clock.now())).toEqual({ kind: "wait", until: later });
			const taken = afterLook(fresh.database, () => claimHead(fresh.database, LANE, Buffer.alloc(16, 2), later));
			expect(await claimHead(taken, LANE, Buffer.alloc(16, 1), later)).toEqual({ kind: "busy" });
		});

		it("stays apart from another hunter's in the same channel", async () => {
			await putDigest("a", 20);
			const other = await putHunter(fresh.database, clock.now(), { name: "Other" });
			await putHits(fresh.database, other, ["One", "Two"], (at) => new Date(clock.at + at), { name: "Other" });
			await once();
			expect(totals().sort()).toEqual(["Other: One", "Other: Two", "Ransomware: 20 hits of Ransomware"]);
		});
	});
});
