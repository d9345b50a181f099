"use client";

import { useEffect, useState } from "react";

export interface Fault {
	from: number;
	to: number;
	message: string;
}

interface ReadTerm {
	text: string;
	as: string;
}

export interface Checked {
	faults: readonly Fault[];
	reads: ReadonlyArray<{ all: readonly ReadTerm[]; none: readonly ReadTerm[] }>;
	/** null where neither a name nor a channel was given */
	channel: string | null;
	/** the query that was checked: faults of another one are of no use */
	query: string;
}

const WAIT_MS = 250;

/** What the server makes of the query and the names while they are typed. Null before it has said anything. */
export function useCheck(asked: { kind: string; query: string; name: string; channel: string }): Checked | null {
	const [checked, setChecked] = useState<Checked | null>(null);
	const { kind, query, name, channel } = asked;
	useEffect(() => {
		const stop = new AbortController();
		const timer = setTimeout(async () => {
			try {
				const body = JSON.stringify({ kind, query: query.slice(0, 20_000), name: name.slice(0, 1000), channel: channel.slice(0, 1000) });
				const response = await fetch("/api/hunters/check", { method: "POST", headers: { "content-type": "application/json" }, body, signal: stop.signal });
				if (response.ok) setChecked({ ...((await response.json()) as Omit<Checked, "query">), query });
			} catch {
				// Typed on meanwhile, or the server does not answer: saving says it.
			}
		}, WAIT_MS);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [kind, query, name, channel]);
	return checked;
}
