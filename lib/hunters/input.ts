import { z } from "zod";
import { channelOf } from "@/lib/alerts/channel";
import { checkWebhookUrl } from "@/lib/alerts/webhook-secret";
import { ExistError, shown } from "@/lib/errors";
import type { HunterInput } from "./hunter";
import type { JudgeParts } from "./parts";

export const MAX_NAME = 100;
const MAX_DIGEST = 1000;

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const input = z.object({
	kind: z.string("Say which records the hunter looks at."),
	name: z
		.string("Give the hunter a name.")
		.transform((name) => name.normalize("NFC").trim())
		.refine((name) => name !== "", "Give the hunter a name.")
		.refine((name) => [...name].length <= MAX_NAME, `The name is too long: ${MAX_NAME} characters at most.`)
		.refine((name) => name.isWellFormed() && !UNSEEN.test(name), "The name holds a control character or half a character. Type it anew, in one line."),
	query: z.string("Write what to look for."),
	enabled: z.boolean("enabled is true or false."),
	slack: z.boolean("slack is true or false."),
	channel: z.string("channel is the name of a channel, or null for one of the hunter's own.").nullable(),
	webhook: z.string("webhook is an address, or null for none.").nullish(),
	digestOver: z
		.number(`digestOver is a whole number from 1 to ${MAX_DIGEST}.`)
		.int(`digestOver is a whole number from 1 to ${MAX_DIGEST}.`)
		.min(1, `digestOver is 1 at least: more hits than this at a time are told in one message.`)
		.max(MAX_DIGEST, `digestOver is ${MAX_DIGEST} at most: more hits than this at a time are told in one message.`),
});

/** What a person decided, fit to be stored. */
export type CheckedInput = Required<Omit<HunterInput, "webhook">> & { webhook: string | null | undefined };

/** The channel as Slack takes it, null for the hunter's own. */
function checkChannel(name: string, given: string | null): string | null {
	const channel = (given ?? "").trim().replace(/^#/, "");
	if (channel === "") return null;
	const taken = channelOf(name, channel);
	if (taken === channel) return channel;
	// Where nothing is left of it, the name that comes back is the hunter's.
	const hint = taken === channelOf(name, null) ? "Leave it empty for a channel of the hunter's own" : `Write "${taken}"`;
	throw new ExistError("invalid", `Slack takes no channel called "${shown(channel)}": 80 lower-case letters, digits, - and _ at most. ${hint}.`, { field: "channel" });
}

function checkQuery(query: string, kind: JudgeParts["kinds"][number], parse: JudgeParts["parse"]): void {
	const parsed = parse(query, kind.fields);
	const faults = parsed.ok ? (kind.refuses?.(parsed.query) ?? []) : parsed.faults;
	const [first] = faults;
	if (first === undefined) return;
	const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
	throw new ExistError("invalid", `${first.message}${more}`, { field: "query", details: faults.map(({ from, to, message }) => ({ from, to, message })) });
}

/** Checks what a person decided of a hunter. Throws `invalid` with the field, and for queries with every fault and its place. */
export function checkInput(value: HunterInput, { kinds, parse }: Pick<JudgeParts, "kinds" | "parse">): CheckedInput {
	const result = input.safeParse(value);
	if (!result.success) {
		const issue = result.error.issues[0];
		throw new ExistError("invalid", issue?.message ?? "This is no hunter.", { field: String(issue?.path[0] ?? "name") });
	}
	const { data } = result;
	const kind = kinds.find(({ id }) => id === data.kind);
	if (kind === undefined) throw new ExistError("invalid", `There is no kind of hunter called "${shown(data.kind, 40)}". There are ${kinds.map(({ id }) => id).join(", ")}.`, { field: "kind" });
	checkQuery(data.query, kind, parse);
	const webhook = data.webhook == null || data.webhook.trim() === "" ? data.webhook : checkWebhookUrl(data.webhook.trim()).href;
	return { ...data, channel: checkChannel(data.name, data.channel), webhook: webhook === undefined ? undefined : webhook?.trim() === "" ? null : webhook };
}
