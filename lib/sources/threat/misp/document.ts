import { readJsonDocument, SuspectBody } from "@/lib/net";
import type { ReadItem, RecordBody } from "../../record";
import type { ThreatItem } from "../event";
import { readEvent, UnusableEvent } from "./event";
import { isMembers, type Members } from "./values";

/** What an error answer says (`{"name": "Authentication failed…", "message": …}`), for the reason. */
function saying(root: Members): string {
	for (const name of ["message", "errors", "error", "name"]) {
		const told = root[name];
		if (typeof told === "string" && told.trim() !== "") return ` It says "${told.trim().slice(0, 160)}".`;
	}
	return "";
}

function looksLikeEvent(value: Members): boolean {
	return typeof value.uuid === "string" && (typeof value.info === "string" || Array.isArray(value.Attribute) || Array.isArray(value.Object));
}

/**
 * The events of a document, whatever stands around them: `{"response": […]}` and `{"response": {…}}` of a server, a list,
 * `{"Event": …}` of a feed's file, or the members of one event. Throws `SuspectBody` where it is something else.
 */
function eventsOf(root: unknown): readonly unknown[] {
	if (Array.isArray(root)) return root;
	if (!isMembers(root)) throw new SuspectBody(`Its JSON is ${root === null ? "null" : `a ${typeof root}`}, a MISP event was expected.`);
	if (root.response !== undefined) {
		if (Array.isArray(root.response)) return root.response;
		if (isMembers(root.response)) return eventsOf(root.response);
		throw new SuspectBody(`Its JSON has no list under "response".${saying(root)}`);
	}
	if (root.Event !== undefined || looksLikeEvent(root)) return [root];
	throw new SuspectBody(`Its JSON is no MISP event: it has neither "Event" nor "response".${saying(root)}`);
}

/** Events of a parsed document with what had to be set aside. Throws `SuspectBody` where it is no MISP document. */
export function* readEvents(root: unknown): Generator<ReadItem<ThreatItem>> {
	for (const [at, entry] of eventsOf(root).entries()) {
		const inner = isMembers(entry) ? (entry.Event ?? entry) : entry;
		const uuid = isMembers(inner) && typeof inner.uuid === "string" ? inner.uuid.slice(0, 40) : undefined;
		const where = uuid === undefined ? `event ${at + 1}` : `event ${uuid}`;
		if (!isMembers(inner)) {
			yield { ok: false, where, reason: "it is no object", excerpt: (JSON.stringify(inner) ?? "").slice(0, 300) };
			continue;
		}
		try {
			const { item, faults } = readEvent(inner);
			yield { ok: true, item, where };
			for (const fault of faults) yield { ok: false, where: `${where}, ${fault.where}`, reason: fault.reason, excerpt: fault.excerpt };
		} catch (error) {
			if (!(error instanceof UnusableEvent)) throw error;
			yield { ok: false, where, reason: error.message, excerpt: JSON.stringify(inner).slice(0, 300) };
		}
	}
}

/** The same from a body that is read whole: an uploaded file, an event of a feed, a saved answer of a server. */
export async function* readEventBody(body: RecordBody): AsyncGenerator<ReadItem<ThreatItem>> {
	yield* readEvents(await readJsonDocument(body.bytes, body.contentType));
}
