"use client";

import { useEffect, useState } from "react";
import { dayOf, relative } from "./time-text";

/**
 * A moment, relative to when the page was made; the exact time in the reader's own zone on hover. `date` shows the day instead
 * where that says more (first seen).
 */
export function Time({ at, now, as = "relative", prefix = "" }: { at: string | null; now: string; as?: "relative" | "date"; prefix?: string }) {
	const [local, setLocal] = useState<string | null>(null);
	useEffect(() => {
		if (at !== null) setLocal(new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }));
	}, [at]);
	if (at === null) return <span className="text-ink-3">never</span>;
	const seconds = (Date.parse(now) - Date.parse(at)) / 1000;
	const text = as === "date" ? dayOf(at, now) : relative(seconds);
	const ahead = as === "relative" && seconds < -59 ? "in " : "";
	return (
		<time dateTime={at} title={local ?? `${at.slice(0, 19).replace("T", " ")} UTC`} className="whitespace-nowrap">
			{prefix}
			{ahead}
			{text}
		</time>
	);
}
