"use client";

import { type ChangeEvent, type FormEvent, useEffect, useState } from "react";
import { Button } from "../../ui/button";
import { MAX_FILE, MAX_VALUES } from "./parse";

/** A file's text, or why it is no list. It is read here, in the browser: the file itself goes nowhere. */
async function readFile(file: File): Promise<{ text: string } | { fault: string }> {
	if (file.size > MAX_FILE) return { fault: `"${file.name}" has ${(file.size / 1024 / 1024).toFixed(1)} MB; at most ${MAX_FILE / 1024 / 1024} MB are read. Cut it into parts.` };
	const text = await file.text();
	return text.includes("\u0000") ? { fault: `"${file.name}" is no text file. Save it as plain text or CSV, one value a line.` } : { text };
}

/** Where a list comes from: typed, pasted, or a file. */
export function ListForm({ initial, onStart }: { initial: string; onStart: (text: string) => void }) {
	const [text, setText] = useState(initial);
	const [fault, setFault] = useState("");
	useEffect(() => setText(initial), [initial]);
	const start = (value: string) => {
		if (value.trim() === "") setFault("There is no value yet. Paste some, one a line.");
		else {
			setFault("");
			onStart(value);
		}
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		start(text);
	};
	const pick = async (event: ChangeEvent<HTMLInputElement>) => {
		const field = event.currentTarget;
		const [file] = field.files ?? [];
		if (file === undefined) return;
		const read = await readFile(file);
		field.value = "";
		if ("fault" in read) setFault(read.fault);
		else {
			// Thousands of lines in a text area make every key slow.
			if (read.text.length < 100_000) setText(read.text);
			start(read.text);
		}
	};
	return (
		<form onSubmit={submit} className="flex flex-col gap-2 rounded-md border border-line bg-panel px-4 py-3">
			<label htmlFor="list-values" className="text-sm text-ink-2">
				IP addresses, blocks, domains, URLs, hashes, CVEs: one a line or separated by commas, defanged or not; of a table the first cell that is one. At most {MAX_VALUES.toLocaleString("en")}.
			</label>
			<textarea
				id="list-values"
				value={text}
				onChange={(event) => setText(event.target.value)}
				rows={6}
				spellCheck={false}
				autoCapitalize="off"
				className="mono w-full resize-y rounded-md border border-line-strong bg-sunken px-3 py-2"
			/>
			{fault !== "" && (
				<p role="alert" className="text-sm break-words text-warn">
					{fault}
				</p>
			)}
			<div className="flex flex-wrap items-center gap-x-4 gap-y-2">
				<Button kind="primary" type="submit">
					Look up
				</Button>
				<label className="text-sm text-ink-2">
					or a file{" "}
					<input
						type="file"
						accept=".txt,.csv,.tsv,.log,text/*"
						onChange={(event) => void pick(event)}
						className="max-w-[60vw] text-sm file:mr-2 file:h-7 file:rounded-md file:border file:border-line-strong file:bg-panel file:px-2.5 file:text-ink"
					/>
				</label>
			</div>
		</form>
	);
}
