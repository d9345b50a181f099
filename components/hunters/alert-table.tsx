import type { ShownAlert } from "@/lib/alerts/list";
import { ActionButton, type ActionResult } from "../console/action-button";
import { Time } from "../time";
import { Badge, type Tone } from "../ui/badge";
import { type DataColumn, DataTable } from "../ui/data-table";
import { defanged } from "./defanged";

type Act = (id: string, before: ActionResult | null) => Promise<ActionResult>;

const STATES: Readonly<Record<ShownAlert["state"], { tone: Tone; word: string }>> = {
	pending: { tone: "none", word: "waiting" },
	sending: { tone: "none", word: "sending" },
	sent: { tone: "info", word: "sent" },
	unknown: { tone: "warn", word: "unknown" },
	failed: { tone: "warn", word: "failed" },
	dropped: { tone: "none", word: "dropped" },
};
const AGAIN: ReadonlySet<ShownAlert["state"]> = new Set(["pending", "unknown", "failed", "dropped"]);
const DROP: ReadonlySet<ShownAlert["state"]> = new Set(["pending", "unknown", "failed"]);

function Said({ alert, now }: { alert: ShownAlert; now: string }) {
	const { state, reason, attempts, nextAt, toldIn } = alert;
	return (
		<span className="text-sm text-ink-2">
			{reason}
			{toldIn !== null && " Told in a message with others."}
			{state === "pending" && attempts > 0 && (
				<>
					{" "}
					Tried {attempts} {attempts === 1 ? "time" : "times"}, again <Time at={nextAt.toISOString()} now={now} />.
				</>
			)}
		</span>
	);
}

const columns = (now: string, act: { resend: Act; drop: Act } | null): ReadonlyArray<DataColumn<ShownAlert>> => [
	{ header: "State", cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge> },
	{
		header: "Alert",
		className: "w-full",
		cell: (alert) => (
			<div className="min-w-0">
				<bdi className="block [overflow-wrap:anywhere]">{defanged(alert.title)}</bdi>
				<Said alert={alert} now={now} />
			</div>
		),
	},
	{ header: "To", hide: "phone", className: "whitespace-nowrap text-ink-2", cell: ({ via, target }) => (via === "slack" ? `#${target}` : "webhook") },
	{ header: "When", align: "right", cell: ({ sentAt, createdAt }) => <Time at={(sentAt ?? createdAt).toISOString()} now={now} /> },
	...(act === null
		? []
		: [
				{
					header: "What can be done",
					unseen: true,
					className: "whitespace-nowrap text-right",
					cell: ({ id, state }: ShownAlert) => (
						<span className="inline-flex justify-end gap-1 max-sm:flex-col max-sm:items-end">
							{AGAIN.has(state) && <ActionButton action={act.resend.bind(null, id)} label="Send again" pendingLabel="Asking …" />}
							{DROP.has(state) && <ActionButton action={act.drop.bind(null, id)} label="Drop" pendingLabel="…" kind="danger" confirmation="Drop this alert? It will not be told." />}
						</span>
					),
				},
			]),
];

/** Alerts and what became of them. `act`: for those who may have them sent again. */
export function AlertTable({ alerts, now, act }: { alerts: readonly ShownAlert[]; now: string; act: { resend: Act; drop: Act } | null }) {
	return <DataTable columns={columns(now, act)} rows={alerts} keyOf={({ id }) => id} />;
}
