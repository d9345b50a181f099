import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alertsOf, heldUp, latestAlerts } from "@/lib/alerts";
import { operationAlert } from "@/lib/alerts/operation";
import { alertId, putAlerts } from "@/lib/alerts/outbox";
import { createHunter, removeHunter } from "@/lib/hunters";
import { freshDatabase, type TestDatabase } from "../harness/database";

const NOW = new Date("2026-11-25T08:00:00.000Z");

describe("the list of alerts of all hunters", () => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase();
	});
	beforeEach(() => fresh.clear());
	afterAll(() => fresh.drop());

	const hunter = async (name: string): Promise<string> =>
		(await createHunter({ kind: "news", name, query: "emotet", enabled: true, slack: true, channel: null, digestOver: 10 }, "ada@example.com", fresh.database)).id;
	/** An alert of a hunter that found so many records, `at` milliseconds after all began. */
	const told = (id: string, name: string, total: number, at: number) =>
		fresh.database.transaction((tx) =>
			putAlerts(
				tx,
				[
					{
						id: alertId(name, String(total)),
						hunter: Buffer.from(id, "hex"),
						via: "slack",
						target: "soc",
						content: { kind: "digest", hunter: { id, name, kind: "news" }, total, records: [] },
					},
				],
				new Date(NOW.getTime() + at),
			),
		);

	it("holds those of deleted hunters as well, by the name they had, page by page; none of the installation", async () => {
		const [first, second] = [await hunter("First"), await hunter("Second")];
		for (let at = 0; at < 5; at++) await told(at % 2 === 0 ? first : second, at % 2 === 0 ? "First" : "Second", 10 + at, Math.floor(at / 2));
		await fresh.database.transaction((tx) => operationAlert(tx, "ops", { source: 1, name: "CINS", was: "ok", state: "failing", reason: null, since: NOW.toISOString() }, new Date(NOW.getTime() + 9)));
		await removeHunter(second, "ada@example.com", fresh.database);
		const seen: string[] = [];
		let cursor: string | undefined;
		for (let turn = 0; turn < 9; turn++) {
			const { rows, next } = await latestAlerts({ limit: 2, cursor }, fresh.database);
			seen.push(...rows.map(({ title, state, hunter: { name, there } }) => `${title}, ${state}, ${name}${there ? "" : " (deleted)"}`));
			if (next === null) break;
			cursor = next;
		}
		expect(seen[0]).toBe("14 hits of First, pending, First");
		expect(seen.slice(1).sort()).toEqual([
			"10 hits of First, pending, First",
			"11 hits of Second, dropped, Second (deleted)",
			"12 hits of First, pending, First",
			"13 hits of Second, dropped, Second (deleted)",
		]);
		await expect(latestAlerts({ limit: 2, cursor: "x" }, fresh.database)).rejects.toThrow('"x" is no cursor of this list');
		expect((await alertsOf(null, { limit: 9 }, fresh.database)).rows.map(({ title }) => title)).toEqual(["CINS is failing"]);
	});

	it("knows whose alerts were tried and still wait", async () => {
		const [tried, fresher, done] = [await hunter("Tried"), await hunter("Fresher"), await hunter("Done")];
		for (const [id, name] of [
			[tried, "Tried"],
			[fresher, "Fresher"],
			[done, "Done"],
		] as const)
			await told(id, name, 1, 0);
		const set = (id: string, what: string) => fresh.database.execute(`UPDATE alert SET ${what} WHERE hunter_id = UNHEX('${id}')`);
		await set(tried, "attempts = 1, reason = 'There is no channel #soc'");
		await set(done, "attempts = 3, state = 'sent'");
		expect([...(await heldUp(fresh.database))]).toEqual([tried]);
	});
});
