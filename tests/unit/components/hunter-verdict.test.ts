import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { HunterForm } from "@/components/hunters/hunter-form";
import { HunterVerdict } from "@/components/hunters/hunter-verdict";
import type { Hunter } from "@/lib/hunters/hunter";

const NOW = "2026-11-24T12:00:00Z";
const at = (hoursAgo: number): Date => new Date(Date.parse(NOW) - hoursAgo * 3_600_000);

const hunter = (more: Partial<Hunter> = {}): Hunter => ({
	id: "ab".repeat(16),
	kind: "twitter",
	name: "Loader",
	query: "emotet",
	enabled: true,
	slack: false,
	channel: "th-loader",
	ownChannel: false,
	webhookHost: null,
	digestOver: 10,
	mutedUntil: null,
	revision: 1,
	state: "ok",
	reason: null,
	seenTo: at(1),
	lastRunAt: at(1),
	lastHitAt: null,
	hitCount: 0,
	createdBy: "ann@site.example",
	createdAt: at(100),
	updatedAt: at(100),
	alerts: { pending: 0, unknown: 0, failed: 0 },
	...more,
});

type VerdictProps = Parameters<typeof HunterVerdict>[0];

/** What a person reads, without the markup. */
function words(more: Partial<Hunter> = {}, props: Partial<VerdictProps> = {}): string {
	const markup = renderToStaticMarkup(createElement(HunterVerdict, { hunter: hunter(more), kind: "tweets", now: NOW, slackReady: true, xTrouble: null, ...props }));
	return markup.replace(/<[^>]+>/g, "").replaceAll("&quot;", '"');
}

describe("what is said of a hunter", () => {
	it("says of a hunter of tweets that X is not searched, and what it sees all the same", () => {
		expect(words({}, { xTrouble: "X is not searched: X search needs a key." })).toContain("X is not searched: X search needs a key. What timelines and lists bring is held against it.");
		expect(words()).not.toContain("X is");
	});
	it("says so where one is made as well, of hunters of tweets only", () => {
		const kinds = ["twitter", "news"].map((id) => ({ id, title: id, says: "", fields: [], examples: [] }));
		const form = (kind: string): string =>
			renderToStaticMarkup(
				createElement(HunterForm, {
					action: vi.fn(),
					start: { kind, name: "", query: "", enabled: true, slack: true, channel: "", webhookHost: null, digestOver: "10" },
					kinds,
					isNew: true,
					slackReady: true,
					xTrouble: "X is not searched.",
				}),
			);
		expect(form("twitter")).toContain("X is not searched. Until then it sees what timelines and lists bring.");
		expect(form("news")).not.toContain("X is not searched");
	});
});
