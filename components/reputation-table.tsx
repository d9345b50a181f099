import type { ReputationRow } from "@/lib/trackers/reputation";
import { CategoryBadge } from "./category-badge";
import { IndicatorLink, TYPE_WORDS } from "./indicator";
import { Time } from "./time";
import { Badge } from "./ui/badge";

/** Sightings as rows. On a phone indicator, source and last seen remain. `compact` is for panels beside others. */
export function ReputationTable({ rows, now, compact = false, toRecord = false }: { rows: readonly ReputationRow[]; now: string; compact?: boolean; toRecord?: boolean }) {
	const wide = compact ? "hidden" : "max-lg:hidden";
	return (
		<table className="data">
			<thead>
				<tr>
					<th scope="col">Indicator</th>
					<th scope="col" className={wide}>
						Type
					</th>
					<th scope="col">Source</th>
					<th scope="col" className="max-sm:hidden">
						Category
					</th>
					<th scope="col" className={wide}>
						Description
					</th>
					<th scope="col" className={wide}>
						Country
					</th>
					<th scope="col" className={`num ${wide}`}>
						First seen
					</th>
					<th scope="col" className="num">
						Last seen
					</th>
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => (
					<tr key={row.id}>
						<td className={compact ? "min-w-[9rem]" : "min-w-[9rem] lg:w-[46%]"}>
							<IndicatorLink indicator={row.indicator} ports={row.ports} {...(toRecord ? { href: `/reputation/${row.id}` } : {})} />
							{row.indicator.warning !== null && (
								<span className="ml-2">
									<Badge tone="warn" title="On a list of values that are more often a mistake than a find">
										doubtful
									</Badge>
								</span>
							)}
						</td>
						<td className={wide}>
							<Badge>{TYPE_WORDS[row.indicator.type]}</Badge>
						</td>
						<td className={compact ? "sm:whitespace-nowrap" : "lg:whitespace-nowrap"}>{row.source.name}</td>
						<td className="max-sm:hidden">
							<CategoryBadge category={row.category} listed={row.listed} />
						</td>
						<td className={`max-w-[14rem] truncate text-ink-2 ${wide}`} title={row.description ?? undefined}>
							{row.description ?? ""}
						</td>
						<td className={`mono ${wide}`}>{row.country ?? "–"}</td>
						<td className={`num text-ink-2 ${wide}`}>
							<Time at={row.seenAt.toISOString()} now={now} as="date" />
						</td>
						<td className="num text-ink-2">
							<Time at={row.lastSeen.toISOString()} now={now} prefix={row.listed ? "" : "left "} />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
