import Link from "next/link";
import type { CaptureDetail } from "@/lib/capture/rows";
import { IndicatorLink } from "../indicator";
import { Badge } from "../ui/badge";
import { type DataColumn, DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";
import { bytesText, countText, FoundUrl } from "./words";

type Result = NonNullable<CaptureDetail["result"]>;
type Request = Result["requests"][number];

const COLUMNS: ReadonlyArray<DataColumn<Request>> = [
	{ header: "At", align: "right", hide: "phone", cell: ({ at }) => `${at} ms` },
	{
		header: "Status",
		cell: ({ status, failure }) =>
			failure === null ? (
				(status ?? "–")
			) : (
				<Badge tone={failure.by === "guard" ? "bad" : "warn"} title={failure.reason}>
					{failure.by === "guard" ? "refused" : failure.by}
				</Badge>
			),
	},
	{
		header: "URL",
		cell: ({ url, method, failure }) => (
			<>
				{method !== "GET" && <span className="mono text-ink-3">{method} </span>}
				<FoundUrl url={url} length={80} />
				{failure !== null && <span className="block text-sm text-ink-3">{failure.reason}</span>}
			</>
		),
	},
	{ header: "Kind", hide: "phone", cell: ({ kind }) => kind },
	{ header: "Type", hide: "narrow", cell: ({ mediaType }) => <span className="break-all">{mediaType ?? ""}</span> },
	{ header: "Size", align: "right", hide: "phone", cell: ({ bytes }) => (bytes === null ? "" : bytesText(bytes)) },
	{ header: "Address", hide: "narrow", cell: ({ address }) => (address === null ? "" : <IndicatorLink indicator={{ type: address.includes(":") ? "ipv6" : "ipv4", value: address as never }} />) },
];

/** Every request the page made; `shown` is a kind, `failed`, or nothing for all. */
export function RequestsPanel({ id, result, shown }: { id: string; result: Result; shown: string | null }) {
	const kinds = [...new Set(result.requests.map(({ kind }) => kind))].sort();
	const failed = result.requests.filter(({ failure }) => failure !== null);
	const chosen = shown === "failed" || (shown !== null && kinds.includes(shown)) ? shown : null;
	const rows = chosen === null ? result.requests : chosen === "failed" ? failed : result.requests.filter(({ kind }) => kind === chosen);
	const tab = (name: string | null, label: string) => (
		<Link
			key={label}
			href={name === null ? `/captures/${id}#requests` : `/captures/${id}?requests=${encodeURIComponent(name)}#requests`}
			scroll={false}
			prefetch={false}
			aria-current={chosen === name ? "true" : undefined}
			className={`rounded-sm px-2 py-0.5 text-sm ${chosen === name ? "bg-accent-soft text-ink" : "text-ink-2 hover:bg-sunken"}`}
		>
			{label}
		</Link>
	);
	return (
		<Panel
			id="requests"
			title="Requests"
			aside={
				<>
					<a href={`/api/captures/${id}/requests?format=csv`}>CSV</a> · <a href={`/api/captures/${id}/requests?format=har`}>HAR</a>
				</>
			}
		>
			<nav aria-label="Requests by kind" className="flex flex-wrap gap-1 px-3 py-2">
				{tab(null, `all ${countText(result.requests.length, result.more.requests)}`)}
				{failed.length > 0 && tab("failed", `failed ${failed.length}`)}
				{kinds.map((kind) => tab(kind, kind))}
			</nav>
			<DataTable columns={COLUMNS} rows={rows} />
		</Panel>
	);
}
