import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { places, placesOfEach, turns } from "@/lib/platform/turns";

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

describe("places", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("are kept until they are given back, once, and go to whoever waited longest", async () => {
		const take = places(1, 2, 1000);
		const first = await take();
		const order: string[] = [];
		const named = async (name: string) => {
			const giveBack = await take();
			order.push(name);
			return giveBack;
		};
		const second = named("second");
		const third = named("third");
		await expect(take()).rejects.toMatchObject({ code: "unavailable", retryAfter: 5 });
		first();
		first();
		await vi.advanceTimersByTimeAsync(0);
		expect(order).toEqual(["second"]);
		(await second)();
		(await third)();
		expect(order).toEqual(["second", "third"]);
		(await take())();
	});

	it("are waited for no longer than is said, and who gave up takes none", async () => {
		const take = places(1, 5, 1000);
		const first = await take();
		const refused = expect(take()).rejects.toMatchObject({ code: "unavailable" });
		await vi.advanceTimersByTimeAsync(1000);
		await refused;
		first();
		const again = await take();
		const next = take();
		again();
		(await next)();
	});
});

describe("places of each", () => {
	it("are counted for everybody alone, and forgotten when they are given back", async () => {
		const take = placesOfEach(1, 0, 1000);
		const ann = await take("ann");
		await expect(take("ann")).rejects.toMatchObject({ code: "unavailable" });
		const bob = await take("bob");
		ann();
		ann();
		const again = await take("ann");
		await expect(take("ann")).rejects.toMatchObject({ code: "unavailable" });
		again();
		bob();
		(await take("bob"))();
	});
});
