import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { mispJson, mispNames } from "./misp";

/**
 * Static MISP feeds out of the sample events, laid out as their providers do: a manifest with what it says of each event, and a
 * file an event without the server's numbers.
 */

type Event = Record<string, unknown> & { uuid: string; Orgc?: { name?: string } };

function sampleEvents(folder: "misp-events" | "misp-feed"): Event[] {
	return mispNames(folder)
		.filter((name) => !/^(?:manifest|hashes|pymisp_search_index)/.test(name))
		.flatMap((name) => {
			const root = mispJson(folder, name) as { response?: Array<{ Event: Event }>; Event?: Event };
			return root.response?.map(({ Event: event }) => event) ?? [root.Event ?? (root as unknown as Event)];
		});
}

/** Which events each feed has: by who made them, so that the demonstration's sources differ. */
const FEEDS: ReadonlyArray<{ base: string; events: () => Event[] }> = [
	{ base: "/www.circl.lu/doc/misp/feed-osint", events: () => sampleEvents("misp-events").filter(({ Orgc }) => Orgc?.name !== "ESET") },
	{ base: "/www.botvrij.eu/data/feed-osint", events: () => sampleEvents("misp-events").filter(({ Orgc }) => Orgc?.name === "ESET") },
	{ base: "/threatfox.abuse.ch/downloads/misp", events: () => sampleEvents("misp-feed") },
];

const MANIFEST_MEMBERS = ["Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp"] as const;

function manifestOf(events: readonly Event[]): Record<string, unknown> {
	return Object.fromEntries(events.map((event) => [event.uuid, Object.fromEntries(MANIFEST_MEMBERS.map((name) => [name, event[name]]))]));
}

/** Path to body, made at the first request. */
let bodies: ReadonlyMap<string, string> | undefined;

function allBodies(): ReadonlyMap<string, string> {
	const made = new Map<string, string>();
	for (const { base, events } of FEEDS) {
		const own = events();
		made.set(`${base}/manifest.json`, JSON.stringify(manifestOf(own)));
		for (const { id: _id, org_id: _org, orgc_id: _orgc, ...event } of own) made.set(`${base}/${event.uuid}.json`, JSON.stringify({ Event: event }));
	}
	return made;
}

/** Answers what belongs to one of the feeds; false where it does not. */
export function answerMispFeeds(path: string, request: IncomingMessage, response: ServerResponse): boolean {
	if (!FEEDS.some(({ base }) => path.startsWith(`${base}/`))) return false;
	bodies ??= allBodies();
	const body = bodies.get(path);
	if (body === undefined) {
		response.writeHead(404, { "content-type": "text/html" }).end("<html><title>404 Not Found</title></html>");
		return true;
	}
	const headers = { "content-type": "application/json", etag: `"${createHash("sha256").update(body).digest("hex").slice(0, 24)}"` };
	if (request.headers["if-none-match"] === headers.etag) response.writeHead(304, headers).end();
	else response.writeHead(200, headers).end(body);
	return true;
}
