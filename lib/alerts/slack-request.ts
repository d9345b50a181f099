import { createHmac, timingSafeEqual } from "node:crypto";

/** Slack's own advice: what is older is somebody's recording. */
const WINDOW_SECONDS = 300;

/**
 * Whether a request comes from Slack, just now: HMAC-SHA-256 of `v0:<time>:<body>` under the app's signing secret, compared in
 * constant time. `body` as it came, byte for byte.
 */
export function verifySlackRequest(headers: Pick<Headers, "get">, body: string, secret: string, now: Date): boolean {
	const stamp = headers.get("x-slack-request-timestamp") ?? "";
	const given = headers.get("x-slack-signature") ?? "";
	if (!/^\d{1,12}$/.test(stamp) || !/^v0=[0-9a-f]{64}$/.test(given)) return false;
	if (Math.abs(now.getTime() / 1000 - Number(stamp)) > WINDOW_SECONDS) return false;
	const right = `v0=${createHmac("sha256", secret).update(`v0:${stamp}:${body}`).digest("hex")}`;
	return timingSafeEqual(Buffer.from(right), Buffer.from(given));
}
