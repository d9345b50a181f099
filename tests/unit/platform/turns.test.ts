import { describe, expect, it } from "vitest";
import { turns } from "@/lib/platform/turns";

describe("heavy work in turns", () => {
	it("runs so many at once, the others after them, and refuses beyond that", async () => {
		const turn = turns(2, 2);
		let running = 0;
		let most = 0;
		const ends: Array<() => void> = [];
		const work = async (): Promise<string> => {
			running++;
			most = Math.max(most, running);
			await new Promise<void>((resolve) => ends.push(resolve));
			running--;
			return "done";
		};
		const asked = [turn(work), turn(work), turn(work), turn(work)];
		await expect(turn(work)).rejects.toMatchObject({ code: "unavailable" });
		for (let at = 0; at < 4; at++) {
			ends[at]?.();
			await asked[at];
			await new Promise((resolve) => setImmediate(resolve));
		}
		expect([most, await Promise.all(asked)]).toEqual([2, ["done", "done", "done", "done"]]);
	});

	it("gives the turn on where work fails", async () => {
		const turn = turns(1, 1);
		await expect(turn(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
		expect(await turn(async () => 1)).toBe(1);
	});
});
