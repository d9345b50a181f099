import Link from "next/link";
import type { CorrelatedEvent, mispRelated } from "@/lib/trackers/threat/related";
import { IndicatorLink } from "../indicator";
import { Panel } from "../ui/panel";

/** Events that MISP itself relates to one. */
export function MispRelated({ related }: { related: Awaited<ReturnType<typeof mispRelated>> }) {
	if (related.length === 0) return null;
	return (
		<Panel title="Related by MISP" aside={String(related.length)}>
			<table className="data">
				<thead>
					<tr>
						<th scope="col">Event</th>
						<th scope="col" className="max-sm:hidden">
							Made by
						</th>
						<th scope="col" className="num">
							Date
						</th>
					</tr>
				</thead>
				<tbody>
					{related.map(({ uuid, id, info, date, orgc }) => (
						<tr key={uuid}>
							<td className="break-words">
								{id === null ? (
									<span title={`${uuid}, not read here`}>{info === "" ? uuid : info}</span>
								) : (
									<Link href={`/threat/event/${id}`} prefetch={false} data-row="" className="hover:underline">
										{info === "" ? uuid : info}
									</Link>
								)}
							</td>
							<td className="text-ink-2 max-sm:hidden">{orgc ?? "–"}</td>
							<td className="num whitespace-nowrap text-ink-2">{date ?? "–"}</td>
						</tr>
					))}
				</tbody>
			</table>
		</Panel>
	);
}

/** Events that name the same indicators. `cut`: some of them are so common, or so many, that not all was compared. */
export function Correlated({ events, cut }: { events: readonly CorrelatedEvent[]; cut: boolean }) {
	return (
		<Panel title="Events with the same indicators" aside={events.length === 0 ? "none" : String(events.length)}>
			{cut ? (
				<p className="px-4 py-3 text-ink-3">This event names very many or very common indicators: the rare ones were compared first, and not all. Numbers in common are at least so many.</p>
			) : null}
			{events.length === 0 ? (
				<p className="px-4 py-3 text-ink-3">No other event names what this one names. Benign values, such as public resolvers, do not count.</p>
			) : (
				<table className="data">
					<thead>
						<tr>
							<th scope="col">Event</th>
							<th scope="col" className="max-sm:hidden">
								For example
							</th>
							<th scope="col" className="max-sm:hidden">
								Made by
							</th>
							<th scope="col" className="num">
								In common
							</th>
							<th scope="col" className="num max-sm:hidden">
								Date
							</th>
						</tr>
					</thead>
					<tbody>
						{events.map(({ id, info, orgc, day, shared, example }) => (
							<tr key={id}>
								<td className="break-words">
									<Link href={`/threat/event/${id}`} prefetch={false} data-row="" className="hover:underline">
										{info}
									</Link>
								</td>
								<td className="max-sm:hidden">{example === null ? "–" : <IndicatorLink indicator={example} />}</td>
								<td className="text-ink-2 max-sm:hidden">{orgc ?? "–"}</td>
								<td className="num">{shared.toLocaleString("en")}</td>
								<td className="num whitespace-nowrap text-ink-2 max-sm:hidden">{day}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</Panel>
	);
}
