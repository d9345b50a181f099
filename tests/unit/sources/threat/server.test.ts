import { describe, expect, it } from "vitest";
import { SuspectBody } from "@/lib/net";
import { type Json, PullFailure, type PullReading, type PullRequest, type Slice } from "@/lib/sources/record";
import type { ThreatItem, ThreatRoster } from "@/lib/sources/threat/event";
import { mispAccess, mispServerReading, serverBase } from "@/lib/sources/threat/misp/server";
import { mispServerEvents } from "@/lib/sources/threat/misp-server";
import { mispJson } from "@/tests/fakes/misp";
import { type FakeAnswer, type FakeTools, fakeTools } from "@/tests/fakes/pull-tools";

type Any = ThreatItem | ThreatRoster;
type ServerSlice = Slice<Any, Json>;
interface Search {
	timestamp: string;
	page: number;
	limit: number;
	deleted: number[];
	returnFormat: string;
}

const KEY = "k".repeat(40);
const reading = mispServerReading("https://misp.example") as unknown as PullReading<Any>;
const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

interface Stored {
	id: number;
	timestamp: number;
	attributes?: number;
}

/** A server that pages as MISP does: by id, changed at `timestamp` or later. */
function server(events: Stored[], override?: (request: PullRequest, search: Search) => FakeAnswer | undefined) {
	return (request: PullRequest): FakeAnswer => {
		const search = request.body as unknown as Search;
		const special = override?.(request, search);
		if (special !== undefined) return special;
		if (request.url.endsWith("/events/index")) return { body: events.map(({ id, timestamp }) => ({ id: String(id), uuid: uuidOf(id), timestamp: String(timestamp) })) };
		const changed = events.filter(({ timestamp }) => timestamp >= Number(search.timestamp)).sort((a, b) => a.id - b.id);
		const page = changed.slice((search.page - 1) * search.limit, search.page * search.limit);
		return {
			body: { response: page.map(({ id, timestamp }) => ({ Event: { id: String(id), uuid: uuidOf(id), info: `event ${id}`, date: "2026-11-01", timestamp: String(timestamp), Attribute: [] } })) },
		};
	};
}

async function run(tools: FakeTools, mark: Json | null): Promise<{ slices: ServerSlice[]; mark: Json; ids: number[] }> {
	const slices: ServerSlice[] = [];
	let at = mark;
	for (let count = 0; count < 50; count++) {
		const slice = (await reading.next(at === null ? null : JSON.parse(JSON.stringify(at)), tools)) as ServerSlice;
		slices.push(slice);
		at = slice.mark;
		if (slice.done) {
			const ids = slices.flatMap(({ items }) => items.flatMap((item) => (item.ok && item.item.kind === "event" ? [item.item.serverId as number] : [])));
			return { slices, mark: slice.mark, ids };
		}
	}
	throw new Error("the run does not end");
}

const many = (count: number): Stored[] => Array.from({ length: count }, (_, at) => ({ id: at + 1, timestamp: 1_790_000_000 + at }));

describe("a MISP server", () => {
	it("is asked page by page, with its key, for deleted attributes as well", async () => {
		const tools = fakeTools(server(many(45)), { secret: KEY });
		const { ids, slices } = await run(tools, null);
		expect(ids).toEqual(many(45).map(({ id }) => id));
		expect(slices.map(({ done }) => done)).toEqual([false, false, true]);
		const [first] = tools.requests;
		expect(first).toMatchObject({ url: "https://misp.example/events/restSearch", method: "POST", headers: { authorization: KEY, accept: "application/json" } });
		expect(first?.body).toMatchObject({ returnFormat: "json", timestamp: "0", page: 1, limit: 20, deleted: [0, 1] });
		expect(slices.at(-1)?.note).toBe("45 events changed since the beginning, page 3");
	});

	it("asks for what changed since the newest change it saw", async () => {
		const events = many(3);
		const first = await run(fakeTools(server(events), { secret: KEY }), null);
		events.push({ id: 4, timestamp: 1_790_000_002 });
		(events[0] as Stored).timestamp = 1_795_000_000;
		const tools = fakeTools(server(events), { secret: KEY });
		// Number 3 is of the very second of the mark: read again rather than missed.
		expect((await run(tools, first.mark)).ids).toEqual([1, 3, 4]);
		expect(tools.requests[0]?.body).toMatchObject({ timestamp: "1790000002" });
	});

	it("reads what real servers answer", async () => {
		const answers = [mispJson("misp-events", "misp_server_events_add_response.json"), mispJson("misp-events", "pymisp_galaxy_1.json")];
		const tools = fakeTools(({ url }) => (url.endsWith("index") ? { body: [] } : { body: { response: answers } }), { secret: KEY });
		expect((await run(tools, null)).ids).toEqual([55, 30]);
	});

	it("goes on at the page where the run before ended", async () => {
		const tools = fakeTools(server(many(45)), { secret: KEY });
		const first = (await reading.next(null, tools)) as ServerSlice;
		const rest = await run(fakeTools(server(many(45)), { secret: KEY }), first.mark);
		expect(rest.ids).toEqual(Array.from({ length: 25 }, (_, at) => at + 21));
	});

	it("lists its events twice a day, so that those that are gone are noticed", async () => {
		const first = await run(fakeTools(server(many(3)), { secret: KEY }), null);
		expect(first.slices[0]?.items.at(-1)).toMatchObject({ ok: true, item: { kind: "roster", uuids: [uuidOf(1), uuidOf(2), uuidOf(3)] } });
		const soon = fakeTools(server(many(3)), { secret: KEY, now: new Date("2026-11-24T13:00:00Z") });
		const second = await run(soon, first.mark);
		expect(soon.requests.map(({ url }) => url)).not.toContain("https://misp.example/events/index");
		const tomorrow = fakeTools(server(many(2)), { secret: KEY, now: new Date("2026-11-25T12:00:00Z") });
		const third = await run(tomorrow, second.mark);
		expect(third.slices[0]?.items.at(-1)).toMatchObject({ item: { kind: "roster", uuids: [uuidOf(1), uuidOf(2)] } });
	});

	it.each<[string, FakeAnswer]>([
		["refuses it", { status: 403 }],
		["answers with a page", { body: "<html>" }],
		["answers with a fault", { body: { message: "no" } }],
		["lists nothing", { body: [] }],
	])("believes no deletion where the server %s", async (_name, answer) => {
		const provider = server(many(3), ({ url }) => (url.endsWith("/events/index") ? answer : undefined));
		const { slices } = await run(fakeTools(provider, { secret: KEY }), null);
		expect(slices[0]?.items.filter((item) => item.ok && item.item.kind === "roster")).toEqual([]);
	});
});

describe("a MISP server in trouble", () => {
	it.each([401, 403])("says what %s means", async (status) => {
		const tools = fakeTools(() => ({ status }), { secret: KEY });
		await expect(reading.next(null, tools)).rejects.toThrow(/refused the key .* Check that the key is right/);
		expect(tools.requests).toHaveLength(1);
	});

	it("survives a page of HTML with status 200", async () => {
		await expect(
			reading.next(
				null,
				fakeTools(() => ({ body: "<!DOCTYPE html><title>Login</title>" }), { secret: KEY }),
			),
		).rejects.toBeInstanceOf(PullFailure);
	});

	it("survives an answer of another shape", async () => {
		await expect(
			reading.next(
				null,
				fakeTools(() => ({ body: { saved: false, errors: "Invalid timestamp" } }), { secret: KEY }),
			),
		).rejects.toThrow(SuspectBody);
	});

	it("never shows its key, even where the server repeats it", async () => {
		const tools = fakeTools(() => ({ body: "" }), { secret: KEY });
		tools.fetch = async () => {
			throw new PullFailure(`the key ${KEY} is unknown`, 403);
		};
		await expect(reading.next(null, tools)).rejects.toThrow(/the key \[key\] is unknown/);
	});

	it("asks for smaller pages where a page is too much, and misses none", async () => {
		const heavy = server(many(23), ({ url }, { page, limit }) => (url.endsWith("restSearch") && limit > 2 && (page - 1) * limit < 20 && page * limit > 8 ? { status: 500 } : undefined));
		const tools = fakeTools(heavy, { secret: KEY });
		const { ids } = await run(tools, null);
		expect([...new Set(ids)]).toEqual(many(23).map(({ id }) => id));
	});

	it("gives up at a server that cannot give one event", async () => {
		const tools = fakeTools(() => ({ status: 500 }), { secret: KEY });
		await expect(reading.next(null, tools)).rejects.toMatchObject({ status: 500 });
		expect(tools.requests.map(({ body }) => (body as unknown as Search).limit)).toEqual([20, 10, 5, 2, 1]);
	});

	it("sets aside an event that cannot be read and goes on behind it", async () => {
		const provider = server(many(25), ({ url }, { page }) =>
			url.endsWith("restSearch") && page === 1
				? { body: { response: [{ Event: { uuid: "broken" } }, ...many(19).map(({ id, timestamp }) => ({ Event: { id, uuid: uuidOf(id), timestamp, Attribute: [] } }))] } }
				: undefined,
		);
		const { slices, ids } = await run(fakeTools(provider, { secret: KEY }), null);
		expect(slices[0]?.items[0]).toEqual({ ok: false, where: "event broken", reason: "its uuid is no UUID", excerpt: '{"uuid":"broken"}' });
		expect(ids.at(-1)).toBe(25);
	});
});

describe("access to a server", () => {
	it.each(["https://misp.example", "https://misp.example/", "https://misp.example/events/index", "https://misp.example/events/view/12"])("%s", (url) => {
		expect(serverBase(url)).toBe("https://misp.example");
	});

	it("keeps a path of its own", () => {
		expect(serverBase("https://tools.example/misp/events")).toBe("https://tools.example/misp");
	});

	it("comes from the operator's two settings", () => {
		expect(mispAccess(undefined, `https://misp.example/ ${KEY}`)).toEqual({ url: "https://misp.example", key: KEY });
		expect(mispAccess("https://other.example", KEY)).toEqual({ url: "https://other.example", key: KEY });
	});

	it.each<[string | undefined, string | undefined, RegExp]>([
		[undefined, undefined, /Set MISP_URL/],
		[undefined, "https://misp.example", /Set MISP_KEY/],
		["https://misp.example", "", /Set MISP_KEY/],
		[undefined, `ftp://misp.example ${KEY}`, /Set MISP_URL/],
	])("says what is missing of %s and %s", (url, secret, message) => {
		expect(() => mispAccess(url, secret)).toThrow(message);
	});

	it("is the source's own when it is set", async () => {
		const source = mispServerEvents.reading as unknown as PullReading<Any>;
		const tools = fakeTools(server(many(1)), { secret: `https://team.example ${KEY}` });
		await source.next(null, tools);
		expect(tools.requests[0]).toMatchObject({ url: "https://team.example/events/restSearch", headers: { authorization: KEY } });
	});
});
