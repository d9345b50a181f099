import { describe, expect, it } from "vitest";
import { remembered } from "@/lib/platform/remembered";

describe("an answer that may be some seconds old", () => {
	it("is asked once for all who want it in that time, and again later", async () => {
		let time = 1_000_000;
		let asked = 0;
		const owner = {};
		const read = (): Promise<number> =>
			remembered(
				owner,
				"n",
				10,
				async () => ++asked,
				() => time,
			);
		expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
		time += 9_999;
		expect(await read()).toBe(1);
		time += 2;
		expect(await read()).toBe(2);
	});

	it("belongs to one owner and one key", async () => {
		const [one, other] = [{}, {}];
		expect(await remembered(one, "a", 10, async () => "one a")).toBe("one a");
		expect(await remembered(one, "b", 10, async () => "one b")).toBe("one b");
		expect(await remembered(other, "a", 10, async () => "other a")).toBe("other a");
		expect(await remembered(one, "a", 10, async () => "asked again")).toBe("one a");
	});

	it("forgets a failure, which everybody who waited is told", async () => {
		const owner = {};
		const failing = (): Promise<string> => remembered(owner, "a", 10, () => Promise.reject(new Error("gone")));
		const results = await Promise.allSettled([failing(), failing()]);
		expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
		expect(await remembered(owner, "a", 10, async () => "back")).toBe("back");
	});

	it("asks anew where an answer never comes", async () => {
		let time = 0;
		const owner = {};
		void remembered(
			owner,
			"a",
			10,
			() => new Promise<string>(() => {}),
			() => time,
		);
		time = 20_001;
		expect(
			await remembered(
				owner,
				"a",
				10,
				async () => "at last",
				() => time,
			),
		).toBe("at last");
	});

	it("keeps a bounded number of answers", async () => {
		const owner = {};
		for (let at = 0; at < 600; at++) await remembered(owner, `key ${at}`, 10, async () => at);
		expect(await remembered(owner, "key 599", 10, async () => -1)).toBe(599);
		expect(await remembered(owner, "key 0", 10, async () => -1)).toBe(-1);
	});
});
