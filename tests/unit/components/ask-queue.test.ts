import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Told } from "@/components/lookup/ask-service";
import { AskQueue, type Task } from "@/components/lookup/list/ask-queue";

const FOUND: Told = { state: "unknown", askedAt: "", keptUntil: "", kept: false };
const START = new Date("2026-11-24T12:00:00Z");

function inSeconds(seconds: number): string {
	return new Date(Date.now() + seconds * 1000).toISOString();
}

function tasks(service: string, count: number): Task[] {
	return Array.from({ length: count }, (_, row) => ({ row, service }));
}

describe("the queue of questions", () => {
	beforeEach(() => {
		vi.useFakeTimers({ now: START });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	/** A queue whose services answer by `answer` after a second. */
	function queueOf(answer: (task: Task) => Told, options: { inFlight?: number; each?: number } = {}) {
		const answered: Array<[string, number, string]> = [];
		const seen = { now: 0, most: 0, asked: 0, each: new Map<string, number>(), mostEach: 0 };
		const queue = new AskQueue({
			ask: async (task) => {
				seen.asked++;
				seen.most = Math.max(seen.most, ++seen.now);
				const each = (seen.each.get(task.service) ?? 0) + 1;
				seen.each.set(task.service, each);
				seen.mostEach = Math.max(seen.mostEach, each);
				await new Promise((resolve) => setTimeout(resolve, 1000));
				seen.now--;
				seen.each.set(task.service, (seen.each.get(task.service) ?? 1) - 1);
				return answer(task);
			},
			onAnswer: ({ service, row }, told) => answered.push([service, row, told.state]),
			onChange: () => {},
			...options,
		});
		return { queue, answered, seen };
	}

	it("asks few at a time, of one service fewer, and everybody in turn", async () => {
		const { queue, answered, seen } = queueOf(() => FOUND);
		queue.add([...tasks("a", 20), ...tasks("b", 20), ...tasks("c", 20)]);
		await vi.advanceTimersByTimeAsync(3000);
		expect(new Set(answered.map(([service]) => service))).toEqual(new Set(["a", "b", "c"]));
		await vi.runAllTimersAsync();
		expect(answered).toHaveLength(60);
		expect([seen.most, seen.mostEach]).toEqual([4, 2]);
		expect(queue.open()).toBe(0);
	});

	it("tells a share that is used up from a service that may not be asked", async () => {
		const until = inSeconds(600);
		const { queue } = queueOf(({ service }) => (service === "mine" ? { state: "limited", by: "share", until, reason: "" } : { state: "limited", by: "quota", until }));
		queue.add([...tasks("mine", 1), ...tasks("theirs", 1)]);
		await vi.advanceTimersByTimeAsync(1500);
		expect([queue.isShareSpent("mine"), queue.isShareSpent("theirs"), queue.restsUntil("mine")]).toEqual([true, false, new Date(until)]);
		queue.stop();
	});

	it("lets a limited service rest until it frees, loses nothing, and goes on with the others", async () => {
		let limited = true;
		const { queue, answered } = queueOf(({ service }) => (service === "slow" && limited ? { state: "limited", by: "quota", until: inSeconds(600) } : FOUND));
		queue.add([...tasks("slow", 5), ...tasks("fast", 5)]);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(answered.map(([service]) => service)).toEqual(Array.from({ length: 5 }, () => "fast"));
		expect(queue.open("slow")).toBe(5);
		expect(queue.restsUntil("slow")?.getTime()).toBeGreaterThan(START.getTime() + 590_000);
		limited = false;
		await vi.advanceTimersByTimeAsync(600_000);
		expect(answered.filter(([service]) => service === "slow")).toHaveLength(5);
		expect(queue.restsUntil("slow")).toBeNull();
	});

	it("waits as a whole where the console itself is asked too often", async () => {
		let busy = true;
		const { queue, answered, seen } = queueOf(() => (busy ? { state: "unasked", reason: "too often", again: inSeconds(30) } : FOUND));
		queue.add([...tasks("a", 10), ...tasks("b", 10)]);
		await vi.advanceTimersByTimeAsync(20_000);
		expect(seen.asked).toBe(4);
		busy = false;
		await vi.runAllTimersAsync();
		expect(answered).toHaveLength(20);
	});

	it("keeps failures as answers, and leaves a service alone that fails again and again", async () => {
		const { queue, answered, seen } = queueOf(() => ({ state: "failed", reason: "500", again: inSeconds(60) }));
		queue.add(tasks("broken", 8));
		await vi.advanceTimersByTimeAsync(30_000);
		expect(seen.asked).toBeLessThanOrEqual(4);
		expect(queue.restsUntil("broken")).not.toBeNull();
		await vi.runAllTimersAsync();
		expect(answered.filter(([, , state]) => state === "failed")).toHaveLength(8);
	});

	it("asks nobody after it was stopped, and takes no late answer", async () => {
		const { queue, answered, seen } = queueOf(() => FOUND);
		queue.add(tasks("a", 10));
		queue.stop();
		await vi.runAllTimersAsync();
		expect([answered.length, seen.asked, queue.open()]).toEqual([0, 2, 0]);
	});
});
