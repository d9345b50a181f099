"use client";

import { useEffect, useRef, useState } from "react";
import { DayChart } from "../bars";
import { Button } from "../ui/button";
import { Folded } from "../ui/folded";
import { Panel } from "../ui/panel";
import { SampleTable } from "./hit-table";
import { BACKTEST_DAYS, type BacktestDone, type BacktestView, runBacktest } from "./run-backtest";

function counted(count: number, one: string, many: string): string {
	return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** Why nothing was there to be looked at. */
function Nothing({ newest, days }: { newest: string | null; days: number }) {
	return (
		<p>
			<strong>Nothing to look at:</strong> no record that it could find is dated within these {days} days.
			{newest === null ? " There are none that are older either." : ` The newest there is dates from ${newest}.`}
		</p>
	);
}

function Sum({ done: { hits, looked, messages, days, cut, newest } }: { done: BacktestDone }) {
	if (looked === 0 && cut === null) return <Nothing newest={newest} days={days.length} />;
	return (
		<p>
			<strong>
				{hits === 0 ? "No hit" : counted(hits, "hit", "hits")} in {counted(days.length, "day", "days")}
			</strong>{" "}
			among {counted(looked, "record", "records")}
			{hits > 0 && <>; told as they came, that would have been about {counted(messages, "message", "messages")}</>}.{cut !== null && <span className="text-warn"> {cut}</span>}
		</p>
	);
}

function Going({ view }: { view: BacktestView }) {
	return (
		<div className="flex flex-wrap items-center gap-x-3 gap-y-1">
			<progress max={BACKTEST_DAYS} value={view.days} className="h-1.5 w-40 accent-accent" aria-label="Days that were looked at" />
			<p className="tabular-nums">
				{view.day === null ? "" : `${view.day}, day ${Math.min(view.days + 1, BACKTEST_DAYS)} of ${BACKTEST_DAYS}: `}
				{counted(view.looked, "record", "records")}, {counted(view.hits, "hit", "hits")}
			</p>
		</div>
	);
}

function Outcome({ view, now }: { view: BacktestView; now: string }) {
	const { done, samples, state, fault } = view;
	const days = done === null ? [] : done.days.map(({ day, hits }) => ({ day, count: hits })).reverse();
	return (
		<Panel title="The last 30 days" aside={state === "running" ? "looking, newest first" : "nothing was stored or told"}>
			<div className="flex flex-col gap-3 px-4 py-3">
				<div role="status">
					{state === "running" && <Going view={view} />}
					{done !== null && <Sum done={done} />}
					{state === "stopped" && (
						<p>
							Stopped after {counted(view.looked, "record", "records")} with {counted(view.hits, "hit", "hits")}.
						</p>
					)}
					{fault !== null && <p className="text-bad">{fault}</p>}
				</div>
				{done !== null ? <DayChart days={days} now={now} label="hits" framed={false} /> : state === "running" && <div className="waiting h-[76px]" aria-hidden="true" />}
			</div>
			{samples.length > 0 && (
				<div className="border-t border-line">
					<p className="px-4 pt-2 text-xs text-ink-3">
						{view.hits > samples.length ? `the newest ${samples.length}` : state === "running" ? "so far" : state === "done" ? "all of them" : "those found until then"}
					</p>
					<Folded rows={samples.length}>
						<SampleTable hits={samples} now={now} />
					</Folded>
				</div>
			)}
		</Panel>
	);
}

/** "Try on the last 30 days": what a query would have found, shown while it is looked for. */
export function Backtest({ kind, query, digestOver, disabled }: { kind: string; query: string; digestOver: number; disabled: boolean }) {
	const [view, setView] = useState<BacktestView | null>(null);
	const [tried, setTried] = useState("");
	const stop = useRef<AbortController | null>(null);
	useEffect(() => () => stop.current?.abort(), []);
	const running = view?.state === "running";
	const asked = `${kind} ${query}`;
	const begin = () => {
		stop.current?.abort();
		const own = new AbortController();
		stop.current = own;
		setTried(asked);
		void runBacktest({ kind, query, digestOver }, (next) => stop.current === own && setView(next), own.signal);
	};
	return (
		<>
			<div className="flex flex-wrap items-center gap-3">
				<Button onClick={running ? () => stop.current?.abort() : begin} disabled={!running && disabled}>
					{running ? "Stop" : "Try on the last 30 days"}
				</Button>
				<p className="text-sm text-ink-3">{view !== null && !running && tried !== asked ? "What is below is of the query before." : "What it would have found. Nothing is stored or told."}</p>
			</div>
			{view !== null && <Outcome view={view} now={new Date().toISOString()} />}
		</>
	);
}
