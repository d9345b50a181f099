import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
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

function expiry(key: ShownKey): string {
	return key.expiresAt === null ? "no end" : key.expiresAt.toISOString().slice(0, 10);
}

/** API keys without their secrets; `owners` adds whose they are. On a phone a key says all of itself in its own cell. */
export function KeyTable({ keys, now, owners = false, revoke }: { keys: readonly ShownKey[]; now: string; owners?: boolean; revoke: (id: string) => Promise<ActionResult> }) {
	const whose: DataColumn<ShownKey> = { header: "Whose", hide: "phone", className: "break-all", cell: ({ owner }) => owner };
	return (
		<DataTable
			rows={keys}
			keyOf={({ id }) => id}
			row={(key) => (ended(key, now) === null ? {} : { className: "text-ink-3" })}
			columns={[
				...(owners ? [whose] : []),
				{
					header: "Key",
					className: "[overflow-wrap:anywhere]",
					cell: (key) => (
						<>
							{key.name} <span className="mono text-ink-3">{key.prefix}…</span>
							<span className="block text-xs text-ink-3 sm:hidden">{[...(owners ? [key.owner] : []), key.scopes.join(", "), expiry(key)].join(" · ")}</span>
						</>
					),
				},
				{
					header: "Scopes",
					hide: "phone",
					cell: ({ scopes }) => (
						<span className="flex gap-1">
							{scopes.map((scope) => (
								<Badge key={scope}>{scope}</Badge>
							))}
						</span>
					),
				},
				{ header: "Created", align: "right", hide: "phone", className: "text-ink-2", cell: ({ createdAt }) => <Time at={createdAt.toISOString()} now={now} as="date" /> },
				{ header: "Last used", align: "right", hide: "phone", className: "text-ink-2", cell: ({ lastUsedAt }) => <Time at={lastUsedAt?.toISOString() ?? null} now={now} /> },
				{ header: "Expires", align: "right", hide: "phone", className: "text-ink-2", cell: expiry },
				{
					header: "Revoke",
					unseen: true,
					align: "right",
					cell: (key) =>
						ended(key, now) ?? (
							<ActionButton action={revoke.bind(null, key.id)} label="Revoke" pendingLabel="Revoking …" kind="danger" confirmation={`Revoke "${key.name}"? Whatever uses it stops working at once.`} />
						),
				},
			]}
		/>
	);
}
