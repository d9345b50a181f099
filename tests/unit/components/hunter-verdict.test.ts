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
	const markup = renderToStaticMarkup(createElement(HunterVerdict, { hunter: hunter(more), kind: "tweets", now: NOW, slackReady: true, heldUp: false, xTrouble: null, behindSince: null, ...props }));
	return markup.replace(/<[^>]+>/g, "").replaceAll("&quot;", '"');
}

describe("what is said of a hunter", () => {
	it("says of a hunter of tweets that X is not searched, and what it sees all the same", () => {
		expect(words({}, { xTrouble: "X is not searched: X search needs a key." })).toContain("X is not searched: X search needs a key. What timelines and lists bring is held against it.");
		expect(words()).not.toContain("X is");
	});
	it("does not take a tracker where nothing comes for a judge that does not look", () => {
		expect(words({ lastRunAt: null })).toContain("Nothing new has come yet to be held against it.");
		expect(words({ lastRunAt: at(72) })).toContain("Nothing found so far. It has seen all that came, the last of it 3 d ago.");
		expect(words({ lastRunAt: at(1), hitCount: 2, lastHitAt: at(48) })).toContain("2 hits, the last one 2 d ago. It has seen all that came, the last of it 1 h ago.");
		const behind = words({ lastRunAt: at(72) }, { behindSince: at(1) });
		expect(behind).toContain("What came since 2026-11-24 11:00 UTC waits: nobody holds it against the hunters.");
		expect(behind).not.toContain("seen all");
		expect(words({ enabled: false, state: "off" })).not.toContain("seen all");
	});
	it("says what it could not look at, also when it is well again", () => {
		expect(words({ reason: "It could not look at 1 record, which was set aside." })).toContain("It could not look at 1 record, which was set aside.");
		expect(words({ state: "failing", reason: "Its query cannot be read.", seenTo: at(3) })).toContain(
			"Its query cannot be read. It has seen what came until 2026-11-24 09:00 UTC; what came since is kept for it, for 90 days.",
		);
	});
	it("says so where one is made as well, of hunters of tweets only", () => {
		const kinds = ["twitter", "news"].map((id) => ({ id, title: id, says: "", fields: [], examples: [] }));
		const form = (kind: string): string =>
			renderToStaticMarkup(
				createElement(HunterForm, {
					head: null,
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
