import { TYPE_WORDS } from "@/lib/domain/indicator";
import { markLabel } from "@/lib/domain/named-in";
import type { NamedIndicator } from "@/lib/search/named";
import { IndicatorLink } from "../indicator";
import { Badge } from "../ui/badge";
import { DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";

const SHOWN = 200;

/** Indicators that a record names, with how many sources list each. What is no find is said to be so, and stands last. */
export function NamedIndicators({ named }: { named: readonly NamedIndicator[] }) {
	if (named.length === 0) return null;
	const order = ({ indicator }: NamedIndicator): string => `${indicator.type} ${indicator.value}`;
	const sorted = [...named].sort((a, b) => Number(a.mark !== null) - Number(b.mark !== null) || b.listedBy - a.listedBy || order(a).localeCompare(order(b), "en"));
	return (
		<Panel title="Indicators it names" aside={named.length > SHOWN ? `${named.length.toLocaleString("en")}, ${SHOWN} are shown` : String(named.length)}>
			<DataTable
				rows={sorted.slice(0, SHOWN)}
				keyOf={({ indicator }) => `${indicator.type} ${indicator.value}`}
				columns={[
					{
						header: "Indicator",
						cell: ({ indicator, mark }) => (
							<>
								<IndicatorLink indicator={indicator} />
								{mark !== null && (
									<span className="ml-2">
										<Badge title={`More often a mistake than a find: ${markLabel(mark)}`}>{markLabel(mark)}</Badge>
									</span>
								)}
							</>
						),
					},
					{ header: "Type", hide: "phone", cell: ({ indicator }) => <Badge>{TYPE_WORDS[indicator.type]}</Badge> },
					{ header: "Where", hide: "phone", className: "text-ink-2", cell: ({ place }) => place },
					{
						header: "Listed by",
						align: "right",
						cell: ({ listedBy, mark }) =>
							listedBy === 0 ? <span className="text-ink-3">–</span> : <Badge tone={mark === null ? "bad" : "warn"}>{listedBy === 1 ? "1 source" : `${listedBy} sources`}</Badge>,
					},
				]}
			/>
		</Panel>
	);
}
