import type { Metadata } from "next";
import Link from "next/link";
import { NameFilter } from "@/components/threat/name-filter";
import { Time } from "@/components/time";
import { Notice } from "@/components/ui/notice";
import { NAMES_SHOWN, threatOrgs } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";

export const metadata: Metadata = { title: "Organisations" };

/** Who made the events. */
export default async function OrgsPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const text = (await urlParams(searchParams)).get("q") ?? "";
	const orgs = await threatOrgs(text);
	const now = new Date().toISOString();
	return (
		<>
			<h1 className="text-lg font-semibold">Organisations</h1>
			<NameFilter action="/threat/org" value={text} label="part of a name" found={orgs.length === NAMES_SHOWN ? `the first ${NAMES_SHOWN}` : `${orgs.length} found`} />
			{orgs.length === 0 ? (
				<Notice title="Nothing matches">
					<p>No event that was read here is of such an organisation.</p>
				</Notice>
			) : (
				<div className="overflow-x-auto rounded-md border border-line bg-panel">
					<table className="data">
						<thead>
							<tr>
								<th scope="col">Organisation</th>
								<th scope="col" className="num">
									Events it made
								</th>
								<th scope="col" className="num max-sm:hidden">
									Attributes
								</th>
								<th scope="col" className="num">
									Newest
								</th>
								<th scope="col" className="max-lg:hidden">
									UUID
								</th>
							</tr>
						</thead>
						<tbody>
							{orgs.map(({ id, name, uuid, events, attributes, newest }) => (
								<tr key={id}>
									<td className="break-words">
										<Link href={`/threat/event?org=${encodeURIComponent(name)}`} prefetch={false} data-row="" className="font-medium hover:underline">
											{name}
										</Link>
									</td>
									<td className="num">{events.toLocaleString("en")}</td>
									<td className="num max-sm:hidden">{attributes.toLocaleString("en")}</td>
									<td className="num whitespace-nowrap text-ink-2">{newest === null ? "–" : <Time at={newest.toISOString()} now={now} as="date" />}</td>
									<td className="mono text-ink-3 max-lg:hidden">{uuid ?? "–"}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</>
	);
}
