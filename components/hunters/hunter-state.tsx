import type { Hunter } from "@/lib/hunters/hunter";
import { Badge } from "../ui/badge";

/** Whether hits are kept and not told at the moment. */
export function isMuted({ mutedUntil }: Pick<Hunter, "mutedUntil">, now: string): boolean {
	return mutedUntil !== null && mutedUntil.getTime() > Date.parse(now);
}

/** The title of a kind within a sentence: names that begin with two capitals or a letter of their own (X, URL) stay. */
export function inSentence(title: string): string {
	return /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/** How a hunter does, in a word. */
export function HunterState({ hunter, now }: { hunter: Pick<Hunter, "state" | "mutedUntil" | "enabled">; now: string }) {
	if (!hunter.enabled || hunter.state === "off") return <Badge>off</Badge>;
	if (hunter.state === "failing") return <Badge tone="warn">failing</Badge>;
	return (
		<>
			<Badge tone="info">on</Badge> {isMuted(hunter, now) && <Badge tone="warn">muted</Badge>}
		</>
	);
}

/** Where hits are told, in words. */
export function toldWords({ slack, channel, webhookHost }: Pick<Hunter, "slack" | "channel" | "webhookHost">): string {
	const places = [...(slack ? [`#${channel}`] : []), ...(webhookHost === null ? [] : [webhookHost])];
	return places.length === 0 ? "nowhere, only kept" : places.join(" and ");
}
