import Link from "next/link";
import type { HitDay } from "@/lib/hunters/hit-days";
import type { Hunter } from "@/lib/hunters/hunter";
import { Sparkline } from "../bars";
import { Time } from "../time";
import { Badge } from "../ui/badge";
import { type DataColumn, DataTable } from "../ui/data-table";
import { defanged } from "./defanged";
import { HunterState, toldWords } from "./hunter-state";

export interface ListedHunter extends Hunter {
	/** what its kind is called */
	watches: string;
	days: readonly HitDay[];
	/** alerts of it were tried and still wait */
	heldUp: boolean;
}

function unsent({ alerts: { pending, unknown, failed } }: Pick<Hunter, "alerts">): number {
	return pending + unknown + failed;
}

function Alerts({ hunter }: { hunter: ListedHunter }) {
	const { pending, unknown, failed } = hunter.alerts;
	if (unsent(hunter) === 0) return <span className="text-ink-3">none waits</span>;
	return (
		<span className="inline-flex gap-1">
			{pending > 0 && <Badge tone={hunter.heldUp ? "warn" : "none"}>{pending.toLocaleString("en")} waiting</Badge>}
			{unknown + failed > 0 && (
				<Badge tone="warn" title={`${failed.toLocaleString("en")} failed, ${unknown.toLocaleString("en")} unknown`}>
					{(unknown + failed).toLocaleString("en")} to look at
				</Badge>
			)}
		</span>
	);
}

const columns = (now: string, kinds: boolean): ReadonlyArray<DataColumn<ListedHunter>> => [
	{
		header: "Hunter",
		className: "w-full",
		cell: (hunter) => (
			<div className="min-w-0 py-0.5">
				<Link href={`/hunters/${hunter.id}`} prefetch={false} data-row="" data-copy={hunter.query} data-defanged={hunter.query} className="font-medium hover:underline [overflow-wrap:anywhere]">
					<bdi>{defanged(hunter.name)}</bdi>
				</Link>
				{kinds && <span className="block text-xs text-ink-3 sm:hidden">{hunter.watches}</span>}
				<bdi className="mono block max-w-[64ch] truncate text-xs text-ink-3 max-sm:max-w-[46vw]" title={hunter.query}>
					{hunter.query}
				</bdi>
				{unsent(hunter) > 0 && (
					<div className="mt-0.5 sm:hidden">
						<Alerts hunter={hunter} />
					</div>
				)}
			</div>
		),
	},
	...(kinds ? [{ header: "Watches", hide: "phone" as const, className: "text-ink-2 whitespace-nowrap", cell: ({ watches }: ListedHunter) => watches }] : []),
	{
		header: "State",
		cell: (hunter) => (
			<div className="whitespace-nowrap sm:w-[88px]">
				<HunterState hunter={hunter} now={now} />
			</div>
		),
	},
	{
		header: "Last 30 days",
		hide: "phone",
		cell: ({ days, name }) => (
			<div className="flex items-center gap-3">
				<div className="w-[108px]">
					<Sparkline days={days} label={`Hits of ${name} a day, last 30 days`} />
				</div>
				<span className="w-10 text-right tabular-nums">{days.reduce((sum, { count }) => sum + count, 0).toLocaleString("en")}</span>
			</div>
		),
	},
	{
		header: "Last hit",
		align: "right",
		cell: ({ lastHitAt }) => (
			<div className="sm:w-[52px]">
				<Time at={lastHitAt?.toISOString() ?? null} now={now} />
			</div>
		),
	},
	{
		header: "Told",
		hide: "narrow",
		className: "text-ink-2",
		cell: (hunter) => (
			<div className="w-[176px] truncate" title={toldWords(hunter)}>
				{toldWords(hunter)}
			</div>
		),
	},
	{
		header: "Alerts",
		hide: "phone",
		cell: (hunter) => (
			<div className="w-[172px]">
				<Alerts hunter={hunter} />
			</div>
		),
	},
];

/** Hunters with what they found of late and what of it was not told. `kinds`: of several kinds, so each says which. */
export function HunterTable({ hunters, kinds, now }: { hunters: readonly ListedHunter[]; kinds: boolean; now: string }) {
	return <DataTable framed columns={columns(now, kinds)} rows={hunters} keyOf={({ id }) => id} />;
}
