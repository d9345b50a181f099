import { sendEvents } from "@/inngest/client";
import type { Principal } from "@/lib/auth";
import type { Capture, CaptureContext } from "@/lib/capture";
import type { Profile } from "@/lib/capture/result";
import { ExistError } from "@/lib/errors";
import { captureEvent } from "./events";
import type { JobEvent } from "./job";

export interface RequestCaptureParts {
	send: (events: readonly JobEvent[]) => Promise<void>;
	/** of the store; this installation's unless given */
	context?: CaptureContext;
}

/**
 * Asks for a capture of a URL: the one of the last ten minutes, or a new visit, which is noted in the audit log. `again` asks for a
 * new one, unless one is under way. Throws `invalid` for what is never visited, `rate_limited` where too many wait and
 * `unavailable` where the job service cannot be reached.
 */
export async function requestCapture(
	url: string,
	options: { profile: Profile; again: boolean },
	principal: Principal,
	{ send, context }: RequestCaptureParts = { send: sendEvents },
): Promise<{ capture: Capture; shared: boolean }> {
	const { captureContext, claimCapture, failCapture } = await import("@/lib/capture");
	const given = context ?? captureContext();
	const claimed = await claimCapture({ url, ...options }, principal.user.email, given);
	const { capture, shared } = claimed;
	// A capture that waits may have lost its event with the process that claimed it: sent again, it counts once.
	if (capture.state !== "queued") return claimed;
	try {
		await send([captureEvent(capture.id, capture.host)]);
	} catch (cause) {
		if (!shared) await failCapture(capture.id, "The visit could not be requested: the job service did not answer.", given);
		throw new ExistError("unavailable", "The capture could not be requested: the job service does not answer. Try again in a minute.", { retryAfter: 60, cause });
	}
	return claimed;
}
