import type { Metadata } from "next";
import Link from "next/link";
import { KeyTable } from "@/components/console/key-table";
import { NewKeyForm } from "@/components/console/new-key-form";
import { SignOut } from "@/components/console/sign-out";
import { Panel } from "@/components/ui/panel";
import { allApiKeys, apiKeysOf, roleAllows, scopesOf } from "@/lib/auth";
import { pagePrincipal } from "../../guard";
import { addKey, revokeKey } from "./actions";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
	const { user } = await pagePrincipal();
	const [keys, everybodys] = await Promise.all([apiKeysOf(user.id), roleAllows(user.role, "administrator") ? allApiKeys() : null]);
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
				<p className="px-4 pt-3 text-sm text-ink-2">
					Every key reads what the <Link href="/api-guide">API</Link> answers. It is shown once, when it is made; afterwards only its first letters are known here.
				</p>
				<NewKeyForm action={addKey} scopes={scopesOf(user.role).filter(({ name }) => name !== "read")} />
				{keys.length > 0 && (
					<div className="border-t border-line">
						<KeyTable keys={keys} now={now} revoke={revokeKey} />
					</div>
				)}
			</Panel>
			{everybodys !== null && everybodys.length > 0 && (
				<Panel title="Keys of everybody" aside={`${everybodys.length} keys`}>
					<KeyTable keys={everybodys} now={now} owners revoke={revokeKey} />
				</Panel>
			)}
		</>
	);
}
