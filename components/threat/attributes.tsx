import type { EventAttribute } from "@/lib/trackers/threat/contents";
import { IndicatorLink } from "../indicator";
import { RecordBadge } from "../records/cell";
import { Time } from "../time";
import { Badge } from "../ui/badge";

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

/** Attributes of an event, one a row. */
export function AttributeTable({ attributes, now, inObject = false }: { attributes: readonly EventAttribute[]; now: string; inObject?: boolean }) {
	return (
		<table className="data">
			<thead>
				<tr>
					{inObject && <th scope="col">Relation</th>}
					<th scope="col">Value</th>
					<th scope="col" className="max-sm:hidden">
						Type
					</th>
					{!inObject && (
						<th scope="col" className="max-lg:hidden">
							Category
						</th>
					)}
					<th scope="col" className="max-sm:hidden">
						Comment and tags
					</th>
					<th scope="col" className="num max-sm:hidden">
						Changed
					</th>
				</tr>
			</thead>
			<tbody>
				{attributes.map((attribute) => (
					<tr key={attribute.id} {...(inObject || attribute.objectId === null ? { id: `a-${attribute.id}` } : {})} className={`scroll-mt-16 ${attribute.deleted ? "text-ink-3" : ""}`}>
						{inObject && <td className="text-ink-2">{attribute.relation ?? "–"}</td>}
						<td>
							<AttributeValue attribute={attribute} />
						</td>
						<td className="max-sm:hidden">
							<span className="flex flex-wrap gap-1">
								<Badge>{attribute.type}</Badge>
								{attribute.toIds && <Badge title="Marked for detection (to_ids)">detect</Badge>}
								{!inObject && attribute.objectId !== null && (
									<a href={`#o-${attribute.objectId}`} className="text-sm text-accent">
										{attribute.relation ?? "in an object"}
									</a>
								)}
							</span>
						</td>
						{!inObject && <td className="text-ink-2 max-lg:hidden">{attribute.category}</td>}
						<td className="max-sm:hidden">
							{attribute.comment !== null && <span className="max-w-[44ch] break-words text-ink-2">{attribute.comment} </span>}
							<span className="inline-flex flex-wrap gap-1">
								{attribute.tags.map((badge) => (
									<RecordBadge key={badge.title ?? badge.text} badge={badge} />
								))}
							</span>
						</td>
						<td className="num whitespace-nowrap text-ink-2 max-sm:hidden">
							<Time at={attribute.modifiedAt.toISOString()} now={now} as="date" />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
