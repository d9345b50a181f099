"use client";

import type { ReactNode } from "react";
import type { Offer } from "@/lib/lookup";
import { isAsked, useAnswers } from "./answers";
import type { Told } from "./ask-service";

type Level = "bad" | "warn" | "none";
const EDGES: Readonly<Record<Level, string>> = { bad: "border-l-bad", warn: "border-l-warn", none: "border-l-line-strong" };
const INK: Readonly<Record<Level, string>> = { bad: "text-bad", warn: "text-warn", none: "" };

/** The verdict's frame: as bad as the worst that the index or a service says. */
export function VerdictFrame({ tone, children }: { tone: Level; children: ReactNode }) {
	const { told } = useAnswers();
	const said = Object.values(told).map((one) => (one.state === "found" ? one.enrichment.tone : "none"));
	const worst: Level = tone === "bad" || said.includes("bad") ? "bad" : tone === "warn" || said.includes("warn") ? "warn" : "none";
	return <div className={`rounded-md border border-l-[3px] border-line ${EDGES[worst]} bg-panel px-4 py-2.5 text-[14.5px] leading-relaxed`}>{children}</div>;
}

function counted(count: number, words: string): string[] {
	return count === 0 ? [] : [`${count} ${words}`];
}

/** How many services did not answer, and for which reasons. What they would say is unknown. */
function silent(offers: readonly Offer[], told: Readonly<Record<string, Told>>, pressed: readonly string[]): string[] {
	const held = offers.filter((offer) => !isAsked(offer, pressed));
	const states = Object.values(told).map(({ state }) => state);
	const count = (...wanted: Array<Told["state"]>) => states.filter((state) => wanted.includes(state)).length;
	const heldFor = (why: NonNullable<Offer["held"]>["why"]) => held.filter((offer) => offer.held?.why === why).length;
	return [
		...counted(heldFor("not-configured"), "not configured"),
		...counted(heldFor("reach"), "held back by your choice"),
		...counted(heldFor("off") + count("off"), "not asked"),
		...counted(count("limited"), "rate limited"),
		...counted(count("failed", "unasked"), "failed"),
		...counted(count("timeout"), "timed out"),
	];
}

/** The service that is the index itself. */
const OWN_LISTS = "blocklists";

/** What services say, added to the verdict as they answer; who says nothing is counted as unknown. */
export function VerdictServices() {
	const { offers, told, pressed } = useAnswers();
	if (offers.length === 0) return null;
	const asked = offers.filter((offer) => isAsked(offer, pressed));
	const waiting = asked.filter(({ id }) => told[id] === undefined).length;
	const grave = asked.flatMap(({ id, name }) => {
		const one = told[id];
		// The index's own lists are what the sentence began with.
		return id !== OWN_LISTS && one?.state === "found" && one.enrichment.tone !== "none" ? [{ id, name, ...one.enrichment }] : [];
	});
	const rest = silent(offers, told, pressed);
	const without = asked.filter(({ id }) => told[id]?.state === "unknown").length;
	return (
		<span aria-live="polite">
			{grave.map(({ id, name, summary, tone }) => (
				<span key={id}>
					{" "}
					<a href={`#service-${id}`} className="underline decoration-line-strong">
						{name}
					</a>
					: <span className={INK[tone]}>{summary.replace(/\.$/, "")}</span>.
				</span>
			))}
			{waiting > 0 && (
				<span className="text-ink-3">
					{" "}
					Asking {waiting} {waiting === 1 ? "service" : "services"}…
				</span>
			)}
			{without > 0 && (
				<span className="text-ink-3">
					{" "}
					{without} {without === 1 ? "service has" : "services have"} no entry, which is no verdict.
				</span>
			)}
			{rest.length > 0 && <span className="text-ink-3"> Services that did not answer: {rest.join(", ")}. What they would say is unknown.</span>}
		</span>
	);
}
