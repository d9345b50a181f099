import Link from "next/link";
import type { SourceHealth } from "@/lib/health/sources";
import { HealthCells } from "./health-cells";
import { Time } from "./time";
import { Badge } from "./ui/badge";
import { Panel } from "./ui/panel";

/** Rows that are shown: the troubled ones, then the largest. */
const ROWS = 10;

function isWell(source: SourceHealth): boolean {
	return !source.stale && (source.state === "ok" || source.state === "unchanged");
}

function troubled(source: SourceHealth): boolean {
	return source.state === "failing" || source.state === "suspect" || source.stale;
}

function Summary({ sources }: { sources: readonly SourceHealth[] }) {
	const asked = sources.filter(({ state }) => state !== "disabled" && state !== "no-key");
	const count = (state: string) => sources.filter((source) => source.state === state).length;
	const suspect = count("suspect");
	const failing = count("failing");
	const keyless = count("no-key");
	return (
		<>
			{asked.filter(isWell).length} of {asked.length} sources well · last 30 days
			{suspect > 0 && <span className="text-warn"> · {suspect} suspect</span>}
			{failing > 0 && <span className="text-bad"> · {failing} failing</span>}
			{keyless > 0 && ` · ${keyless} without a key`}
		</>
	);
}

function age(source: SourceHealth, now: string) {
	if (source.state === "failing") return <span className="text-bad">failing</span>;
	if (source.state === "suspect") return <span className="text-warn">suspect</span>;
	if (source.stale) return <span className="text-warn">stale</span>;
	return <Time at={source.lastOkAt?.toISOString() ?? null} now={now} />;
}

/** One cell a day for each source, worst first, and what the troubled ones say. */
export function SourceHealthPanel({ sources, now }: { sources: readonly SourceHealth[]; now: string }) {
	const asked = sources.filter(({ state }) => state !== "disabled" && state !== "no-key");
	const shown = [...asked].sort((a, b) => Number(troubled(b)) - Number(troubled(a)) || b.present - a.present).slice(0, ROWS);
	const saying = asked.filter((source) => troubled(source) && source.reason !== null);
	return (
		<Panel title={<Link href="/sources">Source health</Link>} aside={<Summary sources={sources} />}>
			<ol className="px-4 py-2">
				{shown.map((source) => (
					<li key={source.number} className="grid grid-cols-[8.5rem_minmax(0,1fr)_3.5rem] items-center gap-3 sm:grid-cols-[12rem_minmax(0,1fr)_5rem]">
						<Link href={`/sources/${source.id}`} className="truncate text-sm leading-6 hover:underline">
							{source.name}
						</Link>
						<HealthCells days={source.days} today={now} name={source.name} />
						<span className="num text-sm text-ink-3">{age(source, now)}</span>
					</li>
				))}
			</ol>
			{saying.length > 0 && (
				<ul className="border-t border-line px-4 py-2 text-sm">
					{saying.slice(0, 6).map((source) => (
						<li key={source.number} className="py-0.5">
							<Badge tone={source.state === "failing" ? "bad" : "warn"}>{source.name}</Badge> {source.reason}{" "}
							<Link href={`/sources/${source.id}`} className="text-accent underline">
								Review
							</Link>
						</li>
					))}
				</ul>
			)}
		</Panel>
	);
}
