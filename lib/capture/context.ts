import { env } from "@/lib/env";
import type { AddressPolicy } from "@/lib/net/guard";
import { type Database, database, log } from "@/lib/platform";
import { captureDays } from "./days";
import type { CaptureResult, Part, Profile } from "./result";

/** The engine, as the store of captures sees it. */
export type Visit = (url: string, options: { profile: Profile; onState: (state: "resolving" | "visiting") => void }) => Promise<{ result: CaptureResult; parts: Part[] }>;

/** Everything captures need from outside, so that tests hand in their own. */
export interface CaptureContext {
	database: Database;
	visit: Visit;
	/** how URLs are judged before anything is asked */
	policy: AddressPolicy;
	/** days a capture is kept unless somebody pins it */
	days: number;
	now: () => Date;
	/** hears of failures that are ours, not the target's */
	report: (failure: { capture: string; err: unknown }) => void;
}

/** The demonstration has no name servers: every name is at this address, which nobody dials. */
const DEMO_ADDRESS = "93.184.215.14";

/** The context of this installation. The engine is loaded when a capture runs: pages that show captures do without it. */
export function captureContext(): CaptureContext {
	const { demo, capture } = env();
	const upstream = demo === null ? null : new URL(demo.upstream);
	const led = upstream === null ? {} : { policy: { resolver: async () => [DEMO_ADDRESS] }, dial: () => ({ host: upstream.hostname, port: Number(upstream.port) }) };
	return {
		database: database(),
		visit: async (url, { profile, onState }) => (await import("./visit")).visit(url, { profile, onProgress: onState, chromium: capture.chromium, ...led }),
		policy: {},
		days: captureDays(),
		now: () => new Date(),
		report: (failure) => log.error(failure, "a capture failed"),
	};
}
