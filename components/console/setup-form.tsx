"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import type { ActionResult } from "./action-button";

const FIELDS = [
	{ name: "token", label: "Set-up token", type: "password", autoComplete: "off" },
	{ name: "email", label: "E-mail address", type: "email", autoComplete: "username" },
	{ name: "name", label: "Name", type: "text", autoComplete: "name" },
	{ name: "password", label: "Password, 12 characters or more", type: "password", autoComplete: "new-password" },
	{ name: "again", label: "Password again", type: "password", autoComplete: "new-password" },
] as const;

export function SetupForm({ action }: { action: (before: ActionResult | null, form: FormData) => Promise<ActionResult> }) {
	const [result, run, pending] = useActionState(action, null);
	return (
		<form action={run} className="flex flex-col gap-3">
			{FIELDS.map((field) => (
				<label key={field.name} className="text-sm text-ink-2">
					{field.label}
					<input name={field.name} type={field.type} autoComplete={field.autoComplete} required className="field mt-1 block h-9 w-full" />
				</label>
			))}
			{result !== null && (
				<p role="status" className={`text-sm ${result.ok ? "" : "text-bad"}`}>
					{result.message}
				</p>
			)}
			<Button type="submit" kind="primary" disabled={pending} className="h-9 justify-center">
				{pending ? "Creating …" : "Create the account"}
			</Button>
		</form>
	);
}
