import { z } from "zod";
import type { JobEvent } from "./job";

/** Name of the event that asks for a run of one source. */
export const SOURCE_RUN_REQUESTED = "source/run.requested";

export const sourceRunRequest = z.object({
	/** number of the source */
	source: z.int().positive(),
	trigger: z.enum(["schedule", "manual"]),
	requestedAt: z.iso.datetime(),
});

export type SourceRunRequest = z.infer<typeof sourceRunRequest>;

/**
 * One request a source and slot. A scheduled slot is as long as the shortest interval of a source, so that sources which wait
 * in the queue are not asked for again every minute; a manual one swallows the double click.
 */
const SLOT_MS = { schedule: 300_000, manual: 5_000 } as const;

/** The event that asks for a run. Its id is the same for the same source, trigger and slot. */
export function sourceRunEvent(source: number, trigger: SourceRunRequest["trigger"], now: Date): JobEvent {
	const length = SLOT_MS[trigger];
	const slot = new Date(Math.floor(now.getTime() / length) * length).toISOString();
	return { id: `source-run.${trigger}.${source}.${slot}`, name: SOURCE_RUN_REQUESTED, data: { source, trigger, requestedAt: now.toISOString() } };
}
