import type { Metadata } from "next";
import Link from "next/link";
import { Panel } from "@/components/ui/panel";
import { pagePrincipal } from "../../guard";

export const metadata: Metadata = { title: "API" };

const CALLS: ReadonlyArray<readonly [string, string]> = [
	["/api/", "names and addresses of the resources"],
	["/api/reputation", "sightings, newest first: limit (50, at most 1,000), offset or cursor"],
	["/api/reputation?search=paypal+login", "every word in the value; ^ and $ tie a word to its start and end"],
	["/api/reputation?ip=45.9.148.108", "exact value: ip (or a block), domain, url"],
	["/api/reputation?source=1001&category=phishing&type=url&listed=true", "source number, category, type, country, port, still listed"],
	["/api/reputation?datetime_after=2026-11-01&datetime_before=2026-11-24", "first seen, ISO 8601"],
	["/api/reputation?fields=ip,source&limit=1000", "only these fields"],
	["/api/reputation?format=csv", "all matches as CSV; ndjson as well, or by Accept"],
	["/api/reputation/sources", "numbers and names of the sources"],
	["/api/search?keyword=duckdns.org", "cross search: the value, what contains it, what lies under it"],
	["/api/health", "whether the parts answer; open to everybody"],
];

export default async function ApiGuidePage() {
	await pagePrincipal();
	return (
		<>
			<h1 className="text-lg font-semibold">API</h1>
			<div className="prose text-ink-2">
				<p>
					Everything the pages show is answered as JSON, with your session or with a key from the <Link href="/account">account page</Link>:
				</p>
				<p>
					<code>curl -H "Authorization: Bearer $EXIST_KEY" "https://…/api/reputation?search=paypal"</code>
				</p>
				<p>
					Lists answer <code>{'{"count", "next", "previous", "results"}'}</code>. Times are ISO 8601 in UTC. Above 100,000 a filtered count is a floor and <code>X-Total-Estimated: true</code> says so.
					Errors are <code>{'{"detail", "code", "field"}'}</code> with the right status. A key may ask 600 times a minute; answers carry an ETag.
				</p>
			</div>
			<Panel title="Calls">
				<table className="data">
					<tbody>
						{CALLS.map(([call, what]) => (
							<tr key={call}>
								<td>
									<a href={call} className="mono break-all hover:underline">
										{call}
									</a>
								</td>
								<td className="text-ink-2">{what}</td>
							</tr>
						))}
					</tbody>
				</table>
			</Panel>
		</>
	);
}
