import { createHash } from "node:crypto";

/** Slack's limit. */
const MAX_NAME = 80;
/** Channels of ours begin with this, and only those are ever made by us. */
const PREFIX = "th-";

/** What a channel may be called: lower-case letters and digits of any script, `-` and `_`. Null where nothing is left. */
function sanitised(name: string, room: number): string | null {
	const plain = name
		.normalize("NFKC")
		.toLowerCase()
		// Marks go on their letter; what lower case leaves of titles and the like is no name.
		.replace(/[^\p{Ll}\p{Lo}\p{M}\p{N}_-]+/gu, "-")
		.replace(/-{2,}/g, "-");
	// By character, not by unit: half of a pair is no text.
	let cut = "";
	for (const character of plain.replace(/^-+/, "")) {
		if (cut.length + character.length > room) break;
		cut += character;
	}
	cut = cut.replace(/-+$/, "");
	return /[\p{L}\p{N}]/u.test(cut) ? cut : null;
}

/**
 * The channel a hunter's alerts go to, without `#`: the one a person named, or `th-<name>`. A name of which Slack takes nothing
 * (signs only) becomes a short number of its own.
 */
export function channelOf(name: string, own: string | null): string {
	const named = own === null ? null : sanitised(own.trim().replace(/^#/, ""), MAX_NAME);
	if (named !== null) return named;
	const made = sanitised(name, MAX_NAME - PREFIX.length);
	return PREFIX + (made ?? createHash("sha256").update(name).digest("hex").slice(0, 8));
}

/** Whether we may make the channel where it is missing. */
export function isOurChannel(channel: string): boolean {
	return channel.startsWith(PREFIX);
}

/** The same in letters every workspace takes, for names Slack refused. Null where that is no other name. */
export function plainChannel(channel: string): string | null {
	const plain = channel
		.normalize("NFKD")
		.replace(/[^a-z0-9_-]+/g, "-")
		.replace(/-{2,}/g, "-")
		.replace(/-+$/, "");
	const made = plain.length > PREFIX.length ? plain : PREFIX + createHash("sha256").update(channel).digest("hex").slice(0, 8);
	return made === channel ? null : made;
}
