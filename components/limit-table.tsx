import type { CredentialLimit } from "@/lib/sources/record";
import { Time } from "./time";
import { Badge } from "./ui/badge";
import { type DataColumn, DataTable } from "./ui/data-table";

interface Shown {
	limit: CredentialLimit;
	now: string;
}

function isOver(at: string | undefined, now: string): boolean {
	return at === undefined || Date.parse(at) <= Date.parse(now);
}

function State({ limit, now }: { limit: CredentialLimit; now: string }) {
	if (limit.state === "refused")
		return (
			<>
				<Badge tone="bad">refused</Badge> since <Time at={limit.since ?? null} now={now} />
			</>
		);
	// What was told at the last run may be over by the time somebody looks.
	if (limit.state === "free" || isOver(limit.until, now)) return <Badge tone="info">free</Badge>;
	return (
		<>
			<Badge tone="warn">resting</Badge> until <Time at={limit.until ?? null} now={now} />
		</>
	);
}

const COLUMNS: ReadonlyArray<DataColumn<Shown>> = [
	{ header: "Credential", cell: ({ limit }) => limit.label },
	{ header: "State", className: "text-ink-2", cell: ({ limit, now }) => <State limit={limit} now={now} /> },
	{
		header: "Requests left",
		align: "right",
		cell: ({ limit: { window } }) => (window === undefined ? "not said" : `${window.remaining.toLocaleString("en")} of ${window.limit.toLocaleString("en")}`),
	},
	{ header: "Anew", cell: ({ limit: { window }, now }) => (window === undefined ? "" : <Time at={window.resetAt} now={now} />) },
];

/** What a provider grants each credential of a source. */
export function LimitTable({ limits, now }: { limits: readonly CredentialLimit[]; now: string }) {
	return <DataTable columns={COLUMNS} rows={limits.map((limit) => ({ limit, now }))} keyOf={({ limit }) => limit.label} />;
}
