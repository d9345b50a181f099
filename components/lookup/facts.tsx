import type { ReactNode } from "react";
import type { Enrichment, Fact, FactTable, TableCell } from "@/lib/enrichers/define";
import { IndicatorLink } from "../indicator";
import { Time } from "../time";
import { relative } from "../time-text";
import { Badge } from "../ui/badge";
import { DataTable } from "../ui/data-table";

/** What a panel shows before somebody wants all of it. */
export const SHORT = { facts: 4, items: 2 } as const;
const DAY_MS = 86_400_000;

const INK = { bad: "text-bad", warn: "text-warn", none: "" } as const;

function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
	return (
		<a href={href} target="_blank" rel="noopener noreferrer nofollow" className="break-all text-accent hover:underline" title={href}>
			{children} ↗
		</a>
	);
}

/** A date, and its age where it is young enough to need eyes. */
function Moment({ at, youngDays, now }: { at: string; youngDays?: number | undefined; now: string }) {
	const age = Date.parse(now) - Date.parse(at);
	return (
		<span className="flex flex-wrap items-center gap-x-2">
			<Time at={at} now={now} as="date" />
			{youngDays !== undefined && age >= 0 && age < youngDays * DAY_MS && <Badge tone="warn">{age < DAY_MS ? "today" : `${relative(age / 1000)} old`}</Badge>}
		</span>
	);
}

function More({ count }: { count: number }) {
	return count > 0 ? <span className="text-ink-3">and {count.toLocaleString("en")} more</span> : null;
}

function Value({ fact, now, most }: { fact: Fact; now: string; most: number }) {
	switch (fact.kind) {
		case "text":
			return <span className={`break-words whitespace-pre-line ${INK[fact.tone ?? "none"]} ${most < Number.POSITIVE_INFINITY ? "line-clamp-2" : ""}`}>{fact.text}</span>;
		case "share":
			return (
				<Badge tone={fact.tone ?? "none"}>
					<span className="tabular-nums">
						{fact.part.toLocaleString("en")} / {fact.of.toLocaleString("en")}
					</span>
				</Badge>
			);
		case "number":
			return <span className={`tabular-nums ${INK[fact.tone ?? "none"]}`}>{fact.value.toLocaleString("en")}</span>;
		case "indicators":
			return (
				<span className="flex flex-col">
					{fact.indicators.slice(0, most).map((indicator) => (
						// Links one above the other: each has to be hit by a finger.
						<span key={`${indicator.type} ${indicator.value}`} className="flex min-h-6 items-center">
							<IndicatorLink indicator={indicator} />
						</span>
					))}
					<More count={Math.max(0, fact.indicators.length - most) + (fact.more ?? 0)} />
				</span>
			);
		case "time":
			return <Moment at={fact.at} youngDays={fact.youngDays} now={now} />;
		case "tags":
			return (
				<span className="flex flex-wrap gap-1">
					{[...new Set(fact.tags)].slice(0, most * 3).map((tag) => (
						<span key={tag} className="flex max-w-full min-w-0 [&>span]:overflow-hidden [&>span]:text-ellipsis">
							<Badge tone={fact.tone ?? "none"} title={tag}>
								{tag}
							</Badge>
						</span>
					))}
					<More count={new Set(fact.tags).size - most * 3} />
				</span>
			);
		case "link":
			return <OutsideLink href={fact.href}>{fact.text}</OutsideLink>;
	}
}

function Cell({ cell, now }: { cell: TableCell | undefined; now: string }) {
	switch (cell?.kind) {
		case "indicator":
			return <IndicatorLink indicator={cell.indicator} />;
		case "time":
			return <Time at={cell.at} now={now} as="date" />;
		case "number":
			return <span className="tabular-nums">{cell.value.toLocaleString("en")}</span>;
		case "text":
			return <span className={`break-words ${INK[cell.tone ?? "none"]}`}>{cell.text === "" ? "–" : cell.text}</span>;
		default:
			return null;
	}
}

function Table({ table, now }: { table: FactTable; now: string }) {
	return (
		<div className="border-t border-line">
			<h3 className="px-4 pt-2 text-xs font-medium text-ink-3">{table.title}</h3>
			<DataTable
				rows={table.rows}
				columns={table.columns.map((header, at) => ({
					header,
					...(table.rows[0]?.[at]?.kind === "number" ? { align: "right" as const } : {}),
					cell: (row: readonly TableCell[]) => <Cell cell={row[at]} now={now} />,
				}))}
			/>
			{table.more > 0 && <p className="px-4 pb-2 text-xs text-ink-3">{table.more.toLocaleString("en")} more at the provider.</p>}
		</div>
	);
}

/** True where there is more than the short form shows. */
export function hasMore({ facts, tables = [], downloads = [] }: Enrichment): boolean {
	if (facts.length > SHORT.facts || tables.length > 0 || downloads.length > 0) return true;
	return facts.some(
		(fact) => (fact.kind === "indicators" && fact.indicators.length > SHORT.items) || (fact.kind === "tags" && fact.tags.length > SHORT.items * 3) || (fact.kind === "text" && fact.text.length > 80),
	);
}

/** What a service says, drawn from its shape alone: no service has a drawing of its own. */
export function Facts({ enrichment, now, all }: { enrichment: Enrichment; now: string; all: boolean }) {
	const { summary, tone, facts, tables = [] } = enrichment;
	const most = all ? Number.POSITIVE_INFINITY : SHORT.items;
	return (
		<>
			<div className="px-4 py-2.5">
				<p className={`mb-1.5 break-words ${tone === "none" ? "" : `font-medium ${INK[tone]}`} ${all ? "" : "line-clamp-2"}`}>{summary}</p>
				<dl className="grid grid-cols-[minmax(5.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-0.5 text-sm leading-6">
					{facts.slice(0, all ? facts.length : SHORT.facts).map((fact, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a provider may give one label twice, and facts never move
						<div key={`${fact.label} ${at}`} className="contents">
							<dt className="max-w-[9rem] break-words text-ink-3">{fact.label}</dt>
							<dd className="min-w-0">
								<Value fact={fact} now={now} most={most} />
							</dd>
						</div>
					))}
				</dl>
			</div>
			{all && tables.map((table) => <Table key={table.title} table={table} now={now} />)}
		</>
	);
}
