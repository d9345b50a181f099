import Link from "next/link";
import { DayChart } from "@/components/bars";
import { ListHeader } from "@/components/list-header";
import { Pager } from "@/components/pager";
import { RecordFilters } from "@/components/records/filters";
import { RecordTable } from "@/components/records/record-table";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
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

/** The list of a tracker, from its definition alone: filters, chart, table, pages. Whoever shows it has asked for the principal. */
export async function TrackerList({ tracker, asked }: { tracker: AnyTracker; asked: URLSearchParams }) {
	const [{ page, total, days, refused }, filters, sums] = await Promise.all([read(tracker, asked), shownFilters(tracker), totals()]);
	const now = new Date().toISOString();
	const sum = sums.find((one) => one.tracker === tracker.name);
	const found = total === null ? null : `${total.estimated ? "more than " : ""}${total.count.toLocaleString("en")} match · ${Math.max(1, Math.round(page?.tookMs ?? 0))} ms`;
	const table = page === null ? null : shownTable(tracker, page.rows);
	return (
		<>
			<ListHeader title={tracker.title} said={sum === undefined ? "" : `${sum.total.toLocaleString("en")} records`} resource={tracker.resource} params={asked} />
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
					<p>No record that was read here fits. Take a filter away, or search across everything with the box above. The sources page shows what has been read.</p>
				</Notice>
			)}
			{table !== null && page !== null && table.rows.length > 0 && (
				<>
					<div className="overflow-x-auto rounded-md border border-line bg-panel">
						<RecordTable columns={table.columns} rows={table.rows} now={now} />
					</div>
					<Pager path={tracker.path} params={asked} next={page.next} previous={page.previous} />
				</>
			)}
		</>
	);
}
