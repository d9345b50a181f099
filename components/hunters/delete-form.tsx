"use client";

import { type FormEvent, startTransition, useActionState } from "react";
import type { ActionResult } from "../console/action-button";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";

/** Deletes a hunter when its name was typed: its hits and what of them was not told go with it. */
export function DeleteForm({ action, name, hits }: { action: (before: ActionResult | null, form: FormData) => Promise<ActionResult>; name: string; hits: number }) {
	const [result, run, pending] = useActionState(action, null);
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		startTransition(() => run(form));
	};
	return (
		<Panel title="Delete the hunter">
			<form onSubmit={submit} className="flex flex-col gap-2 px-4 py-3">
				<p className="text-ink-2">
					{hits === 0 ? "It has no hits." : `Its ${hits.toLocaleString("en")} ${hits === 1 ? "hit goes" : "hits go"} with it`}
					{hits === 0 ? " " : ", and alerts that wait are not sent. The records stay. "}
					Switching it off keeps everything.
				</p>
				<div className="flex flex-wrap items-end gap-3">
					<label className="text-sm text-ink-2">
						Type <bdi className="code">{name}</bdi> to delete it
						<input name="confirm" required className="field mt-0.5 block h-8 w-[20rem] max-w-full" autoComplete="off" spellCheck={false} />
					</label>
					<Button type="submit" kind="danger" disabled={pending} className="h-8!">
						{pending ? "Deleting …" : "Delete"}
					</Button>
					{result !== null && !pending && (
						<p role="status" className={`text-sm ${result.ok ? "text-ink-3" : "text-bad"}`}>
							{result.message}
						</p>
					)}
				</div>
			</form>
		</Panel>
	);
}
