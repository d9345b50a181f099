"use client";

import { type FormEvent, type ReactNode, startTransition, useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import type { FeedPreview } from "@/lib/ingest/preview";
import { FeedPreviewPanel } from "./feed-preview";

export interface FeedResult {
	ok: boolean;
	message: string;
	/** which input is at fault, where one is */
	field: string | null;
	preview: FeedPreview | null;
}

/** What the form starts with. Secrets are never among it: only whether there are any. */
export interface FeedStart {
	values: Readonly<Record<string, string>>;
	redistributable: boolean;
	hasKey: boolean;
	headerNames: readonly string[];
}

export interface FeedChoices {
	formats: ReadonlyArray<readonly [string, string]>;
	categories: ReadonlyArray<readonly [string, string]>;
	types: ReadonlyArray<readonly [string, string]>;
	fields: ReadonlyArray<readonly [string, string]>;
}

const MODES = [
	["snapshot", "the whole list each time: what is missing is gone"],
	["window", "the last days: what is missing expires later"],
	["append", "only additions: nothing ever goes"],
] as const;
const HEADERS = [
	["row", "first row"],
	["comment", "a comment line"],
	["none", "none: columns by number"],
] as const;
const DELIMITERS = [
	[",", "comma"],
	["tab", "tab"],
	[";", "semicolon"],
	["|", "bar"],
] as const;

function Labelled({ label, hint, wide, children }: { label: string; hint?: string; wide?: boolean; children: ReactNode }) {
	return (
		// biome-ignore lint/a11y/noLabelWithoutControl: the control is handed in
		<label className={`min-w-0 text-sm text-ink-2 ${wide === true ? "sm:col-span-2" : ""}`}>
			{label}
			<span className="mt-0.5 block">{children}</span>
			{hint !== undefined && <span className="mt-0.5 block text-xs text-ink-3">{hint}</span>}
		</label>
	);
}

function Fieldset({ legend, children }: { legend: string; children: ReactNode }) {
	return (
		<fieldset className="rounded-md border border-line bg-panel px-4 pt-1 pb-4">
			<legend className="px-1 font-semibold">{legend}</legend>
			<div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">{children}</div>
		</fieldset>
	);
}

/** A feed described without code: address, format, columns; "Show" reads it under all guards, "Save" makes it a source. */
export function FeedForm({
	action,
	start,
	choices,
	saveLabel,
}: {
	action: (before: FeedResult | null, form: FormData) => Promise<FeedResult>;
	start: FeedStart;
	choices: FeedChoices;
	saveLabel: string;
}) {
	const [result, run, pending] = useActionState(action, null);
	const [format, setFormat] = useState(start.values.format ?? "lines");
	const [mode, setMode] = useState(start.values.lists ?? "snapshot");
	const submit = (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		// An action of a form would empty it when it is over; what was typed has to stay.
		const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
		startTransition(() => run(form));
	};
	const value = (name: string) => start.values[name] ?? "";
	const input = (name: string, extra: Record<string, unknown> = {}) => (
		<input
			name={name}
			defaultValue={value(name)}
			aria-invalid={result?.field === name || undefined}
			className="field h-8 w-full aria-invalid:border-bad"
			spellCheck={false}
			autoComplete="off"
			{...extra}
		/>
	);
	const select = (name: string, options: ReadonlyArray<readonly [string, string]>, extra: Record<string, unknown> = {}) => (
		<select name={name} defaultValue={value(name)} className="field h-8 w-full" {...extra}>
			{options.map(([key, words]) => (
				<option key={key} value={key}>
					{words}
				</option>
			))}
		</select>
	);
	const isListing = format !== "news" && format !== "misp";
	const hasColumns = format === "csv" || format === "json" || format === "ndjson";
	return (
		<form onSubmit={submit} className="flex flex-col gap-3">
			<Fieldset legend="Where it is">
				<Labelled label="Name">{input("name", { required: true, maxLength: 100 })}</Labelled>
				<Labelled label="Format">{select("format", choices.formats, { onChange: (event: { target: HTMLSelectElement }) => setFormat(event.target.value) })}</Labelled>
				<Labelled label="Address" wide hint={format === "misp" ? "the folder that holds manifest.json" : "{key} stands for the key below"}>
					{input("url", { required: true, inputMode: "url", placeholder: "https://" })}
				</Labelled>
				<Labelled label="Minutes between runs" hint="not below what the provider allows">
					{input("everyMinutes", { required: true, inputMode: "numeric" })}
				</Labelled>
				<Labelled label="Provider's terms" hint="for the credits">
					{input("terms")}
				</Labelled>
				<label className="flex items-center gap-2 text-sm text-ink-2">
					<input type="checkbox" name="redistributable" defaultChecked={start.redistributable} /> its rows may be passed on to others
				</label>
			</Fieldset>
			<Fieldset legend="Key">
				<Labelled label="Key" hint={start.hasKey ? "one is stored; leave this empty to keep it" : "kept sealed, never shown again"}>
					{input("key", { type: "password", autoComplete: "new-password" })}
				</Labelled>
				<Labelled label="Headers" hint={start.headerNames.length > 0 ? `stored: ${start.headerNames.join(", ")}; leave this empty to keep them` : "Name: value, one a line; {key} stands for the key"}>
					<textarea name="headers" rows={2} className="field h-auto w-full py-1 font-mono" spellCheck={false} />
				</Labelled>
				{(start.hasKey || start.headerNames.length > 0) && (
					<label className="flex items-center gap-2 text-sm text-ink-2">
						<input type="checkbox" name="forget" /> forget the stored key and headers
					</label>
				)}
			</Fieldset>
			{isListing && (
				<Fieldset legend="What it lists">
					<Labelled label="Category">{select("category", choices.categories)}</Labelled>
					<Labelled label="A value is">{select("as", choices.types)}</Labelled>
					<Labelled label="A body holds">{select("lists", MODES, { onChange: (event: { target: HTMLSelectElement }) => setMode(event.target.value) })}</Labelled>
					{mode === "window" && <Labelled label="Days until a missing value expires">{input("windowDays", { inputMode: "numeric" })}</Labelled>}
					<Labelled label="Mark of a good body" hint="text within its first 4 KB; without it the body is suspect">
						{input("marker")}
					</Labelled>
					{format === "lines" && (
						<Labelled label="A line ends at" hint={'for example " #", where remarks follow the value'}>
							{input("trailingComment")}
						</Labelled>
					)}
				</Fieldset>
			)}
			{hasColumns && (
				<Fieldset legend={format === "csv" ? "Columns" : "Keys"}>
					{format === "csv" && <Labelled label="Header">{select("header", HEADERS)}</Labelled>}
					{format === "csv" && <Labelled label="Separator">{select("delimiter", DELIMITERS)}</Labelled>}
					{format === "json" && (
						<Labelled label="Where the records are" hint="keys with dots: data.items; empty: the document is the array; *: an object of arrays">
							{input("path", { className: "field h-8 w-full font-mono" })}
						</Labelled>
					)}
					{choices.fields.map(([field, words]) => (
						<Labelled key={field} label={words}>
							{input(`column-${field}`, { className: "field h-8 w-full font-mono" })}
						</Labelled>
					))}
				</Fieldset>
			)}
			<div className="flex flex-wrap items-center gap-3">
				<Button type="submit" name="intent" value="preview" disabled={pending}>
					{pending ? "Reading …" : "Show what it gives"}
				</Button>
				<Button type="submit" name="intent" value="save" kind="primary" disabled={pending}>
					{saveLabel}
				</Button>
				{result !== null && (
					<p role="status" className={`text-sm ${result.ok ? "text-ink-2" : "text-bad"}`}>
						{result.message}
					</p>
				)}
			</div>
			{result?.preview != null && <FeedPreviewPanel preview={result.preview} />}
		</form>
	);
}
