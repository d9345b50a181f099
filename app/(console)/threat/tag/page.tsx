import type { Metadata } from "next";
import { RecordBadge } from "@/components/records/cell";
import { NameFilter } from "@/components/threat/name-filter";
import { Time } from "@/components/time";
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
				<div className="overflow-x-auto rounded-md border border-line bg-panel">
					<table className="data">
						<thead>
							<tr>
								<th scope="col">Tag</th>
								<th scope="col" className="num">
									Events
								</th>
								<th scope="col" className="num max-sm:hidden">
									Newest
								</th>
							</tr>
						</thead>
						<tbody>
							{tags.map(({ id, name, colour, events, newest }) => (
								<tr key={id}>
									<td>
										<RecordBadge badge={tagBadge({ name, ...(colour === null ? {} : { colour }) })} />
									</td>
									<td className="num">
										{events === 0 ? (
											<span className="text-ink-3" title="On attributes only">
												–
											</span>
										) : (
											events.toLocaleString("en")
										)}
									</td>
									<td className="num whitespace-nowrap text-ink-2 max-sm:hidden">{newest === null ? "–" : <Time at={newest.toISOString()} now={now} as="date" />}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</>
	);
}
