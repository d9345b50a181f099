import Link from "next/link";
import type { ShownGroup } from "@/lib/trackers/shown";
import { Folded } from "../ui/folded";
import { Panel } from "../ui/panel";
import { RecordTable } from "./record-table";

/** Records of several trackers, a panel each. */
export function RecordGroups({ groups, now, beside = false }: { groups: readonly ShownGroup[]; now: string; beside?: boolean }) {
	return groups.map((group) => (
		<Panel
			key={group.tracker}
			id={group.tracker}
			title={
				<Link href={group.href} className="hover:underline">
					{group.title}
				</Link>
			}
			aside={`${group.more ? "more than " : ""}${group.total.toLocaleString("en")}${group.total > group.table.rows.length ? `, the newest ${group.table.rows.length} are shown` : ""}`}
		>
			<Folded rows={group.table.rows.length}>
				<RecordTable table={group.table} now={now} beside={beside} />
			</Folded>
		</Panel>
	));
}
