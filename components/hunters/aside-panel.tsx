import Link from "next/link";
import type { SetAside } from "@/lib/hunters/standing";
import { ActionButton, type ActionResult } from "../console/action-button";
import { Time } from "../time";
import { DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";
import { defanged } from "./defanged";

type Retry = (id: string, before: ActionResult | null) => Promise<ActionResult>;

/** News that was given up after the last try, and why. `retry`: for those who may have it looked at once more. */
export function AsidePanel({ aside, now, retry }: { aside: readonly SetAside[]; now: string; retry: Retry | null }) {
	return (
		<Panel id="aside" title="News that could not be judged" aside="given up after eight tries">
			<DataTable
				rows={aside}
				keyOf={({ id, hunter }) => `${id} ${hunter?.id}`}
				columns={[
					{ header: "News", className: "whitespace-nowrap", cell: ({ records, tracker }) => `${records.toLocaleString("en")} of ${tracker}` },
					{ header: "Why", className: "w-full text-ink-2 [overflow-wrap:anywhere]", cell: ({ reason }) => reason },
					{
						header: "Hunter",
						hide: "phone",
						cell: ({ hunter }) =>
							hunter === null ? (
								<span className="text-ink-3">all of them</span>
							) : (
								<Link href={`/hunters/${hunter.id}`} className="hover:underline">
									<bdi>{defanged(hunter.name)}</bdi>
								</Link>
							),
					},
					{ header: "Noted", align: "right", cell: ({ at }) => <Time at={at.toISOString()} now={now} /> },
					...(retry === null
						? []
						: [{ header: "What can be done", unseen: true, cell: ({ id }: SetAside) => <ActionButton action={retry.bind(null, id)} label="Try again" pendingLabel="Asking …" /> }]),
				]}
			/>
		</Panel>
	);
}
