import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHunter } from "@/lib/hunters";
import { huntersAsking } from "@/lib/hunters/same";
import { freshDatabase, type TestDatabase } from "../harness/database";

describe("hunters of a value", () => {
	let fresh: TestDatabase;
	beforeAll(async () => {
		fresh = await freshDatabase();
		for (const [name, query] of [
			["Whole", "evil.example"],
			["Defanged", "evil[.]example"],
			["Among others", "evil.example, other.example"],
			["Quoted", '"http://evil.example/a,b"'],
		] as const)
			await createHunter({ kind: "reputation", name, query, enabled: false, slack: false, channel: null, digestOver: 10 }, "test", fresh.database);
	});
	afterAll(() => fresh.drop());

	it("are those that ask for it and nothing else, however it is written", async () => {
		const names = async (...queries: string[]) => (await huntersAsking(queries, fresh.database)).map(({ name }) => name);
		expect(await names("evil.example", "evil[.]example")).toEqual(["Defanged", "Whole"]);
		expect(await names('"http://evil.example/a,b"')).toEqual(["Quoted"]);
		expect(await names("'; DROP TABLE hunter; --")).toEqual([]);
		expect(await names()).toEqual([]);
	});
});
