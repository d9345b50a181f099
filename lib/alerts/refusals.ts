import type { SlackFault } from "./slack-client";

/** What a refusal is about: the token (everything waits), the channel (its alerts wait), this message, or nothing we know. */
export type About = "token" | "channel" | "long" | "message" | "unknown";

export type Refused = Extract<SlackFault, { kind: "refused" }>;

/** The token is no good for anything. */
const GONE: ReadonlySet<string> = new Set(["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"]);
const TOKEN: ReadonlySet<string> = new Set([
	...GONE,
	"no_permission",
	"missing_scope",
	"not_allowed_token_type",
	"org_login_required",
	"ekm_access_denied",
	"access_denied",
	"accesslimited",
	"enterprise_is_restricted",
	"team_access_not_granted",
	"two_factor_setup_required",
	"invalid_arg_name_token",
]);
const CHANNEL: ReadonlySet<string> = new Set([
	"channel_not_found",
	"not_in_channel",
	"is_archived",
	"channel_is_archived",
	"restricted_action",
	"restricted_action_read_only_channel",
	"restricted_action_thread_only_channel",
	"restricted_action_non_threadable_channel",
	"method_not_supported_for_channel_type",
	"team_not_found",
	"posting_to_channel_denied",
]);
const LONG: ReadonlySet<string> = new Set(["msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "too_many_attachments", "attachment_payload_limit_exceeded"]);
const MESSAGE: ReadonlySet<string> = new Set([
	"no_text",
	"metadata_too_large",
	"invalid_metadata_format",
	"invalid_metadata_schema",
	"invalid_arguments",
	"invalid_arg_name",
	"invalid_array_arg",
	"invalid_form_data",
	"invalid_charset",
]);

export function aboutOf(code: string): About {
	if (TOKEN.has(code)) return "token";
	if (CHANNEL.has(code)) return "channel";
	if (LONG.has(code)) return "long";
	return MESSAGE.has(code) ? "message" : "unknown";
}

/** Whether a refusal says that the token is no good, whatever was asked: other codes may be about the one thing that was. */
export function isTokenGone(code: string): boolean {
	return GONE.has(code);
}

/** What an operator is to do about a refusal, in words. `channel` without `#`. */
export function adviceOf({ code, needed, words }: Refused, channel: string): string {
	if (isTokenGone(code)) return `Slack no longer takes the token (${code}). Install the app again and set SLACK_TOKEN anew; alerts wait until then.`;
	switch (code) {
		case "missing_scope":
			return `The Slack app lacks the permission ${needed ?? "chat:write"}. Add it to the app and install it again; alerts wait until then.`;
		case "channel_not_found":
			return `There is no channel #${channel} that the app can see. Make it, or invite the app to it where it is private.`;
		case "not_in_channel":
			return `The app is not in #${channel} and cannot join by itself. Invite it there.`;
		case "is_archived":
		case "channel_is_archived":
			return `#${channel} is archived. Unarchive it, or name another channel.`;
		case "name_taken":
			return `The name #${channel} is taken by a channel the app cannot see. Invite the app there, or name another channel.`;
		default:
			if (code.startsWith("restricted_action") || code === "posting_to_channel_denied")
				return `The workspace does not let the app do this in #${channel} (${code}). An administrator of Slack can allow it.`;
			return words;
	}
}
