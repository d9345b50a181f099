import { describe, expect, it } from "vitest";
import { SuspectBody } from "@/lib/net";
import { type Json, PullFailure, type PullReading, type PullRequest, type Slice } from "@/lib/sources/record";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { feedFolder, mispFeedReading } from "@/lib/sources/threat/misp/feed";
import { threatfoxEvents } from "@/lib/sources/threat/threatfox-events";
import { mispJson, mispNames } from "@/tests/fakes/misp";
import { type FakeAnswer, fakeTools } from "@/tests/fakes/pull-tools";

type Any = ThreatItem | ThreatRoster;
type FeedSlice = Slice<Any, Json>;

const reading = mispFeedReading({ url: "https://feed.example/osint/" }) as unknown as PullReading<Any>;
const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

interface Feed {
	manifest: Record<string, { timestamp: string | number }>;
	/** overrides of single event files */
	files?: Record<string, FakeAnswer>;
	etag?: string;
}

/** A provider with one small event for every line of its manifest. */
function provider(feed: Feed) {
	return (request: PullRequest): FakeAnswer => {
		const name = request.url.replace("https://feed.example/osint/", "");
		if (name === "manifest.json") {
			if (feed.etag !== undefined && request.etag === feed.etag) return { status: 304 };
			return { body: feed.manifest, headers: feed.etag === undefined ? {} : { etag: feed.etag } };
		}
		const uuid = name.replace(".json", "");
		const entry = feed.manifest[uuid];
		return feed.files?.[uuid] ?? (entry === undefined ? { status: 404 } : { body: { Event: { uuid, info: uuid, date: "2026-11-01", timestamp: String(entry.timestamp), Attribute: [] } } });
	};
}

function manifest(...numbers: number[]): Feed["manifest"] {
	return Object.fromEntries(numbers.map((number) => [uuidOf(number), { timestamp: String(1_790_000_000 + number) }]));
}

/** A whole run, slice by slice. */
async function run(
	source: PullReading<Any>,
	feed: Feed,
	mark: Json | null,
	options: { now?: Date; secret?: string; secondsLeft?: () => number } = {},
): Promise<{ slices: FeedSlice[]; mark: Json; requests: string[] }> {
	const tools = fakeTools(provider(feed), { now: new Date("2026-11-24T12:00:00Z"), ...options });
	const slices: FeedSlice[] = [];
	let at = mark;
	for (let count = 0; count < 50; count++) {
		// Marks travel through the database as JSON.
		const slice = (await source.next(at === null ? null : JSON.parse(JSON.stringify(at)), tools)) as FeedSlice;
		slices.push(slice);
		at = slice.mark;
		if (slice.done) return { slices, mark: slice.mark, requests: tools.requests.map(({ url }) => url.replace("https://feed.example/osint/", "")) };
	}
	throw new Error("the run does not end");
}

function eventsOf(slices: readonly FeedSlice[]): string[] {
	return slices.flatMap(({ items }) => items.flatMap((item) => (item.ok && item.item.kind === "event" ? [item.item.uuid] : [])));
}

function asideOf(slices: readonly FeedSlice[]): string[] {
	return slices.flatMap(({ items }) => items.flatMap((item) => (item.ok ? [] : [`${item.where}: ${item.reason}`])));
}

const later = new Date("2026-11-24T13:00:00Z");

describe("a static feed", () => {
	it("reads the real manifest and its events in slices, newest first", async () => {
		const entries = mispJson("misp-feed", "manifest.json") as Record<string, { timestamp: string }>;
		const here = mispNames("misp-feed").filter((name) => /^[0-9a-f]{8}-/.test(name));
		const files = Object.fromEntries(here.map((name) => [name.replace(".json", ""), { body: mispJson("misp-feed", name) }]));
		const chosen = Object.fromEntries(Object.entries(entries).filter(([uuid]) => files[uuid] !== undefined));
		const { slices, requests } = await run(reading, { manifest: chosen, files }, null);
		expect(eventsOf(slices).sort()).toEqual(here.map((name) => name.replace(".json", "")));
		expect(requests.filter((name) => name === "manifest.json")).toHaveLength(1);
		expect(requests).not.toContain("hashes.csv");
		expect(slices.length).toBe(2);
		expect(slices.at(-1)?.note).toBe("27 of 27 changed events read, 27 in the feed");
	});

	it("fetches only events whose timestamp grew", async () => {
		const first = await run(reading, { manifest: manifest(1, 2, 3) }, null);
		expect(eventsOf(first.slices)).toEqual([uuidOf(3), uuidOf(2), uuidOf(1)]);
		const changed = manifest(1, 2, 3, 4);
		changed[uuidOf(2)] = { timestamp: 1_799_000_000 };
		changed[uuidOf(3)] = { timestamp: "1" };
		const second = await run(reading, { manifest: changed }, first.mark, { now: later });
		expect(second.requests).toEqual(["manifest.json", `${uuidOf(2)}.json`, `${uuidOf(4)}.json`]);
	});

	it("finds an event that is published late, with an old timestamp", async () => {
		const first = await run(reading, { manifest: manifest(5) }, null);
		const second = await run(reading, { manifest: manifest(5, 1) }, first.mark, { now: later });
		expect(eventsOf(second.slices)).toEqual([uuidOf(1)]);
	});

	it("asks conditionally, and an unchanged manifest costs one request", async () => {
		const feed = { manifest: manifest(1), etag: '"v1"' };
		const first = await run(reading, feed, null);
		const second = await run(reading, feed, first.mark, { now: later });
		expect(second.requests).toEqual(["manifest.json"]);
		expect(second.slices).toMatchObject([{ items: [], done: true }]);
	});

	it("says which events it has, so that those that are gone are noticed", async () => {
		const { slices } = await run(reading, { manifest: manifest(1, 2) }, null);
		expect(slices[0]?.items[0]).toMatchObject({ ok: true, item: { kind: "roster", uuids: [uuidOf(1), uuidOf(2)] } });
	});

	it("goes on after a run that ended midway, without the manifest having changed", async () => {
		const feed = { manifest: manifest(...Array.from({ length: 60 }, (_, at) => at + 1)), etag: '"v1"' };
		const tools = fakeTools(provider(feed));
		const first = (await reading.next(null, tools)) as FeedSlice;
		expect([eventsOf([first]).length, first.done]).toEqual([25, false]);
		const { slices, requests } = await run(reading, feed, first.mark, { now: later });
		expect(eventsOf([first, ...slices])).toHaveLength(60);
		expect(new Set(eventsOf([first, ...slices])).size).toBe(60);
		expect(requests[0]).toBe("manifest.json");
	});

	it("ends a slice when its time is short, yet always gets on", async () => {
		const { slices } = await run(reading, { manifest: manifest(1, 2, 3) }, null, { secondsLeft: () => 3 });
		expect(slices.map(({ items }) => eventsOf([{ items } as FeedSlice]).length)).toEqual([1, 1, 1]);
	});
});

describe("a static feed with faults", () => {
	it("sets aside an event that is missing, broken or another one, and asks for it again at the next run", async () => {
		const feed = {
			manifest: manifest(1, 2, 3, 4),
			etag: '"v1"',
			files: { [uuidOf(1)]: { status: 404 }, [uuidOf(2)]: { body: "<html>moved</html>" }, [uuidOf(3)]: { body: { Event: { uuid: uuidOf(77), date: "2026-11-01", Attribute: [] } } } },
		};
		const first = await run(reading, feed, null);
		expect(eventsOf(first.slices)).toEqual([uuidOf(4)]);
		expect(asideOf(first.slices)).toEqual([
			`event ${uuidOf(3)}: its file holds another event (${uuidOf(77)})`,
			`event ${uuidOf(2)}: it could not be fetched: feed.example answered something else than JSON: <html>moved</html>`,
			`event ${uuidOf(1)}: it could not be fetched: feed.example answered 404`,
		]);
		const second = await run(reading, { ...feed, files: {} }, first.mark, { now: later });
		expect(eventsOf(second.slices).sort()).toEqual([uuidOf(1), uuidOf(2), uuidOf(3)]);
	});

	it("stops at a provider in trouble, and keeps what it had", async () => {
		const feed = { manifest: manifest(1, 2, 3, 4, 5, 6, 7), files: Object.fromEntries([1, 2, 3, 4, 5].map((number) => [uuidOf(number), { status: 503 }])) };
		const tools = fakeTools(provider(feed));
		const first = (await reading.next(null, tools)) as FeedSlice;
		expect(eventsOf([first])).toEqual([uuidOf(7), uuidOf(6)]);
		expect(first.done).toBe(false);
		await expect(
			(async () => {
				let mark = first.mark;
				for (let count = 0; count < 5; count++) mark = ((await reading.next(mark as never, tools)) as FeedSlice).mark;
			})(),
		).rejects.toThrow("feed.example answered 503");
	});

	it("waits as long as the provider says", async () => {
		const feed = { manifest: manifest(1), files: { [uuidOf(1)]: { status: 429, retryAfter: 120 } } };
		const tools = fakeTools(provider(feed));
		const first = (await reading.next(null, tools)) as FeedSlice;
		await expect(reading.next(first.mark as never, tools)).rejects.toMatchObject({ status: 429, retryAfter: 120 });
	});

	it.each<[string, unknown, RegExp]>([
		["a page", "<html>", /something else than JSON/],
		["a list", [], /a list/],
		["nothing", {}, /lists no event/],
		["an error", { error: "down" }, /None of the 1 entries/],
	])("does not take %s for a manifest", async (_name, body, message) => {
		await expect(
			reading.next(
				null,
				fakeTools(() => ({ body })),
			),
		).rejects.toThrow(message);
	});

	it("does not believe a manifest that lost most of its events", async () => {
		const first = await run(reading, { manifest: manifest(...Array.from({ length: 20 }, (_, at) => at)) }, null);
		const tools = fakeTools(provider({ manifest: manifest(1, 2, 3) }), { now: later });
		await expect(reading.next(first.mark as never, tools)).rejects.toThrow(SuspectBody);
	});

	it("sets aside lines of the manifest that are no events", async () => {
		const { slices } = await run(reading, { manifest: { ...manifest(1), "../../etc/passwd": { timestamp: "1" }, [uuidOf(2)]: {} as { timestamp: string } } }, null);
		expect(asideOf(slices)).toEqual(["manifest, ../../etc/passwd: its name is no UUID", `manifest, ${uuidOf(2)}: it has no timestamp`]);
	});
});

describe("addresses of feeds", () => {
	it.each(["https://feed.example/osint", "https://feed.example/osint/", "https://feed.example/osint/manifest.json"])("%s", (url) => {
		expect(feedFolder(url)).toBe("https://feed.example/osint");
	});

	it("sends a key as the provider wants it, and only where there is one", async () => {
		const source = threatfoxEvents.reading as unknown as PullReading<Any>;
		const answer = (): FakeAnswer => ({ body: manifest() });
		const [withKey, without] = [fakeTools(answer, { secret: "abc" }), fakeTools(answer)];
		for (const tools of [withKey, without]) await expect(source.next(null, tools)).rejects.toThrow(SuspectBody);
		expect([withKey.requests[0]?.headers?.["auth-key"], without.requests[0]?.headers?.["auth-key"]]).toEqual(["abc", undefined]);
		expect(withKey.requests[0]?.url).toBe("https://threatfox.abuse.ch/downloads/misp/manifest.json");
	});

	it("sends ThreatFox's key as a header with every request, never in an address", async () => {
		const base = "https://threatfox.abuse.ch/downloads/misp/";
		const events = provider({ manifest: manifest(1, 2) });
		const tools = fakeTools((request) => events({ ...request, url: request.url.replace(base, "https://feed.example/osint/") }), { secret: "abc-key" });
		const source = threatfoxEvents.reading as unknown as PullReading<Any>;
		const slices: FeedSlice[] = [];
		for (let mark: Json | null = null; slices.at(-1)?.done !== true; mark = slices.at(-1)?.mark ?? null) slices.push((await source.next(mark, tools)) as FeedSlice);
		expect(eventsOf(slices).sort()).toEqual([uuidOf(1), uuidOf(2)]);
		expect(tools.requests.map(({ url, headers }) => [url.replace(base, ""), headers?.["auth-key"]]).sort()).toEqual([
			[`${uuidOf(1)}.json`, "abc-key"],
			[`${uuidOf(2)}.json`, "abc-key"],
			["manifest.json", "abc-key"],
		]);
		expect(tools.requests.some(({ url }) => url.includes("abc-key"))).toBe(false);
	});

	it("throws what only a failed request throws", async () => {
		await expect(
			reading.next(
				null,
				fakeTools(() => ({ status: 500 })),
			),
		).rejects.toBeInstanceOf(PullFailure);
	});
});
