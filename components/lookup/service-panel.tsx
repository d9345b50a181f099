"use client";

import { useEffect, useRef, useState } from "react";
import useSWR from "swr";
import type { Indicator } from "@/lib/domain/indicator";
import type { Offer, Reach } from "@/lib/lookup";
import { relative } from "../time-text";
import { Badge } from "../ui/badge";
import { useAnswers } from "./answers";
import { againAt, askService, type Told } from "./ask-service";
import { clock } from "./clock";
import { Facts, hasMore } from "./facts";

/** A page that stays open asks again by itself that often, and only where the time comes soon. */
const BY_ITSELF = 3;
const SOON_MS = 10 * 60_000;

const BADGES: Readonly<Partial<Record<Told["state"], readonly [tone: "warn" | "none", text: string]>>> = {
	unknown: ["none", "unknown"],
	off: ["none", "not asked"],
	limited: ["warn", "rate limit"],
	failed: ["warn", "failed"],
	timeout: ["warn", "timed out"],
	unasked: ["warn", "not asked"],
};

function Waiting() {
	return (
		<div className="flex flex-col gap-2.5 px-4 py-3.5">
			<span className="sr-only">Asking</span>
			{["70%", "48%", "58%"].map((width) => (
				<span key={width} className="waiting block h-2.5" style={{ width }} aria-hidden="true" />
			))}
		</div>
	);
}

/** Why there is no answer, in words; what is not known is never said to be good. */
function reasonOf(told: Exclude<Told, { state: "found" }>): string {
	switch (told.state) {
		case "unknown":
			return "Knows nothing of it. That is no verdict.";
		case "off":
			return told.held.why === "not-configured" ? `Not configured. An administrator sets ${told.held.variable}.` : told.held.why === "reach" ? "Held back by your choice above." : told.held.reason;
		case "limited":
			if (told.by === "share") return `Unknown for now. ${told.reason}`;
			return `Unknown for now: ${told.by === "quota" ? "our quota there is used up" : "it says it was asked too often"}.`;
		case "timeout":
			return `Unknown for now: no answer within ${Math.round(told.afterMs / 1000)} s.`;
		case "failed":
			return `Unknown for now. ${/[.!?]$/.test(told.reason) ? told.reason : `${told.reason}.`}`;
		case "unasked":
			return told.reason;
	}
}

function Aside({ told, busy }: { told: Told | undefined; busy: boolean }) {
	if (busy || told === undefined) return <>asking…</>;
	const badge = BADGES[told.state];
	if (badge !== undefined) return <Badge tone={badge[0]}>{badge[1]}</Badge>;
	if (told.state !== "found") return null;
	const age = relative((Date.now() - Date.parse(told.askedAt)) / 1000);
	return <span title={`Kept until ${clock(told.keptUntil)}`}>{age === "now" ? "now" : `${age} ago`}</span>;
}

function Raw({ raw }: { raw: unknown }) {
	const [open, setOpen] = useState(false);
	return (
		<details className="open:basis-full" onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary className="w-fit leading-6 text-ink-3 hover:text-ink">Raw answer</summary>
			{open && (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
				<pre tabIndex={0} className="mt-1.5 max-h-80 overflow-auto rounded-sm bg-sunken p-2 font-mono text-[11px] leading-normal break-all whitespace-pre-wrap">
					{JSON.stringify(raw, null, 2)}
				</pre>
			)}
		</details>
	);
}

function downloadAddress(enricher: string, id: string, { type, value }: Indicator): string {
	return `/api/lookup/download?${new URLSearchParams({ enricher, id, type, value })}`;
}

/** Asks when the panel appears, when somebody presses for it, and by itself when a failure's time is over. */
function useAnswer(offer: Offer, indicator: Indicator, reach: Reach) {
	const { tell } = useAnswers();
	const wide: Reach = offer.held?.why === "reach" ? "all" : reach;
	const { data, isValidating, mutate } = useSWR(["service", offer.id, indicator.type, indicator.value], () => askService(offer.id, indicator, wide), {
		revalidateOnFocus: false,
		revalidateOnReconnect: false,
		revalidateIfStale: false,
		shouldRetryOnError: false,
	});
	const [pressing, setPressing] = useState(false);
	const tries = useRef(0);
	useEffect(() => {
		tell(offer.id, data ?? null);
	}, [offer.id, data, tell]);
	useEffect(() => () => tell(offer.id, null), [offer.id, tell]);
	useEffect(() => {
		const at = data === undefined ? null : againAt(data);
		const wait = at === null ? null : Date.parse(at) - Date.now();
		if (wait === null || wait > SOON_MS || tries.current >= BY_ITSELF) return;
		const timer = setTimeout(
			() => {
				tries.current++;
				void mutate();
			},
			Math.max(1000, wait + 500),
		);
		return () => clearTimeout(timer);
	}, [data, mutate]);
	const again = async () => {
		setPressing(true);
		tries.current = 0;
		await mutate(askService(offer.id, indicator, wide, true), { revalidate: false }).finally(() => setPressing(false));
	};
	return { told: data, busy: isValidating || pressing, again };
}

function Body({ told, all }: { told: Told | undefined; all: boolean }) {
	if (told === undefined) return <Waiting />;
	if (told.state === "found") return <Facts enrichment={told.enrichment} now={new Date().toISOString()} all={all} />;
	const at = againAt(told);
	return (
		<p className="px-4 py-2.5 break-words text-ink-2">
			{reasonOf(told)}
			{at !== null && (Date.parse(at) - Date.now() > SOON_MS ? ` May be asked again from ${clock(at)} on.` : ` Asked again at ${clock(at)}.`)}
		</p>
	);
}

/** One service: its state or what it says, in a place that has its size from the start. */
export function ServicePanel({ offer, indicator, reach }: { offer: Offer; indicator: Indicator; reach: Reach }) {
	const { told, busy, again } = useAnswer(offer, indicator, reach);
	const [all, setAll] = useState(false);
	const found = told?.state === "found" ? told : null;
	return (
		<section id={`service-${offer.id}`} className="flex min-w-0 scroll-mt-16 flex-col overflow-hidden rounded-md border border-line bg-panel" aria-label={offer.name} aria-busy={busy}>
			<header className="flex min-h-9 items-center justify-between gap-x-3 border-b border-line px-4 py-1.5">
				<h2 className="font-semibold">{offer.name}</h2>
				<div className="shrink-0 text-xs text-ink-3">
					<Aside told={told} busy={busy} />
				</div>
			</header>
			<div className="min-h-[92px] flex-1">
				<Body told={told} all={all} />
			</div>
			{all && found !== null && (found.enrichment.downloads ?? []).length > 0 && (
				<ul className="border-t border-line px-4 py-2 text-sm">
					{found.enrichment.downloads?.map(({ label, id }) => (
						<li key={id}>
							<a href={downloadAddress(offer.id, id, indicator)} download className="text-accent hover:underline">
								{label} ↓
							</a>{" "}
							<span className="text-ink-3">may be dangerous to open</span>
						</li>
					))}
				</ul>
			)}
			<footer className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-1 text-xs">
				{found !== null && hasMore(found.enrichment) && (
					<button type="button" aria-expanded={all} onClick={() => setAll(!all)} className="min-h-6 text-ink-3 hover:text-ink">
						{all ? "Show less" : "Show all"}
					</button>
				)}
				<button type="button" disabled={busy} onClick={() => void again()} className="min-h-6 text-ink-3 hover:text-ink">
					Ask again
				</button>
				{found?.enrichment.link !== undefined && (
					<a href={found.enrichment.link} target="_blank" rel="noopener noreferrer nofollow" className="leading-6 text-ink-3 hover:text-ink">
						Its page ↗
					</a>
				)}
				{found !== null && <Raw raw={found.raw} />}
			</footer>
		</section>
	);
}
