import type { Metadata } from "next";
import { Badge } from "@/components/ui/badge";
import { DataTable } from "@/components/ui/data-table";
import { Panel } from "@/components/ui/panel";
import { geoCredit } from "@/lib/health";
import { type AnySource, allSources } from "@/lib/sources";
import { trackers } from "@/lib/trackers";
import { pagePrincipal } from "../../guard";

export const metadata: Metadata = { title: "Credits" };

/** The sources of one tracker, each with its terms. */
function SourceTerms({ title, sources }: { title: string; sources: readonly AnySource[] }) {
	return (
		<Panel title={title} aside={String(sources.length)}>
			<DataTable
				rows={sources}
				keyOf={({ number }) => number}
				columns={[
					{
						header: "Source",
						cell: ({ homepage, name }) => (
							<a href={homepage} target="_blank" rel="noopener noreferrer" className="hover:underline">
								{name} ↗
							</a>
						),
					},
					{
						header: "Terms",
						cell: ({ licence }) =>
							licence.url === undefined ? (
								licence.name
							) : (
								<a href={licence.url} target="_blank" rel="noopener noreferrer" className="text-accent">
									{licence.name}
								</a>
							),
					},
					{ header: "Credit", hide: "phone", className: "text-ink-2", cell: ({ licence }) => licence.attribution },
					{
						header: "Passing on",
						hide: "phone",
						cell: ({ licence }) => <Badge tone={licence.redistributable ? "none" : "warn"}>{licence.redistributable ? "allowed" : "not allowed"}</Badge>,
					},
				]}
			/>
		</Panel>
	);
}

/** Whose data this is, and on which terms. */
export default async function CreditsPage() {
	await pagePrincipal();
	const groups = trackers.map(({ name, title }) => ({ title, sources: allSources.filter(({ tracker }) => tracker === name) })).filter(({ sources }) => sources.length > 0);
	return (
		<>
			<h1 className="text-lg font-semibold">Credits</h1>
			<div className="prose text-ink-2">
				<p>EXIST shows what others publish. Each source keeps its own terms; rows whose terms forbid passing them on stay out of exports meant for others.</p>
				<p>
					Countries of addresses: {geoCredit()}. With a GeoLite2 or GeoIP2 database this product includes GeoLite Data created by MaxMind, available from{" "}
					<a href="https://www.maxmind.com" target="_blank" rel="noopener noreferrer">
						maxmind.com
					</a>
					. Warning lists: MISP warning lists, CC0 1.0. Public suffix list: Mozilla Foundation, MPL 2.0, by way of tldts.
				</p>
				<p>
					This product uses the NVD API but is not endorsed or certified by the NVD. Vulnerabilities in Japanese: JVN iPedia, by IPA and JPCERT/CC. EPSS scores: FIRST.org, see{" "}
					<a href="https://www.first.org/epss/" target="_blank" rel="noopener noreferrer">
						first.org/epss
					</a>
					.
				</p>
			</div>
			{groups.map(({ title, sources }) => (
				<SourceTerms key={title} title={title} sources={sources} />
			))}
		</>
	);
}
