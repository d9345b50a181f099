import type { CredentialLimit } from "@/lib/sources/record";
import { Time } from "./time";
import { Badge } from "./ui/badge";

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

/** What a provider grants each credential of a source. */
export function LimitTable({ limits, now }: { limits: readonly CredentialLimit[]; now: string }) {
	return (
		<div className="overflow-x-auto">
			<table className="data">
				<thead>
					<tr>
						<th scope="col">Credential</th>
						<th scope="col">State</th>
						<th scope="col" className="num">
							Requests left
						</th>
						<th scope="col">Anew</th>
					</tr>
				</thead>
				<tbody>
					{limits.map((limit) => (
						<tr key={limit.label}>
							<td>{limit.label}</td>
							<td className="text-ink-2">
								<State limit={limit} now={now} />
							</td>
							<td className="num">{limit.window === undefined ? "not said" : `${limit.window.remaining.toLocaleString("en")} of ${limit.window.limit.toLocaleString("en")}`}</td>
							<td>{limit.window === undefined ? "" : <Time at={limit.window.resetAt} now={now} />}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
