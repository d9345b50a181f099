import Link from "next/link";
import { Suspense } from "react";
import { DayChart } from "@/components/bars";
import { ListHeader } from "@/components/list-header";
import { Pager } from "@/components/pager";
import { RecordFilters } from "@/components/records/filters";
import { RecordTable } from "@/components/records/record-table";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { WaitingPanel, WaitingTable, WaitingTitle } from "@/components/ui/waiting";
import { ExistError } from "@/lib/errors";
import { type AnyTracker, chart, count, list, shownFilters, shownTable, totals } from "@/lib/trackers";

async function read(tracker: AnyTracker, params: URLSearchParams) {
	try {
		const query = tracker.parse(params);
		const [page, total, days] = await Promise.all([list(tracker, query, undefined, { light: true }), count(tracker, query), chart(tracker, query)]);
		return { page, total, days, refused: null };
	} catch (error) {
		if (error instanceof ExistError && error.code === "invalid") return { page: null, total: null, days: null, refused: error.message };
		throw error;
	}
}

/** The list of a tracker, from its definition alone, its place held until it is read. Whoever shows it has asked for the principal. */
export function TrackerList({ tracker, asked }: { tracker: AnyTracker; asked: URLSearchParams }) {
	return (
		<Suspense
			fallback={
				<>
					<WaitingTitle />
					<WaitingPanel height={46} />
					<WaitingPanel height={100} />
					<WaitingTable rows={20} />
				</>
			}
		>
			<List tracker={tracker} asked={asked} />
		</Suspense>
	);
}

/** Filters, chart, table, pages. */
async function List({ tracker, asked }: { tracker: AnyTracker; asked: URLSearchParams }) {
	const [{ page, total, days, refused }, filters, sums] = await Promise.all([read(tracker, asked), shownFilters(tracker), totals()]);
	const now = new Date().toISOString();
	const sum = sums.find((one) => one.tracker === tracker.name);
	const found = total === null ? null : `${total.estimated ? "more than " : ""}${total.count.toLocaleString("en")} match · ${Math.max(1, Math.round(page?.tookMs ?? 0))} ms`;
	const table = page === null ? null : shownTable(tracker, page.rows);
	const said = sum === undefined ? "" : (tracker.page?.said?.(sum) ?? `${sum.total.toLocaleString("en")} records`);
	return (
		<>
			<ListHeader title={tracker.title} said={said} resource={tracker.resource} params={asked} />
			{tracker.page?.siblings !== undefined && (
				<p className="flex flex-wrap gap-2">
					{tracker.page.siblings.map(({ href, label }) => (
						<Link key={href} href={href} className={buttonClass()}>
							{label}
						</Link>
					))}
				</p>
			)}
			<RecordFilters action={tracker.path} filters={filters} params={asked} found={found} />
			{refused !== null && (
				<Notice title="This cannot be searched">
					<p>{refused}</p>
				</Notice>
			)}
			{days !== null && <DayChart days={days} now={now} />}
			{table !== null && table.rows.length === 0 && (
				<Notice title="Nothing matches">
					<p>{tracker.page?.nothing ?? "No record that was read here fits."} Take a filter away, or search across everything with the box above. The sources page shows what has been read.</p>
				</Notice>
			)}
			{table !== null && page !== null && table.rows.length > 0 && (
				<>
					<RecordTable table={table} now={now} framed />
					<Pager path={tracker.path} params={asked} next={page.next} previous={page.previous} />
				</>
			)}
		</>
	);
}
