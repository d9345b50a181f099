import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FakeProvider, MISBEHAVIOURS, startFakeProvider } from "../../fakes/enrichers";
import { testTools } from "../../harness/enrich";

const KEY = "canary-key-1234567890";
let provider: FakeProvider;
beforeAll(async () => {
	provider = await startFakeProvider();
});
afterAll(() => provider.stop());
afterEach(() => {
	provider.replies = {};
});

const URL_ = `https://api.example.com/v1/thing?apikey=${KEY}`;
const tools = (more = {}) => testTools(provider.url, { secret: KEY, ...more });
const failing = async (reply: (typeof MISBEHAVIOURS)[keyof typeof MISBEHAVIOURS], more = {}) => {
	provider.replies["api.example.com/v1/thing"] = reply;
	return tools(more)
		.json(URL_)
		.then(
			(value) => ({ value }),
			(error: Error & { kind?: string; retryAfter?: number }) => ({ kind: error.kind, message: error.message, retryAfter: error.retryAfter }),
		);
};

describe("what a provider answers", () => {
	it("is JSON, or null where it knows nothing", async () => {
		provider.replies["api.example.com/v1/thing"] = { body: { a: 1 } };
		expect(await tools().json(URL_)).toEqual({ a: 1 });
		expect(await failing(MISBEHAVIOURS.unknown)).toEqual({ value: null });
		provider.replies["api.example.com/v1/thing"] = { status: 400, body: {} };
		expect(await tools().json(URL_, { unknown: [400] })).toBeNull();
	});

	it.each([
		["unauthorised", { kind: "refused", message: "api.example.com refuses the key (401)" }],
		["forbidden", { kind: "refused", message: "api.example.com refuses the key (403)" }],
		["limited", { kind: "limited", retryAfter: undefined }],
		["limitedFor90", { kind: "limited", retryAfter: 90 }],
		["broken", { kind: "failed", message: "api.example.com has a fault of its own (500)" }],
		["html", { kind: "failed", message: 'api.example.com sent a page in place of JSON ("Just a moment...")' }],
		["halfJson", { kind: "failed", message: "api.example.com sent JSON that is broken or ends early" }],
		["empty", { kind: "failed", message: "api.example.com sent an empty answer" }],
		["tooLarge", { kind: "failed", message: expect.stringContaining("bytes") }],
	] as const)("is no answer when it is %s", async (how, expected) => {
		const said = await failing(MISBEHAVIOURS[how]);
		expect(said).toMatchObject(expected);
		expect(JSON.stringify(said)).not.toContain(KEY);
	});

	it("is not followed inward, and nobody waits for one who sleeps", async () => {
		expect(await failing(MISBEHAVIOURS.inward, { route: (url: URL) => (url.hostname === "api.example.com" ? new URL(`/${url.host}${url.pathname}`, provider.url) : url) })).toMatchObject({
			kind: "failed",
			message: expect.stringContaining("not public"),
		});
		expect(await failing(MISBEHAVIOURS.sleeps, { signal: AbortSignal.timeout(150) })).toMatchObject({ kind: "timeout" });
	});

	it("is counted before it is asked for", async () => {
		const before = provider.asked.length;
		const spend = async () => {
			throw new Error("spent");
		};
		await expect(tools({ spend }).json(URL_)).rejects.toThrow("spent");
		expect(provider.asked.length).toBe(before);
	});

	it("is asked for by form and JSON", async () => {
		const seen: unknown[] = [];
		provider.replies["api.example.com/v1/thing"] = ({ method, headers, body }) => {
			seen.push([method, headers["content-type"], body, headers["auth-key"]]);
			return { body: [] };
		};
		await tools().json("https://api.example.com/v1/thing", { form: { url: "http://a.example/?b=c&d" }, headers: { "auth-key": KEY } });
		await tools().json("https://api.example.com/v1/thing", { json: { q: "ü" } });
		expect(seen).toEqual([
			["POST", "application/x-www-form-urlencoded", "url=http%3A%2F%2Fa.example%2F%3Fb%3Dc%26d", KEY],
			["POST", "application/json", '{"q":"ü"}', undefined],
		]);
	});
});
