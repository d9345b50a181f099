import type { CellBadge } from "@/lib/trackers/view";
import { RecordBadge } from "../records/cell";
import { Panel } from "../ui/panel";

/** Tags of an event, whole. */
export function Tags({ badges }: { badges: readonly CellBadge[] }) {
	if (badges.length === 0) return null;
	return (
		<Panel title="Tags" aside={String(badges.length)}>
			<p className="flex flex-wrap gap-1.5 px-4 py-3">
				{badges.map((badge) => (
					<RecordBadge key={badge.text} badge={badge} />
				))}
			</p>
		</Panel>
	);
}
