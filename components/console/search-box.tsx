"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type ClipboardEvent, type FormEvent, useEffect, useRef, useState } from "react";
import { defang } from "@/lib/domain/defang";
import { understand } from "@/lib/domain/understand";
import { handOverList } from "../lookup/target";
import { Palette, type PalettePage } from "./palette";

/** Longer than what anybody reads in a line: a list, which has a page of its own. */
const LIST_LENGTH = 20_000;

/** What this page is about, as the box shows it. */
function subjectOf(path: string, keyword: string): string {
	if (keyword !== "") return keyword;
	const match = /^\/(?:ip|domain|hash|url)\/(.+)$/.exec(path);
	if (match?.[1] === undefined) return "";
	try {
		const found = understand(decodeURIComponent(match[1]));
		return found.kind === "indicator" ? defang(found.indicator) : "";
	} catch {
		return "";
	}
}

/** Lines end up in one line: what separates them stays to be seen. */
function inOneLine(text: string): string {
	return text.trim().replace(/\s*[\r\n]+\s*/g, "; ");
}

/**
 * The one search box. Typing, a click, `/`, ⌘K or Ctrl-K open the palette that says what is taken for what. Without scripts it is
 * a plain form.
 */
export function SearchBox({ pages }: { pages: readonly PalettePage[] }) {
	const router = useRouter();
	const subject = subjectOf(usePathname(), useSearchParams().get("keyword") ?? "");
	const [asked, setAsked] = useState<string | null>(null);
	const box = useRef<HTMLInputElement>(null);
	const fromBox = useRef(false);
	/** A field that gets the focus back from a dialog while that still covers it takes no text in Chromium: it lets go before, and gets it back after. */
	const openFromBox = (text: string) => {
		fromBox.current = true;
		box.current?.blur();
		setAsked(text);
	};
	const close = (isLeft: boolean) => {
		setAsked(null);
		if (fromBox.current && !isLeft) requestAnimationFrame(() => box.current?.focus());
		fromBox.current = false;
	};
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]") !== null;
			const wanted = (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !typing && !event.metaKey && !event.ctrlKey && !event.altKey);
			if (!wanted || document.querySelector("dialog[open]") !== null) return;
			event.preventDefault();
			setAsked(subject);
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, [subject]);
	const paste = (event: ClipboardEvent<HTMLInputElement>): boolean => {
		const text = event.clipboardData.getData("text");
		if (text.length <= LIST_LENGTH && !/[\r\n]/.test(text.trim())) return false;
		event.preventDefault();
		if (text.length <= LIST_LENGTH) openFromBox(inOneLine(text));
		else {
			handOverList(text);
			setAsked(null);
			router.push("/lookup/list");
		}
		return true;
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		openFromBox(subject);
	};
	return (
		<>
			<form action="/lookup" onSubmit={submit} role="search" className="relative w-full max-w-[720px]">
				<input
					ref={box}
					name="keyword"
					value={subject}
					onChange={(event) => openFromBox(event.target.value)}
					onClick={() => openFromBox(subject)}
					onPaste={paste}
					aria-label="Search indicator or words"
					placeholder="IP, domain, URL, hash, CVE or words. Defanged is fine."
					autoComplete="off"
					autoCapitalize="off"
					spellCheck={false}
					className="mono h-8 w-full text-ellipsis rounded-md border border-line-strong bg-sunken px-3 pr-12"
				/>
				<kbd className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 rounded-sm border border-line-strong px-1.5 font-mono text-xs text-ink-3 sm:block">/</kbd>
			</form>
			{asked !== null && <Palette initial={asked} pages={pages} onPaste={paste} onClose={close} />}
		</>
	);
}
