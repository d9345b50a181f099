"use client";

import { type ReactNode, useState } from "react";
import { TYPE_WORDS } from "@/lib/domain/indicator";
import { CategoryBadge } from "../../category-badge";
import { IndicatorLink } from "../../indicator";
import { Time } from "../../time";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import type { Told } from "../ask-service";
import type { ListStore } from "./list-store";
import type { Row } from "./parse";
import { listedBy, type Sort, type SortKey, wordsOf } from "./view";

/** Rows of one page: what a browser draws without a pause. */
const PAGE = 100;

function Head({ label, sortKey, sort, onSort, className = "" }: { label: string; sortKey: SortKey; sort: Sort; onSort: (key: SortKey) => void; className?: string }) {
	const here = sort.key === sortKey;
	return (
		<th scope="col" className={className} aria-sort={here ? (sort.down ? "descending" : "ascending") : "none"}>
			<button type="button" onClick={() => onSort(sortKey)} className={`hover:text-ink ${here ? "text-ink" : ""}`}>
				{label}
				<span aria-hidden="true">{here ? (sort.down ? " ↓" : " ↑") : ""}</span>
			</button>
		</th>
	);
}

function ListedCell({ row, store }: { row: Row; store: ListStore }) {
	const { known } = store.found(row);
	if (row.indicator === null) return <Badge tone="warn">no indicator</Badge>;
	if (known === undefined) return <span className="text-ink-3">{store.isReading ? "…" : "not answered"}</span>;
	const sources = listedBy(known);
	if (known.kind === "known") return <Badge title={known.reason}>known</Badge>;
	if (sources.length === 0) return <span className="text-ink-3">not listed</span>;
	return (
		<Badge tone={known.warning === null ? "bad" : "warn"} title={known.reason}>
			{sources.length === 1 ? sources[0] : `${sources.length} sources`}
		</Badge>
	);
}

function ToldCell({ told, waits }: { told: Told | undefined; waits: boolean }) {
	if (told === undefined) return <span className="text-ink-3">{waits ? "…" : ""}</span>;
	const text = wordsOf(told);
	const tone = told.state === "found" ? told.enrichment.tone : "none";
	const title = told.state === "found" ? text : told.state === "failed" || told.state === "unasked" ? told.reason : text;
	return (
		<span title={title} className={`block max-w-[16rem] truncate ${tone === "bad" ? "text-bad" : tone === "warn" ? "text-warn" : told.state === "found" ? "" : "text-ink-3"}`}>
			{text}
		</span>
	);
}

function Line({ row, store, services, now }: { row: Row; store: ListStore; services: ReadonlyArray<{ id: string }>; now: string }) {
	const { known, told } = store.found(row);
	return (
		<tr>
			<td className="min-w-[9rem]">
				{row.indicator === null ? (
					<span className="mono break-all text-ink-2" title={row.reason ?? ""}>
						{row.text.length > 80 ? `${row.text.slice(0, 80)}…` : row.text}
						{row.reason !== null && <span className="block font-sans text-xs break-words text-ink-3">{row.reason}</span>}
					</span>
				) : (
					<IndicatorLink indicator={row.indicator} />
				)}
			</td>
			<td className="max-sm:hidden">{row.indicator !== null && <span className="text-ink-2">{TYPE_WORDS[row.indicator.type]}</span>}</td>
			<td>
				<ListedCell row={row} store={store} />
			</td>
			<td className="max-lg:hidden">{known !== undefined && known.category !== null && <CategoryBadge category={known.category} listed={known.kind === "listed"} />}</td>
			<td className="num max-lg:hidden text-ink-2">{known?.firstSeen != null && <Time at={known.firstSeen} now={now} as="date" />}</td>
			<td className="num text-ink-2">{known?.lastSeen != null && <Time at={known.lastSeen} now={now} />}</td>
			{services.map(({ id }) => (
				<td key={id} className="max-sm:hidden">
					<ToldCell told={told.get(id)} waits={(store.progress(id)?.open ?? 0) > 0} />
				</td>
			))}
		</tr>
	);
}

function Pages({ page, pages, onPage, children }: { page: number; pages: number; onPage: (page: number) => void; children: ReactNode }) {
	return (
		<div className="flex items-center gap-2 border-t border-line px-4 py-2 text-sm text-ink-3">
			<span className="mr-auto">{children}</span>
			<Button disabled={page === 0} onClick={() => onPage(page - 1)}>
				Previous
			</Button>
			<Button disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
				Next
			</Button>
		</div>
	);
}

/** A page of the rows, with a column for every service that was asked. */
export function ListTable({
	store,
	rows,
	services,
	sort,
	onSort,
}: {
	store: ListStore;
	rows: readonly Row[];
	services: ReadonlyArray<{ id: string; name: string }>;
	sort: Sort;
	onSort: (key: SortKey) => void;
}) {
	const [wanted, setPage] = useState(0);
	const pages = Math.max(1, Math.ceil(rows.length / PAGE));
	const page = Math.min(wanted, pages - 1);
	const now = new Date().toISOString();
	const head = { sort, onSort };
	return (
		<div className="rounded-md border border-line bg-panel">
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
			<section className="relative overflow-x-auto" aria-label="Values" tabIndex={0}>
				<table className="data">
					<thead>
						<tr>
							<Head label="Value" sortKey="value" {...head} />
							<Head label="Type" sortKey="type" className="max-sm:hidden" {...head} />
							<Head label="Listed by" sortKey="listed" {...head} />
							<Head label="Category" sortKey="category" className="max-lg:hidden" {...head} />
							<Head label="First seen" sortKey="first" className="num max-lg:hidden" {...head} />
							<Head label="Last seen" sortKey="last" className="num" {...head} />
							{services.map(({ id, name }) => (
								<Head key={id} label={name} sortKey={`service:${id}`} className="max-sm:hidden" {...head} />
							))}
						</tr>
					</thead>
					<tbody>
						{rows.slice(page * PAGE, (page + 1) * PAGE).map((row) => (
							<Line key={row.at} row={row} store={store} services={services} now={now} />
						))}
					</tbody>
				</table>
			</section>
			{rows.length === 0 && <p className="border-t border-line px-4 py-3 text-ink-3">No value of this kind.</p>}
			{pages > 1 && (
				<Pages page={page} pages={pages} onPage={setPage}>
					{(page * PAGE + 1).toLocaleString("en")} to {Math.min(rows.length, (page + 1) * PAGE).toLocaleString("en")} of {rows.length.toLocaleString("en")}
				</Pages>
			)}
		</div>
	);
}
