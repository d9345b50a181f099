import type { CaptureResult, CaptureState, Outcome, Profile } from "./result";
import { CAPTURE_STATES, OUTCOMES, PROFILES } from "./result";

/** A capture as lists show it. Ids are 32 hex. Texts are the target's own. */
export interface Capture {
	id: string;
	url: string;
	host: string;
	profile: Profile;
	state: CaptureState;
	outcome: Outcome | null;
	/** why there is nothing to see, in words */
	reason: string | null;
	/** the attempt under way has died; it is tried again */
	interrupted: boolean;
	requestedBy: string;
	requestedAt: Date;
	startedAt: Date | null;
	finishedAt: Date | null;
	/** null while somebody keeps it */
	expiresAt: Date | null;
	pinnedBy: string | null;
	previous: string | null;
	finalUrl: string | null;
	status: number | null;
	title: string | null;
	/** SHA-256 of the content, 64 hex */
	contentSha256: string | null;
}

/** With everything the visit said, once it is over. */
export interface CaptureDetail extends Capture {
	result: CaptureResult | null;
}

export interface CaptureRow {
	id: Buffer;
	indicator_id: Buffer;
	url: string;
	host: string;
	profile: string;
	state: string;
	outcome: string | null;
	reason: string | null;
	status: number | null;
	requested_by: string;
	requested_at: Date;
	started_at: Date | null;
	finished_at: Date | null;
	lease_until: Date | null;
	expires_at: Date;
	fence: number;
	previous: Buffer | null;
	content_sha256: Buffer | null;
	title: string | null;
	final_url: string | null;
	pinned_by: string | null;
}

/** All but the result, which may be a megabyte. */
export const COLUMNS =
	"id, indicator_id, url, host, profile, state, outcome, reason, status, requested_by, requested_at, started_at, finished_at, lease_until, expires_at, fence, previous, content_sha256, title, final_url, pinned_by";

/** An attempt without a word for this long after its lease is not tried again any more. */
export const GIVEN_UP_MS = 5 * 60_000;
/** A request that has waited this long was lost on its way. */
export const LOST_MS = 3_600_000;

export const BROKE_OFF = "The visit broke off and was not resumed. Capture the URL again.";
export const NEVER_BEGUN = "The visit never began: the job service did not take it up. Capture the URL again.";

/** Why a capture that is not over will never be, or null. The same rule tells readers and writers. */
export function givenUp(row: Pick<CaptureRow, "state" | "lease_until" | "requested_at">, now: Date): string | null {
	if (row.state === "done") return null;
	if (row.lease_until !== null) return now.getTime() > row.lease_until.getTime() + GIVEN_UP_MS ? BROKE_OFF : null;
	return now.getTime() > row.requested_at.getTime() + LOST_MS ? NEVER_BEGUN : null;
}

function one<T extends string>(known: readonly T[], text: string | null, otherwise: T): T {
	return known.find((value) => value === text) ?? otherwise;
}

/** A row as it is to be shown now: an attempt that is given up is over, whether or not somebody has noted it. */
export function toCapture(row: CaptureRow, now: Date): Capture {
	const dead = givenUp(row, now);
	const state = dead === null ? one(CAPTURE_STATES, row.state, "queued") : "done";
	return {
		id: row.id.toString("hex"),
		url: row.url,
		host: row.host,
		profile: one(PROFILES, row.profile, "desktop"),
		state,
		outcome: dead === null ? (row.outcome === null ? null : one(OUTCOMES, row.outcome, "failed")) : "failed",
		reason: dead ?? row.reason,
		interrupted: state !== "done" && row.lease_until !== null && row.lease_until < now,
		requestedBy: row.requested_by,
		requestedAt: row.requested_at,
		startedAt: row.started_at,
		finishedAt: row.finished_at,
		expiresAt: row.pinned_by === null ? row.expires_at : null,
		pinnedBy: row.pinned_by,
		previous: row.previous?.toString("hex") ?? null,
		finalUrl: row.final_url,
		status: row.status,
		title: row.title,
		contentSha256: row.content_sha256?.toString("hex") ?? null,
	};
}
