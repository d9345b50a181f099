"use client";

import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import type { GuideCall, GuideParameter } from "@/lib/http";
import { CopyButton } from "./copy-button";

/** Characters of an answer that are shown; the rest is not even read. */
const MAX_SHOWN = 60_000;
/** Headers that say something about the answer; the others are the same for every page. */
const SHOWN_HEADERS = ["content-type", "content-disposition", "etag", "x-total-estimated", "ratelimit-policy", "ratelimit", "retry-after", "allow"];

interface Answer {
	address: string;
	/** JSON that was sent; null for a GET */
	sent: string | null;
	status: string;
	isGood: boolean;
	took: number;
	headers: ReadonlyArray<readonly [string, string]>;
	text: string;
	isCut: boolean;
}

async function readSome(response: Response): Promise<{ text: string; isCut: boolean }> {
	const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
	let text = "";
	for (;;) {
		const part = await reader?.read();
		if (part === undefined || part.done) return { text, isCut: false };
		text += part.value;
		if (text.length > MAX_SHOWN) {
			await reader?.cancel();
			return { text: text.slice(0, MAX_SHOWN), isCut: true };
		}
	}
}

function pretty(text: string): string {
	// Numbers of 64 bits must not pass through JavaScript's: only line breaks are added, outside of strings.
	let depth = 0;
	return text.replace(/"(?:[^"\\]|\\.)*"|[[{](?:[\]}])?|[\]}]|,|:/g, (token) => {
		if (token === "[]" || token === "{}") return token;
		if (token === "[" || token === "{") return `${token}\n${"  ".repeat(++depth)}`;
		if (token === "]" || token === "}") return `\n${"  ".repeat(Math.max(0, --depth))}${token}`;
		if (token === ",") return `,\n${"  ".repeat(depth)}`;
		return token === ":" ? ": " : token;
	});
}

/** Fields of a form as a body's members: `true` and `false` are no words there, and several values are a list. */
function bodyOf(fields: URLSearchParams, parameters: readonly GuideParameter[]): string {
	const member = (name: string, value: string): unknown => {
		if (parameters.some((parameter) => parameter.many && parameter.name === name)) return value.split(/[\s,]+/).filter((part) => part !== "");
		return value === "true" ? true : value === "false" ? false : value;
	};
	return JSON.stringify(Object.fromEntries([...fields].map(([name, value]) => [name, member(name, value)])));
}

async function call(address: string, body: string | null): Promise<Answer> {
	const started = performance.now();
	const sent = body === null ? {} : { method: "POST", body };
	const response = await fetch(address, { ...sent, headers: { accept: "application/json", ...(body === null ? {} : { "content-type": "application/json" }) }, cache: "no-store" });
	const { text, isCut } = await readSome(response);
	const isJson = response.headers.get("content-type")?.includes("json") === true && !response.headers.get("content-type")?.includes("ndjson");
	return {
		address,
		sent: body,
		status: `${response.status} ${response.statusText}`.trim(),
		isGood: response.ok,
		took: Math.round(performance.now() - started),
		headers: SHOWN_HEADERS.flatMap((name) => (response.headers.get(name) === null ? [] : [[name, response.headers.get(name) ?? ""] as const])),
		text: isJson ? pretty(text) : text,
		isCut,
	};
}

/** The same question for a shell. */
function curlLine({ address, sent }: Answer, origin: string): string {
	const body = sent === null ? "" : ` -H "Content-Type: application/json" -d '${sent.replaceAll("'", "'\\''")}'`;
	return `curl -H "Authorization: Bearer $EXIST_KEY"${body} "${origin}${address}"`;
}

function Field({ parameter, id }: { parameter: GuideParameter; id: string }) {
	const { name, example, choices, many } = parameter;
	const listId = `${id}-choices`;
	if (choices !== null && !many) {
		return (
			<select id={id} name={name} defaultValue="" className="field w-full">
				<option value="">not given</option>
				{choices.map((choice) => (
					<option key={choice}>{choice}</option>
				))}
			</select>
		);
	}
	return (
		<>
			<input id={id} name={name} placeholder={example} {...(choices === null ? {} : { list: listId })} className="field mono w-full" autoComplete="off" autoCapitalize="off" spellCheck={false} />
			{choices !== null && (
				<datalist id={listId}>
					{choices.map((choice) => (
						<option key={choice} value={choice} />
					))}
				</datalist>
			)}
		</>
	);
}

function Shown({ answer, origin }: { answer: Answer; origin: string }) {
	return (
		<div className="border-t border-line">
			<div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
				<output className={answer.isGood ? "text-info" : "text-bad"}>{answer.status}</output>
				<span className="text-ink-3 tabular-nums">{answer.took} ms</span>
				<code className="mono min-w-0 flex-1 break-all">{answer.address}</code>
				<CopyButton text={curlLine(answer, origin)} label="Copy as curl" />
			</div>
			<dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 border-t border-line px-4 py-2 text-sm">
				{answer.headers.map(([name, value]) => (
					<div key={name} className="contents">
						<dt className="text-ink-3">{name}</dt>
						<dd className="mono break-all">{value}</dd>
					</div>
				))}
			</dl>
			{answer.text !== "" && (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
				<pre tabIndex={0} role="region" aria-label="Answer" className="mono max-h-[28rem] overflow-auto border-t border-line bg-sunken px-4 py-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
					{answer.text}
				</pre>
			)}
			{answer.isCut && <p className="border-t border-line px-4 py-2 text-sm text-ink-3">Only the beginning is shown.</p>}
		</div>
	);
}

/** One call of the API as a form that runs it with the reader's own session, and what it answered. */
export function TryCall({ call: { id, method, path, parameters }, origin }: { call: GuideCall; origin: string }) {
	const [answer, setAnswer] = useState<Answer | null>(null);
	const [state, setState] = useState<"idle" | "asking" | "failed">("idle");
	const asked = useRef(0);
	const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
	const run = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		const turn = ++asked.current;
		const query = new URLSearchParams();
		for (const { name } of parameters) {
			const value = String(form.get(name) ?? "").trim();
			if (value !== "") query.set(name, value);
		}
		const address = `${path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(form.get(`{${name}}`) ?? "").trim()))}${query.size > 0 ? `?${query}` : ""}`;
		setState("asking");
		try {
			const result = await (method === "GET" ? call(address, null) : call(path, bodyOf(query, parameters)));
			if (turn !== asked.current) return;
			setAnswer(result);
			setState("idle");
		} catch {
			if (turn === asked.current) setState("failed");
		}
	};
	return (
		<>
			<form onSubmit={(event) => void run(event)} className="px-4 py-3" aria-label={`Try ${path}`}>
				<div className="grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-x-4 gap-y-2.5">
					{places.map((name) => (
						<label key={name} className="block text-sm">
							<span className="mono">{name}</span> <span className="text-ink-3">needed</span>
							<input name={`{${name}}`} required className="field mono mt-0.5 block w-full" autoComplete="off" spellCheck={false} />
						</label>
					))}
					{parameters.map((parameter) => (
						<div key={parameter.name} className="text-sm">
							<label htmlFor={`${id}-${parameter.name}`}>
								<span className="mono">{parameter.name}</span>
								{parameter.many && <span className="text-ink-3"> one or several, with commas</span>}
							</label>
							<div className="mt-0.5">
								<Field parameter={parameter} id={`${id}-${parameter.name}`} />
							</div>
							<p className="mt-0.5 text-xs text-ink-3">
								{parameter.description}
								{parameter.older.length > 0 && ` (older name: ${parameter.older.join(", ")})`}
							</p>
						</div>
					))}
				</div>
				<div className="mt-3 flex items-center gap-3">
					<Button type="submit" kind="primary" disabled={state === "asking"}>
						{state === "asking" ? "Asking …" : "Ask"}
					</Button>
					{state === "failed" && (
						<span role="status" className="text-sm text-bad">
							No answer came. Look at the connection, then ask again.
						</span>
					)}
				</div>
			</form>
			{answer !== null && <Shown answer={answer} origin={origin} />}
		</>
	);
}
