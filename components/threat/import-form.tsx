"use client";

import Link from "next/link";
import { type FormEvent, useState } from "react";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";

interface Outcome {
	state: string;
	reason: string | null;
	read: number;
	new: number;
	updated: number;
	unchanged: number;
	setAside: number;
	setAsideRows: string[];
}

type State = { kind: "idle" } | { kind: "sending"; name: string } | { kind: "done"; outcome: Outcome } | { kind: "refused"; message: string };

async function send(file: File): Promise<State> {
	try {
		const response = await fetch(`/api/threat/import?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file, headers: { "content-type": "application/json" } });
		const body = (await response.json()) as Outcome & { detail?: string };
		if (typeof body.state === "string") return { kind: "done", outcome: body };
		return { kind: "refused", message: body.detail ?? `The server answered ${response.status}.` };
	} catch {
		return { kind: "refused", message: "The file could not be sent. Check the connection and send it again; what was stored stays." };
	}
}

function Told({ outcome }: { outcome: Outcome }) {
	const good = outcome.state === "ok" || outcome.state === "unchanged";
	return (
		<Notice title={good ? "The file was read" : "The file was not taken over"}>
			{outcome.state === "ok" && (
				<p>
					{outcome.new} new, {outcome.updated} changed, {outcome.unchanged} unchanged. <Link href="/threat/event?source=1205">See what was imported</Link>
				</p>
			)}
			{outcome.state !== "ok" && <p>{outcome.reason}</p>}
			{outcome.setAside > 0 && (
				<>
					<p>{outcome.setAside} set aside:</p>
					<ul className="mt-1 list-disc pl-5 text-sm">
						{outcome.setAsideRows.map((reason) => (
							<li key={reason} className="break-words">
								{reason}
							</li>
						))}
					</ul>
				</>
			)}
		</Notice>
	);
}

/** Sends a file as it is and says what became of it. */
export function ImportForm() {
	const [state, setState] = useState<State>({ kind: "idle" });
	const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
		event.preventDefault();
		const file = new FormData(event.currentTarget).get("file");
		if (!(file instanceof File) || file.size === 0) return setState({ kind: "refused", message: "Choose a file first." });
		setState({ kind: "sending", name: file.name });
		setState(await send(file));
	};
	return (
		<>
			<form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-panel px-4 py-3">
				<label className="flex flex-wrap items-center gap-2">
					<span>MISP JSON file</span>
					<input
						type="file"
						name="file"
						accept=".json,application/json,.gz"
						className="max-w-full text-sm file:mr-3 file:h-7 file:cursor-pointer file:rounded-md file:border file:border-line-strong file:bg-panel file:px-2.5 file:text-ink"
					/>
				</label>
				<Button type="submit" kind="primary" disabled={state.kind === "sending"}>
					{state.kind === "sending" ? "Reading" : "Import"}
				</Button>
				<span role="status" className="text-sm text-ink-3">
					{state.kind === "sending" ? `${state.name} is being read.` : ""}
				</span>
			</form>
			{state.kind === "done" && <Told outcome={state.outcome} />}
			{state.kind === "refused" && (
				<Notice title="The file was not taken over">
					<p>{state.message}</p>
				</Notice>
			)}
		</>
	);
}
