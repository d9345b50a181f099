"use client";

import Link from "next/link";
import { type FormEvent, type ReactNode, startTransition, useActionState, useState } from "react";
import { CopyButton } from "../console/copy-button";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { Backtest } from "./backtest";
import { type KindChoice, KindHelp } from "./kind-help";
import { QueryField } from "./query-field";
import { ToldFields, type ToldStart } from "./told-fields";
import { useCheck } from "./use-check";

export interface HunterResult {
	ok: boolean;
	message: string;
	/** which input is at fault, where one is */
	field: string | null;
	/** saved with a new webhook: what its calls are signed with, shown this once */
	saved?: { id: string; name: string; secret: string };
}

export interface HunterStart extends ToldStart {
	kind: string;
	name: string;
	query: string;
	enabled: boolean;
}

interface Props {
	/** what stands above the form until it is saved */
	head: ReactNode;
	action: (before: HunterResult | null, form: FormData) => Promise<HunterResult>;
	start: HunterStart;
	kinds: readonly KindChoice[];
	/** one that is there keeps its kind */
	isNew: boolean;
	slackReady: boolean;
	/** why X is not searched for hunters of tweets; null: it is */
	xTrouble: string | null;
}

function KindField({ kinds, kind, isNew, onKind }: { kinds: readonly KindChoice[]; kind: KindChoice; isNew: boolean; onKind: (id: string) => void }) {
	if (!isNew) {
		return (
			<p className="text-sm text-ink-2">
				Watches
				<span className="mt-0.5 flex h-8 items-center text-base text-ink">{kind.title}</span>
				<input type="hidden" name="kind" value={kind.id} />
			</p>
		);
	}
	return (
		<label className="text-sm text-ink-2">
			Watches
			<select name="kind" value={kind.id} onChange={(event) => onKind(event.target.value)} className="field mt-0.5 block h-8 w-full">
				{kinds.map(({ id, title }) => (
					<option key={id} value={id}>
						{title}
					</option>
				))}
			</select>
		</label>
	);
}

function Ending({ isNew, pending, result, asked }: { isNew: boolean; pending: boolean; result: HunterResult | null; asked: string }) {
	return (
		<div className="flex flex-wrap items-center gap-3">
			<Button type="submit" name="intent" value="save" kind="primary" disabled={pending}>
				{pending && asked === "save" ? "Saving …" : isNew ? "Save the hunter" : "Save the changes"}
			</Button>
			<Button type="submit" name="intent" value="test" disabled={pending}>
				{pending && asked === "test" ? "Sending …" : "Send a test"}
			</Button>
			<p role="status" className={`text-sm ${result === null || result.ok ? "text-ink-2" : "text-bad"}`}>
				{pending ? "" : result?.message}
			</p>
		</div>
	);
}

function Saved({ id, name, secret }: NonNullable<HunterResult["saved"]>) {
	return (
		<Notice title={`${name} is saved`} heading="h1">
			<p>Calls of its webhook are signed with this secret. Give it to the receiver now: it is not shown again.</p>
			<p className="flex flex-wrap items-center gap-2">
				<code className="code">{secret}</code> <CopyButton text={secret} label="Copy secret" />
			</p>
			<p>
				<Link href={`/hunters/${id}`}>Open the hunter</Link>
			</p>
		</Notice>
	);
}

/** A hunter to be made or changed: what it watches for, tried before it is saved, and where its hits are told. */
export function HunterForm({ head, action, start, kinds, isNew, slackReady, xTrouble }: Props) {
	const [result, run, pending] = useActionState(action, null);
	const [kindId, setKind] = useState(start.kind);
	const [name, setName] = useState(start.name);
	const [query, setQuery] = useState(start.query);
	const [channel, setChannel] = useState(start.channel);
	const [digestOver, setDigest] = useState(start.digestOver);
	const [asked, setAsked] = useState("");
	const answer = useCheck({ kind: kindId, query, name, channel });
	// An empty form is not at fault before somebody wants to save it.
	const checked = answer !== null && query.trim() === "" && result?.field !== "query" ? { ...answer, faults: [] } : answer;
	const kind = kinds.find(({ id }) => id === kindId) ?? (kinds[0] as KindChoice);
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		// An action of a form would empty it when it is over; what was typed has to stay.
		const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
		setAsked(String(form.get("intent")));
		startTransition(() => run(form));
	};
	if (result?.saved !== undefined) return <Saved {...result.saved} />;
	const digest = /^\d{1,4}$/.test(digestOver) ? Math.min(1000, Math.max(1, Number(digestOver))) : 10;
	return (
		<>
			{head}
			<div className="grid items-start gap-3 lg:grid-cols-[minmax(0,5fr)_minmax(0,3fr)]">
				<form onSubmit={submit} className="flex min-w-0 flex-col gap-3">
					<Panel title="What it watches for">
						<div className="grid gap-x-4 gap-y-3 px-4 py-3 sm:grid-cols-2">
							<KindField kinds={kinds} kind={kind} isNew={isNew} onKind={setKind} />
							<label className="text-sm text-ink-2">
								Name
								<input
									name="name"
									value={name}
									onChange={(event) => setName(event.target.value)}
									required
									maxLength={100}
									aria-invalid={result?.field === "name" || undefined}
									className="field mt-0.5 block h-8 w-full aria-invalid:border-bad"
									autoComplete="off"
								/>
							</label>
							<div className="min-w-0 sm:col-span-2">
								<QueryField value={query} onChange={setQuery} checked={checked} isInvalid={result?.field === "query"} />
							</div>
							{kind.id === "twitter" && xTrouble !== null && <p className="text-sm text-warn sm:col-span-2">{xTrouble} Until then it sees what timelines and lists bring.</p>}
							<label className="flex items-center gap-2 text-sm text-ink-2 sm:col-span-2">
								<input type="checkbox" name="enabled" defaultChecked={start.enabled} /> switched on: what comes from now on is held against it
							</label>
						</div>
					</Panel>
					<Backtest kind={kind.id} query={query} digestOver={digest} disabled={query.trim() === "" || (checked?.query === query && checked.faults.length > 0)} />
					<ToldFields start={start} channelInForce={answer?.channel ?? null} onChannel={setChannel} onDigest={setDigest} fault={result?.field ?? null} slackReady={slackReady} />
					<Ending isNew={isNew} pending={pending} result={result} asked={asked} />
				</form>
				<KindHelp kind={kind} onTake={setQuery} onAdd={(term) => setQuery(query.trim() === "" ? term : `${query.trimEnd()} ${term}`)} />
			</div>
		</>
	);
}
