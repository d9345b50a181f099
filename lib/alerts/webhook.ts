import { createHmac } from "node:crypto";
import { shown } from "@/lib/errors";
import { type AddressPolicy, FetchFailure, guardedFetch, retryAfterSeconds } from "@/lib/net";
import type { AlertContent, ToldRecord } from "./content";
import type { Webhook } from "./webhook-secret";

const TIMEOUT_MS = 15_000;

function recordJson(record: ToldRecord, publicUrl: string | null) {
	const { id, title, path, at, source, indicators } = record;
	const matches = record.matches.map(({ term, place, excerpt }) => ({ term, place, excerpt }));
	return { id, title, url: publicUrl === null ? null : publicUrl + path, path, at, source, matches, indicators };
}

function bodyOf(content: AlertContent, publicUrl: string | null): object {
	switch (content.kind) {
		case "hit":
			return { hunter: content.hunter, total: 1, records: [recordJson(content.record, publicUrl)] };
		case "digest":
			return { hunter: content.hunter, total: content.total, records: content.records.map((record) => recordJson(record, publicUrl)) };
		case "operation": {
			const { kind: _kind, ...operation } = content;
			return { operation };
		}
		case "test":
			return { hunter: content.hunter, total: 0, records: [] };
	}
}

/** The JSON that a receiver gets. Values are as they are stored: it is read by machines. */
export function webhookBody(id: string, content: AlertContent, options: { at: Date; late: boolean; publicUrl: string | null }): string {
	return JSON.stringify({ id, kind: content.kind, at: options.at.toISOString(), late: options.late, ...bodyOf(content, options.publicUrl) });
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA-256 over `<seconds>.<body>`, so that a body that was recorded cannot be sent again later. */
export function webhookSignature(body: string, secret: string, now: Date): string {
	const seconds = Math.floor(now.getTime() / 1000);
	return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}

/** `again`: the same may succeed later. `maybe`: the receiver may have taken it all the same. */
export type Answered = { ok: true } | { ok: false; again: boolean; maybe: boolean; seconds: number | null; reason: string };

/** Before a connection stands nothing is sent. */
const UNSENT: ReadonlySet<string> = new Set(["blocked", "dns", "connect", "tls"]);

/**
 * Posts a body to a webhook. Public addresses only, no redirects. Receivers know a repeated alert by its `X-Exist-Alert`.
 */
export async function postWebhook(id: string, body: string, webhook: Webhook, now: Date, policy: AddressPolicy = {}): Promise<Answered> {
	const headers = { "content-type": "application/json", "x-exist-alert": id, "x-exist-signature": webhookSignature(body, webhook.secret, now) };
	try {
		const {
			status,
			headers: answered,
			body: rest,
		} = await guardedFetch(webhook.url, { method: "POST", headers, body, policy, timeoutMs: TIMEOUT_MS, idleMs: TIMEOUT_MS, maxBytes: 64 * 1024, maxRedirects: 0 });
		// Nobody reads the answer; it is taken so that the connection ends well.
		await drain(rest);
		if (status >= 200 && status < 300) return { ok: true };
		if (status >= 300 && status < 400) return { ok: false, again: false, maybe: false, seconds: null, reason: `The webhook redirects (${status}). Give the address it leads to.` };
		const again = status >= 500 || status === 408 || status === 425 || status === 429;
		const words = status === 404 || status === 410 ? "The webhook is not there any more" : again ? "The webhook is not able to take it now" : "The webhook refuses it";
		return { ok: false, again, maybe: status >= 500, seconds: retryAfterSeconds(answered["retry-after"], now) ?? null, reason: `${words} (status ${status}).` };
	} catch (error) {
		if (!(error instanceof FetchFailure)) throw error;
		return { ok: false, again: error.kind !== "blocked", maybe: !UNSENT.has(error.kind), seconds: null, reason: shown(`The webhook was not reached: ${error.message}.`, 300) };
	}
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
	try {
		for await (const _chunk of body);
	} catch {
		// The status was the answer.
	}
}
