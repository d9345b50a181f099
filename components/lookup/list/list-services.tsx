"use client";

import { useState } from "react";
import type { Reach, Service } from "@/lib/lookup";
import { Button } from "../../ui/button";
import { clock } from "../clock";
import { ReachSwitch } from "../reach-switch";
import type { ListStore } from "./list-store";
import { MAX_ASKED } from "./parse";

const EXPOSED: Readonly<Record<Service["exposure"], string>> = { nobody: "seen by nobody", provider: "the provider sees them", target: "their owners may notice" };

function heldWords(held: NonNullable<Service["held"]>): string {
	if (held.why === "not-configured") return `not configured: ${held.variable}`;
	return held.why === "reach" ? "held back by your choice" : held.reason;
}

function Progress({ store, service }: { store: ListStore; service: Service }) {
	const progress = store.progress(service.id);
	if (progress === null) return null;
	return (
		<span className="text-ink-2">
			{progress.done.toLocaleString("en")} of {progress.total.toLocaleString("en")}
			{progress.open > 0 && progress.restsUntil !== null && (
				<span className="text-warn">
					{progress.isShareSpent && " · your share of it is used up"} · waits until {clock(progress.restsUntil.toISOString())}
				</span>
			)}
		</span>
	);
}

/** Who is asked about the values of a list: chosen one by one, with how many values each would see, and how far it is. */
export function ListServices({ store, services, reach }: { store: ListStore; services: readonly Service[]; reach: Reach }) {
	const [chosen, setChosen] = useState<readonly string[]>([]);
	const types = new Set(store.list.rows.flatMap(({ indicator }) => (indicator === null ? [] : [indicator.type])));
	const fitting = services.filter(({ supports }) => supports.some((type) => types.has(type)));
	const toggle = (id: string) => setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
	const start = () => {
		for (const { id, supports } of fitting) if (chosen.includes(id)) store.ask(id, supports);
	};
	const indicators = store.list.rows.filter(({ indicator }) => indicator !== null).length;
	return (
		<details className="rounded-md border border-line bg-panel px-4 py-2" open={store.isAsking || undefined}>
			<summary className="font-medium">Ask services about these values</summary>
			<div className="mt-2 flex flex-col gap-2">
				<ReachSwitch reach={reach} />
				{indicators > MAX_ASKED && <p className="text-sm text-warn">Services are asked about the first {MAX_ASKED.toLocaleString("en")} values of a list; the index answers for all.</p>}
				<ul className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
					{fitting.map((service) => {
						const { id, name, held, exposure, supports, left } = service;
						const count = store.askable(supports, id).length;
						return (
							<li key={id} className="flex min-h-7 flex-wrap items-center gap-x-2">
								<label className="flex items-center gap-2">
									<input type="checkbox" checked={chosen.includes(id) && held === null} disabled={held !== null} onChange={() => toggle(id)} className="size-4 accent-(--accent)" />
									<span className={held === null ? "" : "text-ink-3"}>{name}</span>
								</label>
								<span className="text-xs text-ink-3">
									{held === null
										? `${count.toLocaleString("en")} ${count === 1 ? "value" : "values"}, ${EXPOSED[exposure]}${left === null ? "" : `; ${left.calls} of ${left.of} calls left until ${clock(left.resetAt)}`}`
										: heldWords(held)}
								</span>
								<Progress store={store} service={service} />
							</li>
						);
					})}
				</ul>
				<div className="flex gap-2">
					<Button kind="primary" disabled={!fitting.some(({ id, held }) => held === null && chosen.includes(id))} onClick={start}>
						Ask the chosen
					</Button>
					{store.isAsking && <Button onClick={() => store.stopAsking()}>Stop asking</Button>}
				</div>
			</div>
		</details>
	);
}
