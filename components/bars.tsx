import { dayOf } from "./time-text";

export interface Bar {
	day: string;
	count: number;
}

function height(count: number, max: number): string {
	return `${count === 0 ? 0 : Math.max(3, Math.round((count / max) * 100))}%`;
}

/** Thirty bars without axes, today last and coloured. A table with the numbers is behind it for those who do not see it. */
export function Sparkline({ days, label }: { days: readonly Bar[]; label: string }) {
	const max = Math.max(1, ...days.map(({ count }) => count));
	return (
		<div className="flex h-6 items-end gap-px" role="img" aria-label={`${label}: ${days.map(({ day, count }) => `${day} ${count}`).join(", ")}`}>
			{days.map(({ day, count }, at) => (
				<i key={day} title={`${day}: ${count.toLocaleString("en")}`} className={`min-h-px flex-1 ${at === days.length - 1 ? "bg-accent" : "bg-bar"}`} style={{ height: height(count, max) }} />
			))}
		</div>
	);
}

/** Matches a day over thirty days, labelled at its ends. Within a panel it has no frame of its own. */
export function DayChart({ days, now, label = "matches", framed = true }: { days: readonly Bar[]; now: string; label?: string; framed?: boolean }) {
	const max = Math.max(1, ...days.map(({ count }) => count));
	const first = days[0];
	return (
		<figure className={framed ? "rounded-md border border-line bg-panel px-4 py-3" : ""}>
			<div className="flex h-14 items-end gap-px" aria-hidden="true">
				{days.map(({ day, count }, at) => (
					<i key={day} title={`${day}: ${count.toLocaleString("en")}`} className={`min-h-px flex-1 ${at === days.length - 1 ? "bg-accent" : "bg-bar"}`} style={{ height: height(count, max) }} />
				))}
			</div>
			<figcaption className="mt-1 flex justify-between text-xs text-ink-3">
				<span>{first === undefined ? "" : dayOf(`${first.day}T00:00:00Z`, now)}</span>
				<span>{days.every(({ count }) => count === 0) ? `no ${label} in these ${days.length} days` : `${label} a day, most on a day: ${max.toLocaleString("en")}`}</span>
				<span>today</span>
			</figcaption>
			<table className="sr-only">
				<caption>{label} a day</caption>
				<tbody>
					{days.map(({ day, count }) => (
						<tr key={day}>
							<th scope="row">{day}</th>
							<td>{count}</td>
						</tr>
					))}
				</tbody>
			</table>
		</figure>
	);
}
