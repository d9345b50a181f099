import { Inngest } from "inngest";
import { type Env, env } from "@/lib/env";
import type { JobEvent } from "@/lib/jobs/job";

/** `INNGEST_DEV=1` or the dev server's address. Anything that says no, and nothing at all, keeps signature checks on. */
function devServer(dev: string | null): { isDev: boolean; url: string | null } {
	const said = dev?.trim().toLowerCase() ?? "";
	const isDev = !["", "0", "false", "no", "off"].includes(said);
	return { isDev, url: isDev && /^https?:\/\//.test(said) ? said : null };
}

/**
 * The client for a configuration. Checkpointing is off: with it the SDK would run step after step within one request, and a
 * request must end within a serverless function's time.
 */
export function makeClient(settings: Env["inngest"]): Inngest {
	const { isDev, url } = devServer(settings.dev);
	const baseUrl = settings.baseUrl ?? url;
	return new Inngest({
		id: "exist",
		isDev,
		checkpointing: false,
		...(settings.eventKey === null ? {} : { eventKey: settings.eventKey }),
		...(settings.signingKey === null ? {} : { signingKey: settings.signingKey }),
		...(baseUrl === null ? {} : { baseUrl }),
	});
}

let known: Inngest | undefined;

/** The client of this process. */
export function client(): Inngest {
	known ??= makeClient(env().inngest);
	return known;
}

/** Sends events to Inngest or its stand-in. Rejects when they were not taken. */
export async function sendEvents(events: readonly JobEvent[], through: Inngest = client()): Promise<void> {
	await through.send(events.map((event) => ({ ...event })));
}
