"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import useSWR from "swr";

interface Shown {
	state: string;
	interrupted: boolean;
	requestedAt: string;
}

const STEPS = [
	["queued", "Queued", "waits for a browser that is free"],
	["resolving", "Resolving", "the name is looked up, the address is judged"],
	["visiting", "Visiting", "the browser opens the page"],
	["storing", "Storing", "what it left is put down"],
] as const;

const read = async (url: string): Promise<Shown> => {
	const response = await fetch(url);
	if (!response.ok) throw new Error(String(response.status));
	return (await response.json()) as Shown;
};

/** Outside the component: a new function at every tick of the clock would begin the waiting anew. */
const every = (latest: Shown | undefined): number => (latest?.state === "done" ? 0 : 1200);

/** How far a capture is; the page comes by itself when it is over. `now` is when this page was made. */
export function CaptureProgress({ id, initial, now }: { id: string; initial: Shown; now: string }) {
	const router = useRouter();
	const { data = initial, error } = useSWR(`/api/captures/${id}`, read, { fallbackData: initial, refreshInterval: every });
	const [elapsed, setElapsed] = useState(() => Date.parse(now) - Date.parse(initial.requestedAt));
	useEffect(() => {
		const start = performance.now();
		const before = Date.parse(now) - Date.parse(initial.requestedAt);
		const timer = setInterval(() => setElapsed(before + performance.now() - start), 500);
		return () => clearInterval(timer);
	}, [now, initial.requestedAt]);
	useEffect(() => {
		if (data.state === "done") router.refresh();
	}, [data.state, router]);
	const at = data.state === "done" ? STEPS.length : STEPS.findIndex(([name]) => name === data.state);
	return (
		<section className="rounded-md border border-line bg-panel px-4 py-4" aria-label="Progress">
			<ol className="grid gap-3 sm:grid-cols-4">
				{STEPS.map(([name, word, says], step) => (
					<li key={name} aria-current={step === at ? "step" : undefined} className={`border-t-2 pt-2 ${step < at ? "border-well" : step === at ? "border-accent" : "border-line"}`}>
						<p className={step === at ? "font-semibold" : step < at ? "" : "text-ink-3"}>{word}</p>
						<p className="text-sm text-ink-3">{step === at ? says : step < at ? "done" : ""}</p>
					</li>
				))}
			</ol>
			<p className="mt-3 text-sm text-ink-3">
				<span role="status">{data.interrupted ? "The attempt broke off; it is tried again. " : ""}</span>
				<span className="mono">{Math.max(0, Math.round(elapsed / 1000))} s</span> since it was asked for
				{error === undefined ? "" : " · the server does not answer at the moment"}
			</p>
		</section>
	);
}
