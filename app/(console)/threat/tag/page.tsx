import type { Metadata } from "next";
import { RecordBadge } from "@/components/records/cell";
import { NameFilter } from "@/components/threat/name-filter";
import { Time } from "@/components/time";
import { DataTable } from "@/components/ui/data-table";
import { Notice } from "@/components/ui/notice";
import { NAMES_SHOWN, tagBadge, threatTags } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";

export const metadata: Metadata = { title: "Tags" };

/** Tags of events and attributes in the colours their authors gave them. */
export default async function TagsPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const text = (await urlParams(searchParams)).get("q") ?? "";
	const tags = await threatTags(text);
	const now = new Date().toISOString();
	return (
		<>
			<h1 className="text-lg font-semibold">Tags</h1>
			<NameFilter action="/threat/tag" value={text} label="part of a name" found={tags.length === NAMES_SHOWN ? `the first ${NAMES_SHOWN}` : `${tags.length} found`} />
			{tags.length === 0 ? (
				<Notice title="Nothing matches">
					<p>No event that was read here carries such a tag.</p>
				</Notice>
			) : (
				<DataTable
					framed
					rows={tags}
					keyOf={({ id }) => id}
					columns={[
						{ header: "Tag", cell: ({ name, colour }) => <RecordBadge badge={tagBadge({ name, ...(colour === null ? {} : { colour }) })} /> },
						{
							header: "Events",
							align: "right",
							cell: ({ events }) =>
								events === 0 ? (
									<span className="text-ink-3" title="On attributes only">
										–
									</span>
								) : (
									events.toLocaleString("en")
								),
						},
						{
							header: "Newest",
							align: "right",
							hide: "phone",
							className: "whitespace-nowrap text-ink-2",
							cell: ({ newest }) => (newest === null ? "–" : <Time at={newest.toISOString()} now={now} as="date" />),
						},
					]}
				/>
			)}
		</>
	);
}
