import { dayOf, relative } from "./time-text";

export interface TimelineSource {
	name: string;
	number: number;
	/** still counts as listed */
	listed: boolean;
	/** the feed's own first date, where it is older than ours */
	claimedFrom: string | null;
	/** ISO times; `to` null while it lasts */
	intervals: ReadonlyArray<{ from: string; to: string | null }>;
	lastSeen: string;
}

const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Axis {
	from: number;
	to: number;
	ticks: Array<{ at: number; label: string }>;
	unit: string;
}

function monthTicks(from: number, to: number, months: number): number[] {
	const start = new Date(from);
	const ticks: number[] = [];
	for (let at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1); at < to; ) {
		const date = new Date(at);
		if (date.getUTCMonth() % months === 0) ticks.push(at);
		at = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
	}
	return ticks;
}

/** Days up to ten weeks, months up to three years, else years; at most a dozen or so labels. */
export function axisOf(first: number, now: number): Axis {
	const span = Math.max(now - first, DAY);
	const from = Math.min(first, now - 7 * DAY) - span * 0.02;
	if (span <= 70 * DAY) {
		const step = span <= 14 * DAY ? 1 : 7;
		const ticks: Axis["ticks"] = [];
		for (let at = Math.ceil(from / DAY) * DAY; at < now; at += step * DAY) ticks.push({ at, label: `${new Date(at).getUTCDate()} ${MONTHS[new Date(at).getUTCMonth()]}` });
		return { from, to: now, ticks, unit: step === 1 ? "one mark a day" : "one mark a week" };
	}
	const months = span <= 400 * DAY ? 1 : span <= 1100 * DAY ? 3 : 12;
	const ticks = monthTicks(from, now, months).map((at) => {
		const date = new Date(at);
		return { at, label: months === 12 ? String(date.getUTCFullYear()) : `${MONTHS[date.getUTCMonth()]}${date.getUTCMonth() === 0 ? ` ${date.getUTCFullYear()}` : ""}` };
	});
	return { from, to: now, ticks, unit: months === 12 ? "one mark a year" : months === 3 ? "one mark a quarter" : "one mark a month" };
}

function percent(axis: Axis, at: number): number {
	return Math.min(100, Math.max(0, ((at - axis.from) / (axis.to - axis.from)) * 100));
}

function Segment({ axis, from, to, tone, title }: { axis: Axis; from: number; to: number; tone: string; title: string }) {
	const left = percent(axis, from);
	const width = Math.max(0.5, percent(axis, to) - left);
	return <i title={title} className={`absolute top-1/2 h-[7px] -translate-y-1/2 rounded-[2px] ${tone}`} style={{ left: `${Math.min(left, 99.5)}%`, width: `${width}%` }} />;
}

function day(at: number): string {
	return new Date(at).toISOString().slice(0, 10);
}

function Row({ source, axis, now }: { source: TimelineSource; axis: Axis; now: string }) {
	const end = Date.parse(now);
	const told = source.listed
		? `${relative((end - Date.parse(source.lastSeen)) / 1000)}${relative((end - Date.parse(source.lastSeen)) / 1000) === "now" ? "" : " ago"}`
		: `left ${dayOf(source.lastSeen, now)}`;
	const first = source.intervals[0];
	return (
		<li className="grid grid-cols-[1fr_auto] items-center gap-x-3 py-[3px] sm:grid-cols-[14rem_1fr_6rem]">
			<span className="truncate text-sm" title={source.name}>
				{source.name}
			</span>
			<span className="relative block h-4 max-sm:order-last max-sm:col-span-2">
				{axis.ticks.map(({ at }) => (
					<i key={at} className="absolute top-1 h-2 border-l border-line" style={{ left: `${percent(axis, at)}%` }} />
				))}
				{source.claimedFrom !== null && first !== undefined && (
					<Segment
						axis={axis}
						from={Date.parse(source.claimedFrom)}
						to={Date.parse(first.from)}
						tone={source.listed ? "border border-bad bg-bad-soft" : "border border-line-strong bg-none-soft"}
						title={`since ${source.claimedFrom.slice(0, 10)} by the source's own date, before we read it`}
					/>
				)}
				{source.intervals.map((interval) => {
					const to = interval.to === null ? end : Date.parse(interval.to);
					const open = interval.to === null || source.listed;
					return (
						<Segment
							key={interval.from}
							axis={axis}
							from={Date.parse(interval.from)}
							to={to}
							tone={open ? "bg-bad" : "bg-bar"}
							title={`${day(Date.parse(interval.from))} to ${interval.to === null ? "now" : day(to)}`}
						/>
					);
				})}
			</span>
			<span className="num text-sm text-ink-3">{told}</span>
		</li>
	);
}

/** "Who listed it, and when": a row a source, intervals on one axis, gaps visible, now at the right. */
export function PresenceTimeline({ sources, now }: { sources: readonly TimelineSource[]; now: string }) {
	const starts = sources.flatMap((source) => [...(source.claimedFrom === null ? [] : [Date.parse(source.claimedFrom)]), ...source.intervals.map(({ from }) => Date.parse(from))]);
	const axis = axisOf(Math.min(...starts, Date.parse(now)), Date.parse(now));
	return (
		<section className="rounded-md border border-line bg-panel" aria-label="Who listed it, and when">
			<header className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 py-1.5">
				<h2 className="font-semibold">Who listed it, and when</h2>
				<span className="text-xs text-ink-3">
					{day(axis.from)} → {day(axis.to)} · {axis.unit}
				</span>
			</header>
			<ol className="px-4 pt-2">
				{sources.map((source) => (
					<Row key={source.number} source={source} axis={axis} now={now} />
				))}
			</ol>
			<div className="grid gap-3 px-4 pb-2 sm:grid-cols-[14rem_1fr_6rem]" aria-hidden="true">
				<span className="max-sm:hidden" />
				<span className="relative block h-4 text-xs text-ink-3">
					{axis.ticks
						.filter((_, at) => at % Math.ceil(axis.ticks.length / 7) === 0)
						.filter(({ at }) => percent(axis, at) < 88)
						.map(({ at, label }, place) => (
							<span key={at} className={`absolute whitespace-nowrap ${place % 3 === 0 ? "" : "max-sm:hidden"}`} style={{ left: `${percent(axis, at)}%` }}>
								{label}
							</span>
						))}
				</span>
				<span className="max-sm:hidden" />
			</div>
			<p className="sr-only">A filled bar is a time during which we saw the source list it; an outlined bar is what the source says about the time before we read it.</p>
		</section>
	);
}
