import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { env } from "@/lib/env";
import { ExistError, shown } from "@/lib/errors";
import { isPublicAddress, refusal } from "@/lib/net/guard";
import { seal, unseal } from "@/lib/platform";

/** Where a hunter's hits are posted, and what they are signed with. */
export interface Webhook {
	url: string;
	secret: string;
}

const what = (hunter: string): string => `hunter webhook ${hunter}`;

/** A secret for a new webhook, as receivers configure it. */
export function newWebhookSecret(): string {
	return `whsec_${randomBytes(24).toString("base64url")}`;
}

/** Throws `invalid` where an address cannot be a webhook: what is no http(s) URL, or lies in a private network. */
export function checkWebhookUrl(url: string): URL {
	if (!URL.canParse(url)) throw new ExistError("invalid", `"${shown(url)}" is no URL. Give the address that takes the alerts, such as https://soc.example.com/hook.`, { field: "webhook" });
	const parsed = new URL(url);
	const host = parsed.hostname.replace(/^\[|\]$/g, "");
	// Names are looked up whenever something is posted; an address is known to be private at once.
	const refused = refusal(parsed) ?? (isIP(host) !== 0 && !isPublicAddress(host) ? `${host} is not a public address` : null);
	if (refused !== null) throw new ExistError("invalid", `The webhook cannot be used: ${refused}. Give a public http(s) address.`, { field: "webhook" });
	return parsed;
}

/** As it is stored with the hunter (32 hex). Throws `unavailable` without the installation's secret. */
export function sealWebhook(hunter: string, webhook: Webhook, secret = env().authSecret): string {
	if (secret === null) throw new ExistError("unavailable", "NEXTAUTH_SECRET is not set: webhooks cannot be kept without it.");
	return seal(JSON.stringify(webhook), what(hunter), secret).toString("base64");
}

/** The webhook of a hunter, or null where the installation's secret changed since. */
export function openWebhook(hunter: string, sealed: string, secret = env().authSecret): Webhook | null {
	const text = secret === null ? null : unseal(Buffer.from(sealed, "base64"), what(hunter), secret);
	return text === null ? null : (JSON.parse(text) as Webhook);
}
