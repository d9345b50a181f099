import type { RunSummary } from "@/lib/health/runs";
import { StateBadge } from "./source-state";
import { Time } from "./time";
import { DataTable } from "./ui/data-table";

function seconds(run: RunSummary): string {
	return run.finishedAt === null ? "–" : `${((run.finishedAt.getTime() - run.startedAt.getTime()) / 1000).toFixed(1)} s`;
}

const COUNTS: ReadonlyArray<readonly [name: string, of: (run: RunSummary) => number]> = [
	["Read", (run) => run.read],
	["New", (run) => run.new],
	["Updated", (run) => run.updated + run.relisted],
	["Unchanged", (run) => run.unchanged],
	["Delisted", (run) => run.delisted],
	["Set aside", (run) => run.setAside],
];

/** History of a source's runs. On a phone what a run said stands below it. */
export function RunTable({ runs, now }: { runs: readonly RunSummary[]; now: string }) {
	if (runs.length === 0) return <p className="px-4 py-3 text-ink-3">It has not been read yet.</p>;
	return (
		<DataTable
			rows={runs}
			keyOf={({ run }) => run}
			columns={[
				{
					header: "Started",
					className: "sm:whitespace-nowrap",
					cell: ({ startedAt, trigger }) => (
						<>
							<Time at={startedAt.toISOString()} now={now} /> <span className="text-xs text-ink-3">{trigger}</span>
						</>
					),
				},
				{ header: "State", cell: ({ state }) => <StateBadge state={state} /> },
				{ header: "Took", align: "right", className: "text-ink-2", cell: seconds },
				...COUNTS.map(([header, of]) => ({ header, align: "right", hide: "phone", cell: (run: RunSummary) => of(run).toLocaleString("en") }) as const),
				{
					header: "Said",
					hide: "phone",
					className: "text-sm text-ink-2",
					cell: ({ reason, httpStatus }) => (
						<>
							{reason ?? ""}
							{httpStatus !== null && <span className="text-ink-3"> HTTP {httpStatus}</span>}
						</>
					),
				},
			]}
			below={({ reason }) =>
				reason !== null && (
					<tr className="sm:hidden">
						<td colSpan={3} className="border-t-0! pt-0! text-sm text-ink-2">
							{reason}
						</td>
					</tr>
				)
			}
		/>
	);
}

/** Rows of a body that could not be used, with the reason; nothing is dropped in silence. */
export function SetAsideTable({ rows }: { rows: ReadonlyArray<{ line: number; reason: string; excerpt: string }> }) {
	return (
		<DataTable
			rows={rows}
			keyOf={({ line, excerpt }) => `${line} ${excerpt}`}
			columns={[
				{ header: "Line", align: "right", cell: ({ line }) => line },
				{ header: "Why", className: "break-words", cell: ({ reason }) => reason },
				{
					header: "It begins",
					hide: "phone",
					className: "mono max-w-[28rem] truncate",
					cell: ({ excerpt }) => <span title={excerpt}>{excerpt}</span>,
				},
			]}
		/>
	);
}
