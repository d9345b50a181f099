import { sendEvents } from "@/inngest/client";
import { ExistError } from "@/lib/errors";
import { sourceRunEvent } from "./events";
import type { JobEvent } from "./job";

export interface RequestRunParts {
	send: (events: readonly JobEvent[]) => Promise<void>;
	/** writes who asked for what; the event itself names nobody */
	audit: (actor: string, action: string, subject: string, detail: Record<string, unknown>) => Promise<void>;
	now: () => Date;
}

const parts: RequestRunParts = {
	send: sendEvents,
	audit: async (...entry) => {
		await (await import("@/lib/auth/audit")).audit(...entry);
	},
	now: () => new Date(),
};

/**
 * Asks for a run of a source now. Two requests within five seconds are one. Whether it may run (enabled, key set, not running
 * already) is decided when it starts, and shown with the source. Throws `unavailable` where the event cannot be sent.
 */
export async function requestRun(source: number, trigger: "schedule" | "manual", actor: string, with_: RequestRunParts = parts): Promise<{ event: string }> {
	const event = sourceRunEvent(source, trigger, with_.now());
	try {
		await with_.send([event]);
	} catch (cause) {
		throw new ExistError("unavailable", "The run could not be requested: the job service does not answer. Try again in a minute, or run `exist ingest` on the command line.", {
			retryAfter: 60,
			cause,
		});
	}
	await with_.audit(actor, "source.run.requested", String(source), { trigger });
	return { event: event.id };
}
