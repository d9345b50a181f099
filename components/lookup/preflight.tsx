"use client";

import type { Offer, Reach } from "@/lib/lookup";
import { isAsked, useAnswers } from "./answers";
import { ReachSwitch } from "./reach-switch";

function Names({ offers, children }: { offers: readonly Offer[]; children: string }) {
	if (offers.length === 0) return null;
	return (
		<p>
			{children}{" "}
			{offers.map(({ id, name, homepage }, at) => (
				<span key={id}>
					{at > 0 && ", "}
					<a href={homepage} target="_blank" rel="noopener noreferrer" className="underline decoration-line-strong hover:text-ink">
						{name}
					</a>
				</span>
			))}
		</p>
	);
}

/** Who sees the value, said before it leaves, and the switch that decides it. */
export function Preflight({ reach }: { reach: Reach }) {
	const { offers, pressed } = useAnswers();
	const asked = offers.filter((offer) => isAsked(offer, pressed));
	const by = (exposure: Offer["exposure"]) => asked.filter((offer) => offer.exposure === exposure);
	const held = offers.filter((offer) => offer.held?.why === "reach" && !isAsked(offer, pressed)).length;
	const seen = by("provider").length + by("target").length;
	return (
		<section aria-label="Who is asked" className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-line bg-panel px-4 py-2.5 text-sm text-ink-2">
			<ReachSwitch reach={reach} />
			<details className="open:basis-full">
				<summary>
					<strong className="font-medium text-ink">{seen === 0 ? "Nobody outside sees the value." : `${seen} ${seen === 1 ? "service sees" : "services see"} the value.`}</strong>{" "}
					{by("target").length > 0 ? "Its owner may notice." : seen > 0 ? "Its owner cannot notice." : ""}
					{held > 0 && ` ${held} held back.`}
				</summary>
				<div className="mt-1 flex flex-col gap-1 text-xs">
					<Names offers={by("provider")}>Providers that see it, passively:</Names>
					<Names offers={by("target")}>Asking these, its owner’s own servers may be reached:</Names>
					<Names offers={by("nobody")}>From data of ours, seen by nobody:</Names>
				</div>
			</details>
		</section>
	);
}
