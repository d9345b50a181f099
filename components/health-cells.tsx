const WORDS = ["no run", "well", "suspect", "failing"] as const;
const TONES = ["bg-off", "bg-well", "bg-warn", "bg-bad"] as const;

/** One cell a day, today at the right. */
export function HealthCells({ days, today, name }: { days: readonly number[]; today: string; name: string }) {
	const last = Date.parse(`${today.slice(0, 10)}T00:00:00Z`);
	const cells = days.map((worst, at) => {
		const day = new Date(last - (days.length - 1 - at) * 86_400_000).toISOString().slice(0, 10);
		return { day, worst, words: WORDS[worst] ?? "unknown" };
	});
	const troubled = cells.filter(({ worst }) => worst > 1).map(({ day, words }) => `${day} ${words}`);
	return (
		<div className="flex h-2.5 min-w-0 gap-px sm:gap-0.5" role="img" aria-label={`${name}, last ${days.length} days: ${troubled.length === 0 ? "no trouble" : troubled.join(", ")}`}>
			{cells.map(({ day, worst, words }) => (
				<i key={day} title={`${day}: ${words}`} className={`min-w-0 flex-1 rounded-[2px] ${TONES[worst] ?? "bg-off"}`} />
			))}
		</div>
	);
}
