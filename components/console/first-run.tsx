"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import useSWR from "swr";
import type { IngestProgress } from "@/lib/health/progress";

const read = async (url: string): Promise<IngestProgress> => {
	const response = await fetch(url);
	if (!response.ok) throw new Error(String(response.status));
	return (await response.json()) as IngestProgress;
};

/** How far the first reading of all sources is: a number that moves. Gone when every source was asked once. */
export function FirstRun({ initial }: { initial: IngestProgress }) {
	const router = useRouter();
	const { data = initial } = useSWR("/api/progress", read, { fallbackData: initial, refreshInterval: (latest) => (latest?.firstRun === false ? 0 : 1500) });
	const running = data.firstRun;
	const was = useRef(running);
	useEffect(() => {
		if (was.current && !running) router.refresh();
		was.current = running;
	}, [running, router]);
	if (!running) return null;
	const names = data.running.map((run) => run.name);
	return (
		<section className="rounded-md border border-line bg-panel px-4 py-3" aria-live="polite">
			<p>
				<strong>
					Reading sources: {data.done} of {data.total}
				</strong>{" "}
				<span className="text-ink-2">
					· {data.sightings.toLocaleString("en")} sightings so far
					{names.length > 0 && ` · now ${names.slice(0, 3).join(", ")}`}
				</span>
			</p>
			<progress className="mt-2 block h-1.5 w-full accent-(--accent)" max={data.total} value={data.done} aria-label="Sources read" />
		</section>
	);
}
