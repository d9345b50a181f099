"use client";

import { useActionState } from "react";
import { Button, type ButtonKind } from "@/components/ui/button";

export interface ActionResult {
	ok: boolean;
	message: string;
}

/** A button that changes something on the server and says how that went. */
export function ActionButton({
	action,
	label,
	pendingLabel,
	kind = "plain",
	confirmation,
}: {
	action: (before: ActionResult | null) => Promise<ActionResult>;
	label: string;
	pendingLabel: string;
	kind?: ButtonKind;
	confirmation?: string;
}) {
	const [result, run, pending] = useActionState(action, null);
	return (
		<form
			action={run}
			onSubmit={(event) => {
				if (confirmation !== undefined && !window.confirm(confirmation)) event.preventDefault();
			}}
			className="inline-flex items-center gap-2"
		>
			<Button type="submit" kind={kind} disabled={pending}>
				{pending ? pendingLabel : label}
			</Button>
			{result !== null && (
				<span role="status" className={`text-sm ${result.ok ? "text-ink-3" : "text-bad"}`}>
					{result.message}
				</span>
			)}
		</form>
	);
}
