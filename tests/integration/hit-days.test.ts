import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hitDays } from "@/lib/hunters/hit-days";
import { lit } from "@/lib/platform";
import { freshDatabase, type TestDatabase } from "../harness/database";

const NOW = new Date("2026-11-25T00:30:00Z");

describe("hits a day", () => {
	let fresh: TestDatabase;
	const [busy, other, idle] = [randomBytes(16), randomBytes(16), randomBytes(16)] as [Buffer, Buffer, Buffer];
	const hit = (hunter: Buffer, at: string) =>
		fresh.database.execute(
			`INSERT INTO hunter_hit (hunter_id, record_id, at, record_at, source, title, path, matches) VALUES (${lit(hunter)},${lit(randomBytes(16))},${lit(new Date(at))},${lit(new Date("2020-01-01T00:00:00Z"))},1,'a','/a','[]')`,
		);

	beforeAll(async () => {
		fresh = await freshDatabase();
		for (const at of ["2026-11-25T00:00:00Z", "2026-11-25T00:29:59.999Z", "2026-11-24T23:59:59.999Z", "2026-10-27T00:00:00Z", "2026-10-26T23:59:59.999Z"]) await hit(busy, at);
		await hit(other, "2026-11-25T00:10:00Z");
	});
	afterAll(() => fresh.drop());

	it("are counted by the UTC day they were found on, thirty days back, for the hunters that were asked for", async () => {
		const days = await hitDays([busy.toString("hex"), idle.toString("hex")], NOW, fresh.database);
		const of = days.get(busy.toString("hex")) ?? [];
		expect([of.length, of[0], of.at(-2), of.at(-1)]).toEqual([30, { day: "2026-10-27", count: 1 }, { day: "2026-11-24", count: 1 }, { day: "2026-11-25", count: 2 }]);
		expect(of.reduce((sum, { count }) => sum + count, 0)).toBe(4);
		expect((days.get(idle.toString("hex")) ?? []).map(({ count }) => count)).toEqual(Array(30).fill(0));
		expect([...days.keys()].length).toBe(2);
	});

	it("ask nobody for no hunters", async () => {
		expect(await hitDays([], NOW, fresh.database)).toEqual(new Map());
	});
});
