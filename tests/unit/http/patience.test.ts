import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { boundedRequest } from "@/lib/http/body";
import { streamed } from "@/lib/http/stream";

const URL_ = "http://exist.test/api/lookup/bulk";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A body that says something and then nothing any more. */
function silentBody() {
	let gone = false;
	const stream = new ReadableStream<Uint8Array>({
		start: (controller) => controller.enqueue(Buffer.from("evil.example")),
		cancel: () => {
			gone = true;
		},
	});
	return { request: new Request(URL_, { method: "POST", body: stream, duplex: "half" } as RequestInit), isGone: () => gone };
}

describe("a body that does not arrive", () => {
	it("is waited for as long as is said, then let go", async () => {
		const { request, isGone } = silentBody();
		const refused = expect(boundedRequest(request, 1000, 30_000)).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("within 30 seconds") });
		await vi.advanceTimersByTimeAsync(30_000);
		await refused;
		expect(isGone()).toBe(true);
	});

	it("that is too long ends at the limit", async () => {
		const { request, isGone } = silentBody();
		await expect(boundedRequest(request, 5, 30_000)).rejects.toMatchObject({ code: "too_large" });
		expect([isGone(), vi.getTimerCount()]).toEqual([true, 0]);
	});

	it("is read whole where it does", async () => {
		const read = await boundedRequest(new Request(URL_, { method: "POST", body: "evil.example" }), 1000, 30_000);
		expect([await read.text(), vi.getTimerCount()]).toEqual(["evil.example", 0]);
	});
});

describe("a reader that stops reading", () => {
	/** Endless parts, and whether their producer was told to stop. */
	function producer() {
		let stopped = false;
		async function* parts(): AsyncGenerator<string> {
			try {
				for (let at = 0; ; at++) yield `${at}\n`;
			} finally {
				stopped = true;
			}
		}
		return { parts, isStopped: () => stopped };
	}

	it("gets a broken body after its time, and the producer stops", async () => {
		const { parts, isStopped } = producer();
		const reader = (await streamed(new Request(URL_), parts, {}, 1000)).body?.getReader();
		await reader?.read();
		await vi.advanceTimersByTimeAsync(900);
		// Each reading begins the time anew.
		await reader?.read();
		await vi.advanceTimersByTimeAsync(900);
		expect(isStopped()).toBe(false);
		await vi.advanceTimersByTimeAsync(100);
		expect(isStopped()).toBe(true);
		await expect(reader?.read()).rejects.toThrow("nobody read");
	});

	it("is waited for where nobody said for how long, and one that leaves stops the producer at once", async () => {
		const { parts, isStopped } = producer();
		const body = (await streamed(new Request(URL_), parts, {})).body;
		await vi.advanceTimersByTimeAsync(3_600_000);
		expect([isStopped(), vi.getTimerCount()]).toEqual([false, 0]);
		await body?.cancel();
		expect(isStopped()).toBe(true);
	});
});
