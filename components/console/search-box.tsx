"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";

/** The one search box. `/`, ⌘K or Ctrl-K reach it from anywhere; Escape leaves it. Works without scripts as a plain form. */
export function SearchBox() {
	const router = useRouter();
	const keyword = useSearchParams().get("keyword") ?? "";
	const [text, setText] = useState(keyword);
	const input = useRef<HTMLInputElement>(null);
	useEffect(() => setText(keyword), [keyword]);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]") !== null;
			const wanted = (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !typing);
			if (!wanted) return;
			event.preventDefault();
			input.current?.focus();
			input.current?.select();
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, []);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== "") router.push(`/cross?keyword=${encodeURIComponent(text.trim())}`);
	};
	return (
		<form action="/cross" onSubmit={submit} role="search" className="relative w-full max-w-[720px]">
			<input
				ref={input}
				name="keyword"
				value={text}
				onChange={(event) => setText(event.target.value)}
				onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
				aria-label="Search indicator or words"
				placeholder="IP, domain, URL, hash, CVE or words. Defanged is fine."
				autoComplete="off"
				autoCapitalize="off"
				spellCheck={false}
				maxLength={10_000}
				className="mono h-8 w-full rounded-md border border-line-strong bg-sunken px-3 pr-12"
			/>
			<kbd className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 rounded-sm border border-line-strong px-1.5 font-mono text-xs text-ink-3 sm:block">/</kbd>
		</form>
	);
}
