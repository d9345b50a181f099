import type { ReactNode } from "react";
import type { ReputationRow } from "@/lib/trackers/reputation";
import { CategoryBadge } from "./category-badge";
import { Time } from "./time";
import { Badge } from "./ui/badge";
import { Panel } from "./ui/panel";

function Field({ name, children }: { name: string; children: ReactNode }) {
	return (
		<div className="min-w-0">
			<dt className="text-xs text-ink-3">{name}</dt>
			<dd className="break-words">{children}</dd>
		</div>
	);
}

/** One source's listing, whole: what the feed says, and what we observed. */
export function RecordPanel({ record, now }: { record: ReputationRow; now: string }) {
	return (
		<Panel title={`As ${record.source.name} lists it`} aside={<span className="mono">{record.id}</span>}>
			<dl className="grid grid-cols-2 gap-x-5 gap-y-3 px-4 py-3 lg:grid-cols-4">
				<Field name="Category">
					<CategoryBadge category={record.category} listed={record.listed} />
				</Field>
				<Field name="State">{record.listed ? (record.present ? "in the newest list" : "gone from the list, still within the source's window") : "no longer listed"}</Field>
				<Field name="First listed">
					<Time at={record.seenAt.toISOString()} now={now} as="date" />
				</Field>
				<Field name="First read by us">
					<Time at={record.observedAt.toISOString()} now={now} as="date" />
				</Field>
				<Field name="Description">{record.description ?? "–"}</Field>
				<Field name="Country">{record.country ?? "–"}</Field>
				<Field name="Ports">{record.ports.length === 0 ? "–" : <span className="mono">{record.ports.join(", ")}</span>}</Field>
				<Field name="Confidence">{record.confidence === null ? "–" : `${record.confidence} of 100`}</Field>
				<Field name="Tags">
					{record.tags.length === 0 ? (
						"–"
					) : (
						<span className="flex flex-wrap gap-1">
							{record.tags.map((tag) => (
								<Badge key={tag}>{tag}</Badge>
							))}
						</span>
					)}
				</Field>
				<Field name="Evidence at the provider">
					{record.referrer === null ? (
						"–"
					) : (
						<a href={record.referrer} target="_blank" rel="noopener noreferrer" className="break-all text-accent">
							{new URL(record.referrer).hostname} ↗
						</a>
					)}
				</Field>
			</dl>
		</Panel>
	);
}
