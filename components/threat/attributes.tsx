import type { EventAttribute } from "@/lib/trackers/threat/contents";
import { IndicatorLink } from "../indicator";
import { RecordBadge } from "../records/cell";
import { Time } from "../time";
import { Badge } from "../ui/badge";
import { type DataColumn, DataTable } from "../ui/data-table";

/** Several words are read, one is compared. */
const PROSE = /\S \S+ \S+ \S/;

/** The value of an attribute: indicators as links, the rest as text that nothing in it can bring to life. */
export function AttributeValue({ attribute }: { attribute: EventAttribute }) {
	const { indicators, text, cut } = attribute;
	return (
		<span className="flex flex-wrap items-baseline gap-x-3">
			{text !== null && text !== "" && (
				<span className={`max-h-40 overflow-auto whitespace-pre-wrap ${PROSE.test(text) ? "max-w-[80ch] break-words" : "mono break-all"}`}>
					{text}
					{cut ? " …" : ""}
				</span>
			)}
			{indicators.map((indicator) => (
				<IndicatorLink key={`${indicator.type} ${indicator.value}`} indicator={indicator} />
			))}
		</span>
	);
}

/** What an attribute is, in badges; one that stands in an object leads there. */
function AttributeKind({ attribute, inObject }: { attribute: EventAttribute; inObject: boolean }) {
	return (
		<span className="flex flex-wrap gap-1">
			<Badge>{attribute.type}</Badge>
			{attribute.toIds && <Badge title="Marked for detection (to_ids)">detect</Badge>}
			{!inObject && attribute.objectId !== null && (
				<a href={`#o-${attribute.objectId}`} className="text-sm text-accent">
					{attribute.relation ?? "in an object"}
				</a>
			)}
		</span>
	);
}

const RELATION: DataColumn<EventAttribute> = { header: "Relation", className: "text-ink-2", cell: ({ relation }) => relation ?? "–" };
const CATEGORY: DataColumn<EventAttribute> = { header: "Category", hide: "narrow", className: "text-ink-2", cell: ({ category }) => category };

/** Attributes of an event, one a row. */
export function AttributeTable({ attributes, now, inObject = false }: { attributes: readonly EventAttribute[]; now: string; inObject?: boolean }) {
	return (
		<DataTable
			rows={attributes}
			keyOf={({ id }) => id}
			row={({ id, objectId, deleted }) => ({ ...(inObject || objectId === null ? { id: `a-${id}` } : {}), className: `scroll-mt-16 ${deleted ? "text-ink-3" : ""}`.trim() })}
			columns={[
				...(inObject ? [RELATION] : []),
				{ header: "Value", cell: (attribute) => <AttributeValue attribute={attribute} /> },
				{ header: "Type", hide: "phone", cell: (attribute) => <AttributeKind attribute={attribute} inObject={inObject} /> },
				...(inObject ? [] : [CATEGORY]),
				{
					header: "Comment and tags",
					hide: "phone",
					cell: ({ comment, tags }) => (
						<>
							{comment !== null && <span className="max-w-[44ch] break-words text-ink-2">{comment} </span>}
							<span className="inline-flex flex-wrap gap-1">
								{tags.map((badge) => (
									<RecordBadge key={badge.title ?? badge.text} badge={badge} />
								))}
							</span>
						</>
					),
				},
				{ header: "Changed", align: "right", hide: "phone", className: "whitespace-nowrap text-ink-2", cell: ({ modifiedAt }) => <Time at={modifiedAt.toISOString()} now={now} as="date" /> },
			]}
		/>
	);
}
