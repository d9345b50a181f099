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

/** Name of the event that asks for the visit of a capture. */
export const CAPTURE_REQUESTED = "capture/requested";

export const captureRequest = z.object({
	/** id of the capture */
	capture: z.string().regex(/^[0-9a-f]{32}$/),
	/** of the URL: one visit at a time each */
	host: z.string().min(1).max(255),
});

export type CaptureRequest = z.infer<typeof captureRequest>;

/** The event that asks for a visit. Sent again for the same capture, it has no further effect. */
export function captureEvent(capture: string, host: string): JobEvent {
	return { id: `capture.${capture}`, name: CAPTURE_REQUESTED, data: { capture, host } };
}

/** Name of the event that asks for alerts to be delivered. */
export const DELIVERY_REQUESTED = "alerts/requested";

export const deliveryRequest = z.object({ requestedAt: z.iso.datetime() });

export type DeliveryRequest = z.infer<typeof deliveryRequest>;

/** Two seconds: what many runs or many hits ask for is one request. */
const SLOT_OF_MANY_MS = 2000;

function slotOfMany(now: Date): string {
	return new Date(Math.floor(now.getTime() / SLOT_OF_MANY_MS) * SLOT_OF_MANY_MS).toISOString();
}

/** The event that asks for delivery. Its id is the same within a slot. */
export function deliveryEvent(now: Date): JobEvent {
	return { id: `alerts.${slotOfMany(now)}`, name: DELIVERY_REQUESTED, data: { requestedAt: now.toISOString() } };
}

/** Name of the event that asks for news to be held against the hunters. */
export const JUDGING_REQUESTED = "hunters/requested";

export const judgingRequest = z.object({ requestedAt: z.iso.datetime() });

export type JudgingRequest = z.infer<typeof judgingRequest>;

/** The event that asks for judging. Its id is the same within a slot. */
export function judgingEvent(now: Date): JobEvent {
	return { id: `hunters.${slotOfMany(now)}`, name: JUDGING_REQUESTED, data: { requestedAt: now.toISOString() } };
}
