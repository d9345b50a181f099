import Link from "next/link";
import type { Capture } from "@/lib/capture/rows";
import { elide } from "../indicator";
import { Time } from "../time";
import { type DataColumn, DataTable } from "../ui/data-table";
import { CaptureState, shownUrl } from "./words";

const columns = (now: string): ReadonlyArray<DataColumn<Capture>> => [
	{
		header: "Picture",
		unseen: true,
		hide: "phone",
		className: "w-[104px]",
		cell: ({ id, state, outcome }) =>
			state === "done" && outcome === "rendered" ? (
				// biome-ignore lint/performance/noImgElement: the optimizer is off, and this picture is small already
				<img src={`/api/captures/${id}/thumbnail`} alt="" loading="lazy" className="h-[52px] w-[84px] rounded-sm border border-line object-cover object-top" />
			) : (
				<span className="block h-[52px] w-[84px] rounded-sm border border-line bg-sunken" aria-hidden="true" />
			),
	},
	{
		header: "URL",
		cell: ({ id, url, title }) => (
			<div className="min-w-0">
				<Link href={`/captures/${id}`} prefetch={false} data-row="" data-copy={url} data-defanged={shownUrl(url)} title={shownUrl(url).slice(0, 500)} className="mono break-all hover:underline">
					{elide(shownUrl(url), 70)}
				</Link>
				{title !== null && title !== "" && <bdi className="block truncate text-sm text-ink-3 max-w-[60ch] max-sm:max-w-[48vw]">{title}</bdi>}
			</div>
		),
	},
	{ header: "State", cell: (capture) => <CaptureState capture={capture} /> },
	{ header: "Status", align: "right", hide: "phone", cell: ({ status }) => status ?? "" },
	{ header: "As", hide: "narrow", cell: ({ profile, pinnedBy }) => `${profile}${pinnedBy === null ? "" : " · kept"}` },
	{ header: "By", hide: "narrow", cell: ({ requestedBy }) => requestedBy },
	{ header: "When", align: "right", cell: ({ requestedAt }) => <Time at={requestedAt.toISOString()} now={now} /> },
];

/** Captures, newest first. */
export function CaptureTable({ captures, now, framed = true }: { captures: readonly Capture[]; now: string; framed?: boolean }) {
	return <DataTable columns={columns(now)} rows={captures} keyOf={({ id }) => id} framed={framed} compact={!framed} />;
}
