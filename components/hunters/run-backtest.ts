"use client";

import type { Hit } from "@/lib/hunters/hunter";

type Sample = Omit<Hit, "at">;

export interface BacktestDone {
	days: ReadonlyArray<{ day: string; hits: number }>;
	looked: number;
	hits: number;
	messages: number;
	cut: string | null;
	/** where no record is dated within the days: the day of the newest there is */
	newest: string | null;
}

export interface BacktestView {
	state: "running" | "done" | "failed" | "stopped";
	/** of 30, those that are over */
	days: number;
	/** the one it is at; null before the first */
	day: string | null;
	looked: number;
	hits: number;
	samples: readonly Sample[];
	done: BacktestDone | null;
	fault: string | null;
}

type Line =
	| { type: "progress"; day: string; looked: number; hits: number }
	| { type: "sample"; hit: Omit<Sample, "recordAt" | "path"> & { recordAt: string; page: string } }
	| ({ type: "done" } & BacktestDone)
	| { type: "error"; detail: string };

export const BACKTEST_DAYS = 30;
const DAY_MS = 86_400_000;

export const STARTED: BacktestView = { state: "running", days: 0, day: null, looked: 0, hits: 0, samples: [], done: null, fault: null };

function after(view: BacktestView, line: Line): BacktestView {
	switch (line.type) {
		case "progress": {
			const today = Date.parse(new Date().toISOString().slice(0, 10));
			const days = Math.min(BACKTEST_DAYS, Math.max(view.days, Math.round((today - Date.parse(line.day)) / DAY_MS)));
			return { ...view, days, day: line.day, looked: line.looked, hits: line.hits };
		}
		case "sample": {
			const { page, recordAt, ...hit } = line.hit;
			return { ...view, hits: Math.max(view.hits, view.samples.length + 1), samples: [...view.samples, { ...hit, path: new URL(page).pathname, recordAt: new Date(recordAt) }] };
		}
		case "done":
			return { ...view, state: "done", days: BACKTEST_DAYS, looked: line.looked, hits: line.hits, done: line };
		case "error":
			return { ...view, state: "failed", fault: line.detail };
	}
}

async function* linesOf(body: NonNullable<Response["body"]>): AsyncGenerator<Line> {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	for (;;) {
		const { value, done } = await reader.read();
		if (done) return;
		const lines = (rest + value).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) if (line !== "") yield JSON.parse(line) as Line;
	}
}

/** Has the server hold a query against the last 30 days and shows each step; it stops where `signal` says so. */
export async function runBacktest(asked: { kind: string; query: string; digestOver: number }, show: (view: BacktestView) => void, signal: AbortSignal): Promise<void> {
	let view = STARTED;
	const next = (change: BacktestView): void => {
		view = change;
		show(view);
	};
	next(view);
	try {
		const response = await fetch("/api/hunters/backtest", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked), signal });
		if (!response.ok || response.body === null) {
			const { detail } = (await response.json()) as { detail?: string };
			return next({ ...view, state: "failed", fault: detail ?? `The server answered ${response.status}.` });
		}
		for await (const line of linesOf(response.body)) next(after(view, line));
		if (view.state === "running") next({ ...view, state: "failed", fault: "The answer ended before its end. Try again." });
	} catch {
		next(signal.aborted ? { ...view, state: "stopped" } : { ...view, state: "failed", fault: "The server does not answer. Try again in a moment." });
	}
}
