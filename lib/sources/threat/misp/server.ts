import { SuspectBody } from "@/lib/net";
import type { SourceBasics } from "../../define";
import { defineRecordSource, type Json, PullFailure, type PullReading, type PullRequest, type PullTools, type ReadItem, type RecordSource, type Slice } from "../../record";
import type { ThreatItem, ThreatRoster } from "../event";
import { readEventBody, readEvents } from "./document";
import { isMembers, uuid } from "./values";

/** Events a request asks for. Large events make a page large; a page that is too much for the server is asked for in halves. */
const PAGE = 20;
const MIN_SECONDS = 20;
/** Hours between two readings of the server's list of events, by which deletions are noticed. */
const ROSTER_HOURS = 12;
/** A list that holds less than this share of the events of the list before is not believed. */
const MIN_KEPT = 0.5;
const TIMEOUT_MS = 50_000;
const MAX_BYTES = 48 * 1024 * 1024;

/** Where a server has been read to. */
interface ServerMark extends Record<string, Json> {
	/** events changed at this second or later are asked for */
	since: number;
	/** newest change seen in this pass; becomes `since` when the pass is over */
	newest: number;
	/** next page of this pass, from 1 */
	page: number;
	/** events a page, 1 to `PAGE` */
	limit: number;
	/** events read in this pass */
	read: number;
	/** when the list of events was read last, and how many it had */
	listedAt: string | null;
	listed: number;
}

const START: ServerMark = { since: 0, newest: 0, page: 1, limit: PAGE, read: 0, listedAt: null, listed: 0 };

/** Address and key of a server. */
export interface MispAccess {
	/** without trailing slash */
	url: string;
	key: string;
}

/** The part of an address before MISP's own paths: people paste what stands in their browser. */
export function serverBase(url: string): string {
	return url
		.trim()
		.replace(/\/(?:events|attributes|servers|users|feeds)(?:\/.*)?$/i, "")
		.replace(/\/+$/, "");
}

/** What a refusal means and what helps. */
function explained(failure: PullFailure): PullFailure {
	if (failure.status === 401 || failure.status === 403) {
		return new PullFailure(
			`The MISP server refused the key (${failure.status}). Check that the key is right, not expired, allowed from this address, and that its role may use the API. ${failure.message}`,
			failure.status,
			failure.retryAfter,
		);
	}
	if (failure.status === 404) return new PullFailure(`There is no MISP at this address (404). The address is the one of its start page, without a path. ${failure.message}`, 404);
	return failure;
}

async function post(access: MispAccess, path: string, body: Json, tools: PullTools): Promise<unknown> {
	const request: PullRequest = {
		url: `${access.url}${path}`,
		method: "POST",
		headers: { authorization: access.key, accept: "application/json" },
		body,
		timeoutMs: TIMEOUT_MS,
		maxBytes: MAX_BYTES,
	};
	try {
		return await (await tools.fetch(request)).json();
	} catch (error) {
		if (!(error instanceof PullFailure)) throw error;
		throw explained(new PullFailure(error.message.replaceAll(access.key, "[key]"), error.status, error.retryAfter));
	}
}

/** Failures of a page that a smaller page may not have: PHP out of memory or time, an answer beyond our cap. */
function mayBeTooMuch(failure: PullFailure): boolean {
	return failure.status === 500 || failure.status === 502 || failure.status === 504 || (failure.status === null && /too large|larger than|timed? ?out|did not answer/i.test(failure.message));
}

/**
 * One page of changed events. `deleted` brings attributes that were deleted at the server too, with their flag. Pages that are
 * too much are asked for in halves: page p of n is pages 2p-1 and 2p of n/2.
 */
async function readPage(access: MispAccess, mark: ServerMark, tools: PullTools): Promise<Array<ReadItem<ThreatItem>>> {
	for (;;) {
		try {
			const body: Json = { returnFormat: "json", timestamp: String(mark.since), page: mark.page, limit: mark.limit, deleted: [0, 1], order: "Event.id ASC" };
			return [...readEvents(await post(access, "/events/restSearch", body, tools))];
		} catch (error) {
			if (!(error instanceof PullFailure) || !mayBeTooMuch(error) || mark.limit === 1 || tools.secondsLeft() < MIN_SECONDS) throw error;
			const smaller = Math.max(1, Math.floor(mark.limit / 2));
			// Only an even page divides without remainder; an odd one begins at the next whole smaller page before it.
			mark.page = Math.floor(((mark.page - 1) * mark.limit) / smaller) + 1;
			mark.limit = smaller;
		}
	}
}

/** UUIDs of all events with attributes that the key may see. Undefined where the server does not give the list or it is not believable. */
async function readRoster(access: MispAccess, mark: ServerMark, tools: PullTools): Promise<ThreatRoster | undefined> {
	let root: unknown;
	try {
		root = await post(access, "/events/index", { minimal: 1 }, tools);
	} catch (error) {
		// The list only serves to notice deletions: without it the events themselves are still good.
		if (error instanceof PullFailure || error instanceof SuspectBody) return undefined;
		throw error;
	}
	const list = Array.isArray(root) ? root : isMembers(root) && Array.isArray(root.response) ? root.response : undefined;
	if (list === undefined) return undefined;
	const uuids: string[] = [];
	for (const entry of list) {
		const members = isMembers(entry) && isMembers(entry.Event) ? entry.Event : entry;
		const id = isMembers(members) ? uuid(members.uuid) : undefined;
		if (id === undefined) return undefined;
		uuids.push(id);
	}
	return uuids.length === 0 || uuids.length < mark.listed * MIN_KEPT ? undefined : { kind: "roster", uuids, filledOnly: true };
}

function rosterIsDue(mark: ServerMark, now: Date): boolean {
	return mark.listedAt === null || now.getTime() - Date.parse(mark.listedAt) >= ROSTER_HOURS * 3600_000;
}

async function next(access: MispAccess, before: ServerMark | null, tools: PullTools): Promise<Slice<ThreatItem | ThreatRoster, ServerMark>> {
	const mark: ServerMark = { ...(before ?? START) };
	const items: Array<ReadItem<ThreatItem | ThreatRoster>> = await readPage(access, mark, tools);
	const events = items.flatMap((item) => (item.ok && item.item.kind === "event" ? [item.item] : []));
	const unreadable = items.filter((item) => !item.ok && /^event \S+$/.test(item.where)).length;
	for (const event of events) mark.newest = Math.max(mark.newest, Math.floor(event.modifiedAt.getTime() / 1000));
	mark.read += events.length;
	const done = events.length + unreadable < mark.limit;
	const note = `${mark.read} events changed since ${mark.since === 0 ? "the beginning" : new Date(mark.since * 1000).toISOString()}, page ${mark.page}`;
	if (!done) {
		mark.page++;
		return { items, mark, done, note };
	}
	if (rosterIsDue(mark, tools.now) && tools.secondsLeft() > MIN_SECONDS) {
		const roster = await readRoster(access, mark, tools);
		if (roster !== undefined) {
			items.push({ ok: true, item: roster, where: "list of events" });
			mark.listed = roster.uuids.length;
		}
		mark.listedAt = tools.now.toISOString();
	}
	// From the same second on: what was saved within it after we asked is not missed, what we have is recognised as unchanged.
	return { items, mark: { ...mark, since: Math.max(mark.since, mark.newest), newest: 0, page: 1, limit: PAGE, read: 0 }, done, note };
}

/** A MISP server, asked by its REST interface. */
export interface MispServerOptions extends SourceBasics {
	/** of its start page; left out, the secret is address and key with a blank between them */
	url?: string;
}

/** Address and key out of what the operator set. Throws `PullFailure` where something is missing. */
export function mispAccess(url: string | undefined, secret: string | undefined): MispAccess {
	const [first, ...rest] = (secret ?? "").trim().split(/\s+/);
	const address = url ?? first ?? "";
	const key = url === undefined ? rest.join("") : (first ?? "");
	if (!/^https?:\/\//i.test(address)) throw new PullFailure("The MISP server has no address. Set MISP_URL to the address of its start page.");
	if (key === "") throw new PullFailure("The MISP server has no key. Set MISP_KEY to an authentication key of a user of the server.");
	return { url: serverBase(address), key };
}

/**
 * How a MISP server is read: `POST /events/restSearch` page by page, only what changed since the newest change seen, deleted
 * attributes included; twice a day its list of events, so that events that are gone are noticed.
 */
export function mispServerReading(url: string | undefined): PullReading<ThreatItem | ThreatRoster, ServerMark> {
	return {
		mode: "pull",
		next: async (mark, tools) => next(mispAccess(url, tools.secret), mark, tools),
		parse: readEventBody,
	};
}

/** A source that reads a MISP server. */
export function mispServer({ url, ...basics }: MispServerOptions): RecordSource<"threat"> {
	return defineRecordSource<"threat", ServerMark>({ ...basics, tracker: "threat", reading: mispServerReading(url) });
}
