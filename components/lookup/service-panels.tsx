"use client";

import type { Indicator } from "@/lib/domain/indicator";
import type { Offer, Reach } from "@/lib/lookup";
import { Badge } from "../ui/badge";
import { isAsked, useAnswers } from "./answers";
import { Preflight } from "./preflight";
import { ServicePanel } from "./service-panel";

function why(held: NonNullable<Offer["held"]>): { badge: string; says: string } {
	switch (held.why) {
		case "not-configured":
			return { badge: "not configured", says: `Unknown there. An administrator can set ${held.variable}.` };
		case "reach":
			return { badge: "held back", says: "Unknown there, by your choice above." };
		case "off":
			return { badge: "not asked", says: held.reason };
	}
}

/** Services that are not asked, and why: what they would say is unknown. */
function NotAsked({ offers }: { offers: readonly Offer[] }) {
	const { press } = useAnswers();
	if (offers.length === 0) return null;
	return (
		<section className="min-w-0 overflow-hidden rounded-md border border-line bg-panel" aria-label="Not asked">
			<header className="flex min-h-9 items-center justify-between border-b border-line px-4 py-1.5">
				<h2 className="font-semibold">Not asked</h2>
				<span className="text-xs text-ink-3">{offers.length}</span>
			</header>
			<ul>
				{offers.map(({ id, name, held, exposure }) => {
					if (held === null) return null;
					const { badge, says } = why(held);
					return (
						<li key={id} id={`service-${id}`} className="flex scroll-mt-16 flex-wrap items-center gap-x-3 gap-y-0.5 border-t border-line px-4 py-1.5 text-sm first:border-t-0">
							<span className="font-medium">{name}</span>
							<Badge>{badge}</Badge>
							{held.why === "reach" && (
								<button
									type="button"
									onClick={() => press(id)}
									className="ml-auto text-xs text-ink-2 underline decoration-line-strong hover:text-ink"
									title={exposure === "target" ? "The owner of the value may notice" : "The provider will see the value"}
								>
									Ask this one
								</button>
							)}
							<span className="basis-full text-xs break-words text-ink-3">{says}</span>
						</li>
					);
				})}
			</ul>
		</section>
	);
}

/**
 * Everybody who is asked, each in a panel of its own. A panel stays in its column whatever its neighbours grow to; on a narrow
 * screen the columns dissolve and the order is the list's. `wide`: nothing stands beside them.
 */
export function ServicePanels({ indicator, reach, wide }: { indicator: Indicator; reach: Reach; wide: boolean }) {
	const { offers, pressed } = useAnswers();
	const asked = offers.filter((offer) => isAsked(offer, pressed));
	const columns = Array.from({ length: wide ? 3 : 2 }, (_, column) => asked.map((offer, at) => ({ offer, at })).filter(({ at }) => at % (wide ? 3 : 2) === column));
	const places = wide ? "lg:grid lg:grid-cols-3" : "sm:max-lg:grid sm:max-lg:grid-cols-2 min-[1280px]:grid min-[1280px]:grid-cols-2";
	const column = wide ? "max-lg:contents lg:flex" : "contents sm:max-lg:flex min-[1280px]:flex";
	return (
		<div className="flex min-w-0 flex-col gap-3">
			<Preflight reach={reach} />
			<div className={`flex flex-col gap-3 ${places} items-start *:w-full`}>
				{columns.map((panels, number) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
					<div key={number} className={`min-w-0 flex-col gap-3 ${column}`}>
						{panels.map(({ offer, at }) => (
							<div key={offer.id} style={{ order: at }} className="w-full min-w-0">
								<ServicePanel offer={offer} indicator={indicator} reach={reach} />
							</div>
						))}
					</div>
				))}
			</div>
			<NotAsked offers={offers.filter((offer) => !isAsked(offer, pressed))} />
		</div>
	);
}
