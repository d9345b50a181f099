import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** The part of the Inngest SDK protocol (SDK 4, `inngest/components/InngestCommHandler`) that this stand-in speaks. */

export interface FunctionConfig {
	id: string;
	name?: string;
	triggers: Array<{ cron?: string; event?: string; expression?: string }>;
	steps: Record<string, { retries?: { attempts?: number } }>;
	concurrency?: number | Limit | Limit[];
	[other: string]: unknown;
}

export interface Limit {
	limit: number;
	key?: string;
	scope?: string;
}

export interface StoredEvent {
	id: string;
	name: string;
	data: Record<string, unknown>;
	ts: number;
	v?: string;
	meta?: unknown;
}

export interface SerializedError {
	name: string;
	message: string;
	stack?: string;
}

/** An operation of a 206 answer. */
export interface Op {
	id: string;
	op: string;
	name?: string;
	displayName?: string;
	data?: unknown;
	error?: unknown;
}

export type StepResult = { type: "data"; data: unknown } | { type: "error"; error: SerializedError };

/** Options the functions may not use here: ignoring one would silently change what they do. */
export const UNSUPPORTED = ["batchEvents", "rateLimit", "throttle", "debounce", "priority", "cancel", "singleton", "timeouts", "idempotency"] as const;

const PREFIX = /^signkey-\w+-/;

/** JSON with sorted keys (RFC 8785): what both sides sign. */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
	if (typeof value === "object" && value !== null) {
		const entries = Object.entries(value).filter(([, item]) => item !== undefined);
		entries.sort(([a], [b]) => (a < b ? -1 : 1));
		return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
	}
	return JSON.stringify(value) ?? "null";
}

/** `x-inngest-signature` for a body that is sent as the given text. An empty body is signed as such. */
export function sign(body: string, signingKey: string, now: number): string {
	const at = String(Math.floor(now / 1000));
	const hmac = createHmac("sha256", signingKey.replace(PREFIX, "")).update(body).update(at).digest("hex");
	return `t=${at}&s=${hmac}`;
}

/** What the SDK proves itself with when it registers: the signing key, hashed. */
export function hashedSigningKey(signingKey: string): string {
	const prefix = PREFIX.exec(signingKey)?.[0] ?? "";
	return (
		prefix +
		createHash("sha256")
			.update(Buffer.from(signingKey.slice(prefix.length), "hex"))
			.digest("hex")
	);
}

/** Compares secrets without telling by the time taken how much of them is right. */
export function sameSecret(given: string, wanted: string): boolean {
	const digest = (text: string) => createHash("sha256").update(text).digest();
	return timingSafeEqual(digest(given), digest(wanted));
}

const UNITS: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** End of a sleep, epoch milliseconds: `1h30m`, or a date. Null where it is neither. */
export function sleepUntil(text: string, now: number): number | null {
	if (text === "") return now;
	if (/^(\d+(ms|[wdhms]))+$/.test(text)) {
		let total = 0;
		for (const [, count, unit] of text.matchAll(/(\d+)(ms|[wdhms])/g)) total += Number(count) * (UNITS[unit as string] as number);
		return now + total;
	}
	const at = Date.parse(text);
	return Number.isNaN(at) ? null : at;
}

/** `Retry-After` in seconds or as a date (the SDK sends both), as milliseconds from now; undefined where there is none. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
	if (header === null || header.trim() === "") return undefined;
	const seconds = Number(header);
	const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
	return Number.isFinite(wait) ? Math.min(Math.max(0, wait), 86_400_000) : undefined;
}

/** Whatever an answer calls an error, as name and message. */
export function toError(value: unknown): SerializedError {
	if (typeof value === "object" && value !== null) {
		const { name, message, stack, error } = value as Record<string, unknown>;
		return {
			name: typeof name === "string" ? name : "Error",
			message: String(message ?? error ?? "no message").slice(0, 4000),
			...(typeof stack === "string" ? { stack: stack.slice(0, 8000) } : {}),
		};
	}
	return { name: "Error", message: String(value).slice(0, 4000) };
}
