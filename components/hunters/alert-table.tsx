import Link from "next/link";
import type { HunterAlert, ShownAlert } from "@/lib/alerts/list";
import { ActionButton, type ActionResult } from "../console/action-button";
import { Time } from "../time";
import { Badge, type Tone } from "../ui/badge";
import { type DataColumn, DataTable } from "../ui/data-table";
import { defanged } from "./defanged";

/** `hunter`: in lists of several */
type ListedAlert = ShownAlert & { hunter?: HunterAlert["hunter"] };
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

/** How an alert stands; one that was tried and still waits may need somebody. */
function State({ alert: { state, attempts } }: { alert: ShownAlert }) {
	const { tone, word } = STATES[state];
	return <Badge tone={state === "pending" && attempts > 0 ? "warn" : tone}>{word}</Badge>;
}

function Whose({ hunter: { id, name, there } }: Pick<HunterAlert, "hunter">) {
	if (!there)
		return (
			<span className="text-sm text-ink-3">
				<bdi>{defanged(name)}</bdi>, deleted
			</span>
		);
	return (
		<Link href={`/hunters/${id}`} prefetch={false} className="text-sm text-ink-2 underline decoration-line-strong [overflow-wrap:anywhere]">
			<bdi>{defanged(name)}</bdi>
		</Link>
	);
}

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

function Actions({ alert: { id, state }, act }: { alert: ShownAlert; act: { resend: Act; drop: Act } }) {
	return (
		<>
			{AGAIN.has(state) && <ActionButton action={act.resend.bind(null, id)} label="Send again" pendingLabel="Asking …" />}
			{DROP.has(state) && <ActionButton action={act.drop.bind(null, id)} label="Drop" pendingLabel="…" kind="danger" confirmation="Drop this alert? It will not be told." />}
		</>
	);
}

const columns = (now: string, act: { resend: Act; drop: Act } | null): ReadonlyArray<DataColumn<ListedAlert>> => [
	{ header: "State", className: "align-top pt-1.5!", cell: (alert) => <State alert={alert} /> },
	{
		header: "Alert",
		className: "w-full",
		cell: (alert) => (
			<div className="min-w-0 py-1">
				<bdi className="block [overflow-wrap:anywhere]">{defanged(alert.title)}</bdi>
				{alert.hunter !== undefined && <Whose hunter={alert.hunter} />}
				{alert.hunter !== undefined && (alert.reason !== null || alert.toldIn !== null) && <span className="text-ink-3"> · </span>}
				<Said alert={alert} now={now} />
				{/* A phone has no room for a column of buttons. */}
				{act !== null && AGAIN.has(alert.state) && (
					<div className="mt-1 flex flex-wrap gap-2 sm:hidden">
						<Actions alert={alert} act={act} />
					</div>
				)}
			</div>
		),
	},
	{ header: "To", hide: "phone", className: "align-top pt-1.5! whitespace-nowrap text-ink-2", cell: ({ via, target }) => (via === "slack" ? `#${target}` : "webhook") },
	{ header: "When", align: "right", className: "align-top pt-1.5!", cell: ({ sentAt, createdAt }) => <Time at={(sentAt ?? createdAt).toISOString()} now={now} /> },
	...(act === null
		? []
		: [
				{
					header: "What can be done",
					unseen: true,
					hide: "phone" as const,
					className: "align-top pt-1! whitespace-nowrap text-right",
					cell: (alert: ListedAlert) => (
						<span className="inline-flex justify-end gap-1">
							<Actions alert={alert} act={act} />
						</span>
					),
				},
			]),
];

/** Alerts and what became of them. `act`: for those who may have them sent again. */
export function AlertTable({ alerts, now, act }: { alerts: readonly ListedAlert[]; now: string; act: { resend: Act; drop: Act } | null }) {
	return <DataTable columns={columns(now, act)} rows={alerts} keyOf={({ id }) => id} />;
}
