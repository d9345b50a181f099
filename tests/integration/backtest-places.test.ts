import { afterAll, beforeAll, expect, it } from "vitest";
import { backtestResponse } from "@/lib/http";
import { startApi } from "../harness/api";
import { freshDatabase, type TestDatabase } from "../harness/database";

let fresh: TestDatabase;
beforeAll(async () => {
	fresh = await freshDatabase();
	await startApi(fresh);
});
afterAll(() => fresh.drop());

const ask = (query = "ransomware") => {
	const request = new Request("http://exist.test/api/hunters/backtest", {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ kind: "news", query, digestOver: 10 }),
	});
	return backtestResponse({ request });
};

it("two backtests are under way at once, ten wait, others are told to come again, and a reader that leaves gives its place back", async () => {
	// Their answers are not read, so both are still under way.
	const [first, second] = [await ask(), await ask()];
	let begun = 0;
	const waiting = Array.from({ length: 10 }, async () => {
		const answer = await ask();
		begun++;
		return answer.text();
	});
	await new Promise((resolve) => setTimeout(resolve, 200));
	await expect(ask()).rejects.toMatchObject({ code: "unavailable", retryAfter: 5 });
	expect(begun).toBe(0);
	// What cannot be read takes no place.
	await expect(ask('"open')).rejects.toMatchObject({ code: "invalid" });
	await first.body?.cancel();
	const texts = await Promise.all(waiting);
	expect(texts.map((text) => (JSON.parse(text.trimEnd().split("\n").at(-1) ?? "{}") as { type: string }).type)).toEqual(Array(10).fill("done"));
	await second.body?.cancel();
	expect(await (await ask()).text()).toContain('"done"');
});
