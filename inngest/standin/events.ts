import { createHash, randomUUID } from "node:crypto";
import { type StandinFunction, startedBy } from "./functions";
import type { StoredEvent } from "./protocol";
import type { Store } from "./store";

/** Functions by id. */
export type Functions = ReadonlyMap<string, StandinFunction>;

/** As with Inngest: one event in bytes, and events in one request. */
const MAX_EVENT = 256 * 1024;
const MAX_EVENTS = 5000;
const MAX_NAME = 256;

/** Events of this prefix are the server's own: taken from outside, one could claim that a function failed. */
const RESERVED = "inngest/";

/** An event that cannot be taken; the message says why. */
export class BadEvent extends Error {
	override readonly name = "BadEvent";
}

/** Id of an event that came without one: the same when the SDK sends the same request once more, which its seed tells. */
function idFor(seed: string | null, at: number): string {
	return seed === null ? randomUUID() : createHash("sha256").update(`${seed}/${at}`).digest("hex").slice(0, 32);
}

function readEvent(value: unknown, at: number, seed: string | null, now: number): StoredEvent {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new BadEvent(`Event ${at} is not an object.`);
	const { id, name, data, ts, v, meta } = value as Record<string, unknown>;
	if (typeof name !== "string" || name === "" || name.length > MAX_NAME) throw new BadEvent(`Event ${at} has no name, or one above ${MAX_NAME} characters.`);
	if (name.startsWith(RESERVED)) throw new BadEvent(`Event ${at}: names that begin with ${RESERVED} are reserved.`);
	if (data !== undefined && data !== null && (typeof data !== "object" || Array.isArray(data))) throw new BadEvent(`Event ${at}: its data is not an object.`);
	if (Buffer.byteLength(JSON.stringify(value)) > MAX_EVENT) throw new BadEvent(`Event ${at} is above ${MAX_EVENT / 1024} KB.`);
	return {
		id: typeof id === "string" && id !== "" ? id.slice(0, MAX_NAME) : idFor(seed, at),
		name,
		data: (data ?? {}) as Record<string, unknown>,
		ts: typeof ts === "number" && Number.isFinite(ts) ? ts : now,
		...(typeof v === "string" ? { v } : {}),
		...(meta === undefined || meta === null ? {} : { meta }),
	};
}

/** Reads the body of `POST /e/<key>`: one event or a list. `now` in epoch milliseconds. Throws `BadEvent`; then none is taken. */
export function readEvents(body: unknown, seed: string | null, now: number): StoredEvent[] {
	const list: unknown[] = Array.isArray(body) ? body : [body];
	if (list.length > MAX_EVENTS) throw new BadEvent(`A request holds at most ${MAX_EVENTS} events.`);
	return list.map((value, at) => readEvent(value, at, seed, now));
}

/** Begins the runs an event starts. An id that is known already starts nothing. To be called within a transaction. */
export function takeEvent(store: Store, functions: Functions, event: StoredEvent, now: number): void {
	if (!store.noteEvent(event, now)) return;
	for (const fn of functions.values()) if (startedBy(fn, event)) store.addRun(fn.id, event, now);
}
