import type { Metadata } from "next";
import { DayChart } from "@/components/bars";
import { ListHeader } from "@/components/list-header";
import { Pager } from "@/components/pager";
import { ReputationFilters } from "@/components/reputation-filters";
import { ReputationTable } from "@/components/reputation-table";
import { Notice } from "@/components/ui/notice";
import { ExistError } from "@/lib/errors";
import { sourcesOf } from "@/lib/sources";
import { chart, count, list, reputation, totals } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";

export const metadata: Metadata = { title: "Reputation" };

async function read(params: URLSearchParams) {
	try {
		const query = reputation.parse(params);
		const [page, total, days] = await Promise.all([list(reputation, query), count(reputation, query), chart(reputation, query)]);
		return { page, total, days, refused: null };
	} catch (error) {
		if (error instanceof ExistError && error.code === "invalid") return { page: null, total: null, days: null, refused: error.message };
		throw error;
	}
}

export default async function ReputationPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const params = await urlParams(searchParams);
	const [{ page, total, days, refused }, [summary]] = await Promise.all([read(params), totals()]);
	const now = new Date().toISOString();
	const found = total === null ? null : `${total.estimated ? "more than " : ""}${total.count.toLocaleString("en")} match · ${Math.max(1, Math.round(page?.tookMs ?? 0))} ms`;
	return (
		<>
			<ListHeader
				title="Reputation"
				said={summary === undefined ? "" : `${summary.total.toLocaleString("en")} sightings of ${summary.indicators.toLocaleString("en")} indicators`}
				resource="reputation"
				params={params}
			/>
			<ReputationFilters params={params} sources={sourcesOf("reputation")} found={found} />
			{refused !== null && (
				<Notice title="This cannot be searched">
					<p>{refused}</p>
				</Notice>
			)}
			{days !== null && <DayChart days={days} now={now} />}
			{page !== null && page.rows.length === 0 && (
				<Notice title="Nothing matches">
					<p>No source that is read here lists this. That is no verdict: it may be listed elsewhere. Take a filter away, or search across everything with the box above.</p>
				</Notice>
			)}
			{page !== null && page.rows.length > 0 && (
				<>
					<div className="overflow-x-auto rounded-md border border-line bg-panel">
						<ReputationTable rows={page.rows} now={now} toRecord />
					</div>
					<Pager path="/reputation" params={params} next={page.next} previous={page.previous} />
				</>
			)}
		</>
	);
}
