import { Fragment } from "react";
import type { RunSummary } from "@/lib/health/runs";
import { StateBadge } from "./source-state";
import { Time } from "./time";

function seconds(run: RunSummary): string {
	return run.finishedAt === null ? "–" : `${((run.finishedAt.getTime() - run.startedAt.getTime()) / 1000).toFixed(1)} s`;
}

/** History of a source's runs. */
export function RunTable({ runs, now }: { runs: readonly RunSummary[]; now: string }) {
	if (runs.length === 0) return <p className="px-4 py-3 text-ink-3">It has not been read yet.</p>;
	return (
		<div className="overflow-x-auto">
			<table className="data">
				<thead>
					<tr>
						<th scope="col">Started</th>
						<th scope="col">State</th>
						<th scope="col" className="num">
							Took
						</th>
						{["Read", "New", "Updated", "Unchanged", "Delisted", "Set aside"].map((name) => (
							<th key={name} scope="col" className="num max-sm:hidden">
								{name}
							</th>
						))}
						<th scope="col" className="max-sm:hidden">
							Said
						</th>
					</tr>
				</thead>
				<tbody>
					{runs.map((run) => (
						<Fragment key={run.run}>
							<tr>
								<td className="sm:whitespace-nowrap">
									<Time at={run.startedAt.toISOString()} now={now} /> <span className="text-xs text-ink-3">{run.trigger}</span>
								</td>
								<td>
									<StateBadge state={run.state} />
								</td>
								<td className="num text-ink-2">{seconds(run)}</td>
								{[run.read, run.new, run.updated + run.relisted, run.unchanged, run.delisted, run.setAside].map((count, at) => (
									<td key={["read", "new", "updated", "unchanged", "delisted", "aside"][at]} className="num max-sm:hidden">
										{count.toLocaleString("en")}
									</td>
								))}
								<td className="text-sm text-ink-2 max-sm:hidden">
									{run.reason ?? ""}
									{run.httpStatus !== null && <span className="text-ink-3"> HTTP {run.httpStatus}</span>}
								</td>
							</tr>
							{run.reason !== null && (
								<tr className="sm:hidden">
									<td colSpan={3} className="border-t-0! pt-0! text-sm text-ink-2">
										{run.reason}
									</td>
								</tr>
							)}
						</Fragment>
					))}
				</tbody>
			</table>
		</div>
	);
}

/** Rows of a body that could not be used, with the reason; nothing is dropped in silence. */
export function SetAsideTable({ rows }: { rows: ReadonlyArray<{ line: number; reason: string; excerpt: string }> }) {
	return (
		<div className="overflow-x-auto">
			<table className="data">
				<thead>
					<tr>
						<th scope="col" className="num">
							Line
						</th>
						<th scope="col">Why</th>
						<th scope="col" className="max-sm:hidden">
							It begins
						</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr key={`${row.line} ${row.excerpt}`}>
							<td className="num">{row.line}</td>
							<td className="break-words">{row.reason}</td>
							<td className="mono max-w-[28rem] truncate max-sm:hidden" title={row.excerpt}>
								{row.excerpt}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
