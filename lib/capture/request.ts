import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { audit } from "@/lib/auth/audit";
import { canonicalise, type Indicator } from "@/lib/domain";
import { ExistError } from "@/lib/errors";
import { indicatorId } from "@/lib/indicators/identity";
import { type AddressPolicy, isPublicAddress, refusal } from "@/lib/net/guard";
import { lit, type Queryable } from "@/lib/platform";
import { type CaptureContext, captureContext } from "./context";
import type { Profile } from "./result";
import { type Capture, type CaptureRow, COLUMNS, toCapture } from "./rows";
import { kept } from "./store";

/** Who asks for the same within this time gets the same capture. */
export const SHARED_MS = 10 * 60_000;
/** Captures that may wait; at two a minute and more this is an hour. */
const MAX_WAITING = 100;
/** and those of one person, so that others get their turn. */
const MAX_OWN = 20;

export interface Asked {
	url: string;
	profile: Profile;
	/** a new visit although there is one of the last minutes */
	again: boolean;
}

export interface Claimed {
	capture: Capture;
	/** somebody asked before: this is that capture */
	shared: boolean;
}

/** The URL as it is visited. Throws `invalid`, naming the value and what would be right, for what is never visited. */
export function capturedUrl(text: string, policy: AddressPolicy = {}): { indicator: Indicator; url: URL } {
	const made = canonicalise(text, "url");
	if (!made.ok) throw new ExistError("invalid", `This URL cannot be captured: ${made.reason}. Give one such as http://example.com/.`, { field: "url" });
	const url = new URL(made.indicator.value);
	const refused = refusal(url, policy);
	if (refused !== null) throw new ExistError("invalid", `This URL is not captured: ${refused}.`, { field: "url" });
	const host = url.hostname.replace(/^\[|\]$/g, "");
	if (isIP(host) !== 0 && !isPublicAddress(host, policy)) throw new ExistError("invalid", `This URL is not captured: ${host} is no address of the public internet.`, { field: "url" });
	return { indicator: made.indicator, url };
}

/** Whether a capture answers who asks now. One that died on our side answers nobody; one under way is as new as can be. */
function answers(row: CaptureRow, again: boolean, now: Date): boolean {
	const capture = toCapture(row, now);
	if (capture.state !== "done") return true;
	const visited = row.final_url !== null;
	return !again && visited && now.getTime() - row.requested_at.getTime() < SHARED_MS;
}

/** The newest capture of the URL, under a lock that those who ask at once wait for; null where this one is the first. */
async function newest(tx: Queryable, claim: { indicator: Buffer; profile: string; id: Buffer }, now: Date): Promise<CaptureRow | null> {
	const at = `indicator_id = ${lit(claim.indicator)} AND profile = ${lit(claim.profile)}`;
	await tx.execute(
		`INSERT INTO capture_claim (indicator_id, profile, capture_id, claimed_at) VALUES (${lit(claim.indicator)},${lit(claim.profile)},${lit(claim.id)},${lit(now)}) ON DUPLICATE KEY UPDATE profile = VALUES(profile)`,
	);
	const [held] = await tx.query<{ capture_id: Buffer }>(`SELECT capture_id FROM capture_claim WHERE ${at} FOR UPDATE`);
	if (held === undefined || held.capture_id.equals(claim.id)) return null;
	// Locked as well, so that what was committed a moment ago is read, not what there was when this transaction began.
	const [row] = await tx.query<CaptureRow>(`SELECT ${COLUMNS} FROM capture WHERE id = ${lit(held.capture_id)} AND ${kept(now)} FOR UPDATE`);
	return row ?? null;
}

/** Throws `rate_limited` where too many captures wait, of everybody or of one person. */
async function roomFor(tx: Queryable, by: string, now: Date): Promise<void> {
	const waiting = `FROM capture WHERE state = 'queued' AND requested_at > ${lit(new Date(now.getTime() - 3_600_000))}`;
	const [row] = await tx.query<{ n: number; own: number }>(
		`SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN requested_by = ${lit(by)} THEN 1 ELSE 0 END), 0) AS own FROM (SELECT requested_by ${waiting} LIMIT ${MAX_WAITING}) AS w`,
	);
	if (Number(row?.own) >= MAX_OWN) throw new ExistError("rate_limited", `${MAX_OWN} captures of yours are waiting already. Try again when some of them are done.`, { retryAfter: 120 });
	if (Number(row?.n) >= MAX_WAITING) throw new ExistError("rate_limited", `${MAX_WAITING} captures are waiting already. Try again in some minutes.`, { retryAfter: 300 });
}

/**
 * Claims a capture: the one somebody asked for within ten minutes, or a new one, which is then to be visited. However many ask at
 * once, there is one. Throws `invalid` for a URL that is never visited and `rate_limited` where too many wait.
 */
export async function claimCapture(asked: Asked, by: string, context: CaptureContext = captureContext()): Promise<Claimed> {
	const { indicator, url } = capturedUrl(asked.url, context.policy);
	const claim = { indicator: indicatorId(indicator), profile: asked.profile, id: randomBytes(16) };
	return context.database.transaction(async (tx) => {
		const now = context.now();
		const before = await newest(tx, claim, now);
		if (before !== null && answers(before, asked.again, now)) return { capture: toCapture(before, now), shared: true };
		await roomFor(tx, by, now);
		await tx.execute(`UPDATE capture_claim SET capture_id = ${lit(claim.id)}, claimed_at = ${lit(now)} WHERE indicator_id = ${lit(claim.indicator)} AND profile = ${lit(claim.profile)}`);
		const expires = new Date(now.getTime() + context.days * 86_400_000);
		const columns = {
			id: claim.id,
			indicator_id: claim.indicator,
			url: url.href,
			host: url.hostname,
			profile: asked.profile,
			state: "queued",
			requested_by: by,
			requested_at: now,
			expires_at: expires,
			fence: 0,
		};
		await tx.execute(`INSERT INTO capture (${Object.keys(columns).join(", ")}) VALUES (${Object.values(columns).map(lit).join(",")})`);
		await audit(by, "capture.requested", claim.id.toString("hex"), { url: url.href, profile: asked.profile, ...(asked.again ? { again: true } : {}) }, tx);
		const [row] = await tx.query<CaptureRow>(`SELECT ${COLUMNS} FROM capture WHERE id = ${lit(claim.id)}`);
		return { capture: toCapture(row as CaptureRow, now), shared: false };
	});
}
