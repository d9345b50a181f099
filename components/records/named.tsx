import { markLabel } from "@/lib/domain/named-in";
import type { NamedIndicator } from "@/lib/search/named";
import { IndicatorLink, TYPE_WORDS } from "../indicator";
import { Badge } from "../ui/badge";
import { Panel } from "../ui/panel";

const SHOWN = 200;
/** Indicators that a record names, with how many sources list each. What is no find is said to be so, and stands last. */
export function NamedIndicators({ named }: { named: readonly NamedIndicator[] }) {
	if (named.length === 0) return null;
	const order = ({ indicator }: NamedIndicator): string => `${indicator.type} ${indicator.value}`;
	const sorted = [...named].sort((a, b) => Number(a.mark !== null) - Number(b.mark !== null) || b.listedBy - a.listedBy || order(a).localeCompare(order(b), "en"));
	return (
		<Panel title="Indicators it names" aside={named.length > SHOWN ? `${named.length.toLocaleString("en")}, ${SHOWN} are shown` : String(named.length)}>
			<div className="overflow-x-auto">
				<table className="data">
					<thead>
						<tr>
							<th scope="col">Indicator</th>
							<th scope="col" className="max-sm:hidden">
								Type
							</th>
							<th scope="col" className="max-sm:hidden">
								Where
							</th>
							<th scope="col" className="num">
								Listed by
							</th>
						</tr>
					</thead>
					<tbody>
						{sorted.slice(0, SHOWN).map(({ indicator, place, mark, listedBy }) => (
							<tr key={`${indicator.type} ${indicator.value}`}>
								<td>
									<IndicatorLink indicator={indicator} />
									{mark !== null && (
										<span className="ml-2">
											<Badge title={`More often a mistake than a find: ${markLabel(mark)}`}>{markLabel(mark)}</Badge>
										</span>
									)}
								</td>
								<td className="max-sm:hidden">
									<Badge>{TYPE_WORDS[indicator.type]}</Badge>
								</td>
								<td className="text-ink-2 max-sm:hidden">{place}</td>
								<td className="num">
									{listedBy === 0 ? <span className="text-ink-3">–</span> : <Badge tone={mark === null ? "bad" : "warn"}>{listedBy === 1 ? "1 source" : `${listedBy} sources`}</Badge>}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</Panel>
	);
}
