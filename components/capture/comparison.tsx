import Link from "next/link";
import type { Comparison } from "@/lib/capture/compare";
import { Time } from "../time";
import { DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";
import { Lightbox } from "./lightbox";
import { FoundUrl } from "./words";

const MARK = { added: "+", removed: "−", same: " ", gap: "…" } as const;
const LOOK = { added: "bg-info-soft", removed: "bg-bad-soft", same: "text-ink-2", gap: "text-ink-3" } as const;

function percent(share: number): string {
	return share === 0 ? "No pixel" : share < 0.001 ? "Less than 0.1 % of the pixels" : `${(share * 100).toFixed(1)} % of the pixels`;
}

function TextPart({ text }: { text: NonNullable<Comparison["text"]> }) {
	if (!text.given) return <p className="border-t border-line px-4 py-2 text-ink-2">The visible texts are too different to lay them side by side.</p>;
	if (text.added + text.removed === 0) return <p className="border-t border-line px-4 py-2 text-ink-2">The visible text is the same.</p>;
	return (
		<div className="border-t border-line">
			<p className="px-4 py-2 text-ink-2">
				Visible text: {text.added} {text.added === 1 ? "line" : "lines"} added, {text.removed} removed.
			</p>
			<div className="max-h-[360px] overflow-auto bg-sunken py-1 font-mono text-[12px]">
				{text.lines.map((line, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line has no other identity than its place
					<p key={at} className={`px-4 break-all whitespace-pre-wrap ${LOOK[line.kind]}`}>
						<span className="select-none">{MARK[line.kind]} </span>
						{line.text}
					</p>
				))}
			</div>
			{text.more > 0 && <p className="px-4 py-2 text-sm text-ink-3">{text.more.toLocaleString("en")} more changed lines.</p>}
		</div>
	);
}

/** What has changed since the capture before. */
export function ComparisonPanel({ id, comparison, now }: { id: string; comparison: Comparison; now: string }) {
	const { before, changes, text, pictureShare, requests } = comparison;
	return (
		<Panel
			id="changes"
			title="Since the capture before"
			aside={
				<Link href={`/captures/${before.id}`}>
					<Time at={before.requestedAt.toISOString()} now={now} />
				</Link>
			}
		>
			{changes.length === 0 ? (
				<p className="px-4 py-2 text-ink-2">
					{before.contentSha256 === null ? "Final URL, status and title are the same; the content was not read whole and is not compared." : "Final URL, status, title and content are the same."}
				</p>
			) : (
				<DataTable
					rows={changes}
					columns={[
						{ header: "What", cell: ({ what }) => what },
						{ header: "Before", cell: (change) => <bdi className="break-all text-ink-2">{change.before ?? "none"}</bdi> },
						{ header: "Now", cell: ({ after }) => <bdi className="break-all">{after ?? "none"}</bdi> },
					]}
				/>
			)}
			{text !== null && <TextPart text={text} />}
			{pictureShare !== null && (
				<div className="border-t border-line">
					<p className="px-4 py-2 text-ink-2">{percent(pictureShare)} of the viewport differs.</p>
					{pictureShare > 0 && (
						<Lightbox
							alt="What differs, in red"
							shots={[
								{ name: "Difference", src: `/api/captures/${id}/difference` },
								{ name: "Before", src: `/api/captures/${before.id}/screenshot` },
								{ name: "Now", src: `/api/captures/${id}/screenshot` },
							]}
						/>
					)}
				</div>
			)}
			{requests.added.length + requests.removed.length > 0 && (
				<ul className="grid gap-1 border-t border-line px-4 py-2">
					{requests.added.map((url) => (
						<li key={`+${url}`}>
							<span className="text-info">+ </span>
							<FoundUrl url={url} />
						</li>
					))}
					{requests.removed.map((url) => (
						<li key={`-${url}`}>
							<span className="text-bad">− </span>
							<FoundUrl url={url} />
						</li>
					))}
					{requests.more > 0 && <li className="text-sm text-ink-3">{requests.more} more</li>}
				</ul>
			)}
		</Panel>
	);
}
