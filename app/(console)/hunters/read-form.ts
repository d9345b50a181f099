import { ExistError, shown } from "@/lib/errors";
import type { Hunter, HunterInput } from "@/lib/hunters/hunter";

/** What the form of a hunter says. The kind of one that is there stays. Throws `invalid`, naming the field. */
export function inputOf(form: FormData, before: Hunter | null): HunterInput {
	const text = (name: string): string => String(form.get(name) ?? "").trim();
	const digestOver = text("digestOver");
	if (!/^\d{1,4}$/.test(digestOver)) {
		throw new ExistError("invalid", `"${shown(digestOver, 20)}" is no number of hits. Give one from 1 to 1,000: more at a time become one message.`, { field: "digestOver" });
	}
	const webhook = text("webhook");
	return {
		kind: before?.kind ?? text("kind"),
		name: text("name"),
		// A line end in the box is a blank to whoever typed it.
		query: String(form.get("query") ?? "").replace(/\r\n?/g, "\n"),
		enabled: form.get("enabled") === "on",
		slack: form.get("slack") === "on",
		channel: text("channel") === "" ? null : text("channel"),
		webhook: form.get("forgetWebhook") === "on" ? null : webhook !== "" ? webhook : before === null ? null : undefined,
		digestOver: Number(digestOver),
	};
}

/** Where a test of it goes. Throws `invalid` where it goes nowhere. */
export function placesOf({ slack, channel, webhook }: HunterInput): { channel?: string | null; webhook: string | null } {
	if (!slack && typeof webhook !== "string") {
		throw new ExistError("invalid", "A test goes to Slack or to the address of a webhook: tick Slack, or type the address. One that is stored is not shown, so it has to be typed again.", {
			field: "webhook",
		});
	}
	return { ...(slack ? { channel } : {}), webhook: webhook ?? null };
}
