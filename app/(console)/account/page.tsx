import type { Metadata } from "next";
import { ActionButton } from "@/components/console/action-button";
import { NewKeyForm } from "@/components/console/new-key-form";
import { SignOut } from "@/components/console/sign-out";
import { Time } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Panel } from "@/components/ui/panel";
import { type ApiKey, apiKeysOf, roleAllows } from "@/lib/auth";
import { pagePrincipal } from "../../guard";
import { addKey, revokeKey } from "./actions";

export const metadata: Metadata = { title: "Account" };

function state(key: ApiKey, now: string): string | null {
	if (key.revokedAt !== null) return "revoked";
	return key.expiresAt !== null && key.expiresAt.toISOString() <= now ? "expired" : null;
}

function KeyRow({ apiKey, now }: { apiKey: ApiKey; now: string }) {
	const ended = state(apiKey, now);
	return (
		<tr>
			<td>
				{apiKey.name} <span className="mono text-ink-3">{apiKey.prefix}…</span>
			</td>
			<td>
				{apiKey.scopes.map((scope) => (
					<Badge key={scope}>{scope}</Badge>
				))}
			</td>
			<td className="num text-ink-2 max-sm:hidden">
				<Time at={apiKey.lastUsedAt?.toISOString() ?? null} now={now} />
			</td>
			<td className="num text-ink-2">{apiKey.expiresAt === null ? "no end" : apiKey.expiresAt.toISOString().slice(0, 10)}</td>
			<td className="num">
				{ended ?? (
					<ActionButton
						action={revokeKey.bind(null, apiKey.id)}
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

export default async function AccountPage() {
	const { user } = await pagePrincipal();
	const keys = await apiKeysOf(user.id);
	const now = new Date().toISOString();
	return (
		<>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
				<h1 className="text-lg font-semibold">{user.name}</h1>
				<p className="text-ink-3">
					{user.email} · {user.role}
				</p>
				<div className="ml-auto">
					<SignOut />
				</div>
			</div>
			<Panel title="API keys" aside="a key may do what you may, within its scopes">
				<NewKeyForm action={addKey} mayRun={roleAllows(user.role, "analyst")} />
				{keys.length > 0 && (
					<div className="overflow-x-auto border-t border-line">
						<table className="data">
							<thead>
								<tr>
									<th scope="col">Key</th>
									<th scope="col">Scopes</th>
									<th scope="col" className="num max-sm:hidden">
										Last used
									</th>
									<th scope="col" className="num">
										Expires
									</th>
									<th scope="col" className="num">
										<span className="sr-only">Revoke</span>
									</th>
								</tr>
							</thead>
							<tbody>
								{keys.map((key) => (
									<KeyRow key={key.id} apiKey={key} now={now} />
								))}
							</tbody>
						</table>
					</div>
				)}
			</Panel>
		</>
	);
}
