import type { Metadata } from "next";
import Link from "next/link";
import { NameFilter } from "@/components/threat/name-filter";
import { Time } from "@/components/time";
import { DataTable } from "@/components/ui/data-table";
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
				<DataTable
					framed
					rows={orgs}
					keyOf={({ id }) => id}
					columns={[
						{
							header: "Organisation",
							className: "break-words",
							cell: ({ name }) => (
								<Link href={`/threat/event?org=${encodeURIComponent(name)}`} prefetch={false} data-row="" className="font-medium hover:underline">
									{name}
								</Link>
							),
						},
						{ header: "Events it made", align: "right", cell: ({ events }) => events.toLocaleString("en") },
						{ header: "Attributes", align: "right", hide: "phone", cell: ({ attributes }) => attributes.toLocaleString("en") },
						{
							header: "Newest",
							align: "right",
							className: "whitespace-nowrap text-ink-2",
							cell: ({ newest }) => (newest === null ? "–" : <Time at={newest.toISOString()} now={now} as="date" />),
						},
						{ header: "UUID", hide: "narrow", className: "mono text-ink-3", cell: ({ uuid }) => uuid ?? "–" },
					]}
				/>
			)}
		</>
	);
}
