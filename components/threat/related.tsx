import Link from "next/link";
import type { CorrelatedEvent, mispRelated } from "@/lib/trackers/threat/related";
import { IndicatorLink } from "../indicator";
import { type DataColumn, DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";

type Relation = Awaited<ReturnType<typeof mispRelated>>[number];

/** Another event, whoever says that the two belong together; one that was not read here leads nowhere. */
interface Other {
	key: string;
	id: string | null;
	words: string;
	orgc: string | null;
	day: string | null;
}

const EVENT: DataColumn<Other> = {
	header: "Event",
	className: "break-words",
	cell: ({ key, id, words }) =>
		id === null ? (
			<span title={`${key}, not read here`}>{words}</span>
		) : (
			<Link href={`/threat/event/${id}`} prefetch={false} data-row="" className="hover:underline">
				{words}
			</Link>
		),
};
const MADE_BY: DataColumn<Other> = { header: "Made by", hide: "phone", className: "text-ink-2", cell: ({ orgc }) => orgc ?? "–" };
const DATE: DataColumn<Other> = { header: "Date", align: "right", className: "whitespace-nowrap text-ink-2", cell: ({ day }) => day ?? "–" };

/** `note`: said above the rows, or in their place. */
function EventPanel<Row extends Other>({ title, rows, columns, note }: { title: string; rows: readonly Row[]; columns: ReadonlyArray<DataColumn<Row>>; note?: readonly string[] }) {
	return (
		<Panel title={title} aside={rows.length === 0 ? "none" : String(rows.length)}>
			{note?.map((words) => (
				<p key={words} className="px-4 py-3 text-ink-3">
					{words}
				</p>
			))}
			{rows.length > 0 && <DataTable rows={rows} keyOf={({ key }) => key} columns={columns} />}
		</Panel>
	);
}

/** Events that MISP itself relates to one. */
export function MispRelated({ related }: { related: readonly Relation[] }) {
	if (related.length === 0) return null;
	const rows = related.map(({ uuid, id, info, date, orgc }) => ({ key: uuid, id, words: info === "" ? uuid : info, orgc: orgc ?? null, day: date ?? null }));
	return <EventPanel title="Related by MISP" rows={rows} columns={[EVENT, MADE_BY, DATE]} />;
}

const CUT = "This event names very many or very common indicators: the rare ones were compared first, and not all. Numbers in common are at least so many.";
const NONE = "No other event names what this one names. Benign values, such as public resolvers, do not count.";

/** Events that name the same indicators. `cut`: some of them are so common, or so many, that not all was compared. */
export function Correlated({ events, cut }: { events: readonly CorrelatedEvent[]; cut: boolean }) {
	return (
		<EventPanel
			title="Events with the same indicators"
			note={[...(cut ? [CUT] : []), ...(events.length === 0 ? [NONE] : [])]}
			rows={events.map((event) => ({ ...event, key: event.id, words: event.info }))}
			columns={[
				EVENT,
				{ header: "For example", hide: "phone", cell: ({ example }) => (example === null ? "–" : <IndicatorLink indicator={example} />) },
				MADE_BY,
				{ header: "In common", align: "right", cell: ({ shared }) => shared.toLocaleString("en") },
				{ ...DATE, hide: "phone" },
			]}
		/>
	);
}
