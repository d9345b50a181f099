import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { ActionButton, type ActionResult } from "./action-button";

export interface ShownKey {
	id: string;
	name: string;
	prefix: string;
	scopes: readonly string[];
	createdAt: Date;
	expiresAt: Date | null;
	lastUsedAt: Date | null;
	revokedAt: Date | null;
	owner?: string;
}

function ended(key: ShownKey, now: string): string | null {
	if (key.revokedAt !== null) return "revoked";
	return key.expiresAt !== null && key.expiresAt.toISOString() <= now ? "expired" : null;
}

function KeyRow({ apiKey, now, owners, revoke }: { apiKey: ShownKey; now: string; owners: boolean; revoke: (id: string) => Promise<ActionResult> }) {
	const over = ended(apiKey, now);
	const expiry = apiKey.expiresAt === null ? "no end" : apiKey.expiresAt.toISOString().slice(0, 10);
	return (
		<tr className={over === null ? "" : "text-ink-3"}>
			{owners && <td className="break-all max-sm:hidden">{apiKey.owner}</td>}
			<td className="[overflow-wrap:anywhere]">
				{apiKey.name} <span className="mono text-ink-3">{apiKey.prefix}…</span>
				<span className="block text-xs text-ink-3 sm:hidden">{[...(owners ? [apiKey.owner] : []), apiKey.scopes.join(", "), expiry].join(" · ")}</span>
			</td>
			<td className="max-sm:hidden">
				<span className="flex gap-1">
					{apiKey.scopes.map((scope) => (
						<Badge key={scope}>{scope}</Badge>
					))}
				</span>
			</td>
			<td className="num text-ink-2 max-sm:hidden">
				<Time at={apiKey.createdAt.toISOString()} now={now} as="date" />
			</td>
			<td className="num text-ink-2 max-sm:hidden">
				<Time at={apiKey.lastUsedAt?.toISOString() ?? null} now={now} />
			</td>
			<td className="num text-ink-2 max-sm:hidden">{expiry}</td>
			<td className="num">
				{over ?? (
					<ActionButton
						action={revoke.bind(null, apiKey.id)}
						label="Revoke"
						pendingLabel="Revoking …"
						kind="danger"
						confirmation={`Revoke "${apiKey.name}"? Whatever uses it stops working at once.`}
					/>
				)}
			</td>
		</tr>
	);
}

/** API keys without their secrets; `owners` adds whose they are. On a phone a key says all of itself in its own cell. */
export function KeyTable({ keys, now, owners = false, revoke }: { keys: readonly ShownKey[]; now: string; owners?: boolean; revoke: (id: string) => Promise<ActionResult> }) {
	return (
		<div className="relative overflow-x-auto">
			<table className="data">
				<thead>
					<tr>
						{owners && (
							<th scope="col" className="max-sm:hidden">
								Whose
							</th>
						)}
						<th scope="col">Key</th>
						<th scope="col" className="max-sm:hidden">
							Scopes
						</th>
						<th scope="col" className="num max-sm:hidden">
							Created
						</th>
						<th scope="col" className="num max-sm:hidden">
							Last used
						</th>
						<th scope="col" className="num max-sm:hidden">
							Expires
						</th>
						<th scope="col" className="num">
							<span className="sr-only">Revoke</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{keys.map((key) => (
						<KeyRow key={key.id} apiKey={key} now={now} owners={owners} revoke={revoke} />
					))}
				</tbody>
			</table>
		</div>
	);
}
