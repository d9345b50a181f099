"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "./copy-button";

interface Result {
	ok: boolean;
	message: string;
	secret?: string;
}

/** Name, life and scopes (beside reading, which every key may) of a new API key; its secret is shown once, here. */
export function NewKeyForm({ action, scopes }: { action: (before: Result | null, form: FormData) => Promise<Result>; scopes: ReadonlyArray<{ name: string; says: string }> }) {
	const [result, run, pending] = useActionState(action, null);
	return (
		<form action={run} className="px-4 py-3">
			<div className="flex flex-wrap items-end gap-3">
				<label className="text-sm text-ink-2">
					What it is for
					<input name="name" required maxLength={100} className="field mt-0.5 block w-[15rem]" />
				</label>
				<label className="text-sm text-ink-2">
					Days it is valid
					<input name="days" inputMode="numeric" placeholder="no end" className="field mt-0.5 block w-[7rem]" />
				</label>
				{scopes.map(({ name, says }) => (
					<label key={name} className="flex h-7 items-center gap-1.5 text-sm text-ink-2">
						<input type="checkbox" name="scope" value={name} />
						{says}
					</label>
				))}
				<Button type="submit" kind="primary" disabled={pending}>
					{pending ? "Creating …" : "Create key"}
				</Button>
			</div>
			{result !== null && (
				<div role="status" className={`mt-3 text-sm ${result.ok ? "" : "text-bad"}`}>
					<p>{result.message}</p>
					{result.secret !== undefined && (
						<p className="mt-1 flex flex-wrap items-center gap-2">
							<code className="code">{result.secret}</code>
							<CopyButton text={result.secret} label="Copy key" />
						</p>
					)}
				</div>
			)}
		</form>
	);
}
