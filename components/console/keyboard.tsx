"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { huntPath } from "@/components/hunters/hunt-path";
import { Button } from "@/components/ui/button";
import { focusedIndicator } from "./indicator-actions";
import { MENU_EVENT } from "./indicator-menu";

/** Opens the list of keys from elsewhere. */
export const KEYS_EVENT = "exist:keys";

const KEYS: ReadonlyArray<readonly [string, string]> = [
	["/  or  ⌘K", "look up or go anywhere"],
	["J   K", "next, previous row"],
	["Enter", "open the row"],
	["C", "copy the indicator as it is"],
	["D", "copy it defanged"],
	["H", "hunt for it: a hunter that watches for the indicator"],
	["M", "everything that can be done with it"],
	["?", "this list"],
];

function rows(): HTMLElement[] {
	return [...document.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => row.offsetParent !== null);
}

/** Moves the focus over the rows of every table of the page; what has focus is the row. */
function move(step: 1 | -1): void {
	const all = rows();
	const at = all.indexOf(document.activeElement as HTMLElement);
	const next = all[at < 0 ? (step === 1 ? 0 : all.length - 1) : at + step];
	next?.focus();
	next?.scrollIntoView({ block: "nearest" });
}

/** Opens the menu of the indicator that has the focus, else of the one the page is about. */
function openMenu(): void {
	const focused = document.activeElement instanceof HTMLElement ? document.activeElement.closest<HTMLElement>("[data-copy]") : null;
	const holder = focused ?? document.querySelector<HTMLElement>("main [data-subject]");
	if (holder !== null) document.dispatchEvent(new CustomEvent(MENU_EVENT, { detail: holder }));
}

/** Everything a mouse can do with a table, by keys; and the list of them. */
export function Keyboard({ mayHunt }: { mayHunt: boolean }) {
	const router = useRouter();
	const dialog = useRef<HTMLDialogElement>(null);
	const [said, setSaid] = useState("");
	useEffect(() => {
		const copy = async (defanged: boolean) => {
			const shown = focusedIndicator();
			if (shown === null) return;
			const value = defanged ? shown.defanged : shown.value;
			await navigator.clipboard.writeText(value).then(
				() => setSaid(`Copied ${value}`),
				() => setSaid("The browser did not allow copying"),
			);
		};
		const onKey = (event: KeyboardEvent) => {
			if (event.metaKey || event.ctrlKey || event.altKey) return;
			if (event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog, [role=menu]") !== null) return;
			const actions: Record<string, () => void> = {
				j: () => move(1),
				k: () => move(-1),
				c: () => void copy(false),
				d: () => void copy(true),
				h: () => {
					const shown = focusedIndicator();
					if (mayHunt && shown !== null) router.push(huntPath(shown.value));
				},
				m: openMenu,
				"?": () => dialog.current?.showModal(),
			};
			actions[event.key.toLowerCase()]?.();
		};
		const onAsked = () => dialog.current?.showModal();
		document.addEventListener("keydown", onKey);
		document.addEventListener(KEYS_EVENT, onAsked);
		return () => {
			document.removeEventListener("keydown", onKey);
			document.removeEventListener(KEYS_EVENT, onAsked);
		};
	}, [mayHunt, router]);
	useEffect(() => {
		if (said === "") return;
		const timer = setTimeout(() => setSaid(""), 2000);
		return () => clearTimeout(timer);
	}, [said]);
	return (
		<>
			<dialog ref={dialog} className="m-auto rounded-md border border-line-strong bg-panel p-5 backdrop:bg-ink/30" aria-label="Keys">
				<h2 className="mb-3 font-semibold">Keys</h2>
				<dl className="mb-4 grid grid-cols-[7rem_1fr] gap-y-1.5">
					{KEYS.map(([key, what]) => (
						<div key={key} className="contents">
							<dt className="mono">{key}</dt>
							<dd className="text-ink-2">{what}</dd>
						</div>
					))}
				</dl>
				<Button onClick={() => dialog.current?.close()}>Close</Button>
			</dialog>
			<p role="status" className={`fixed right-4 bottom-4 max-w-[80vw] truncate rounded-md border border-line-strong bg-panel px-3 py-1.5 text-sm ${said === "" ? "hidden" : ""}`}>
				{said}
			</p>
		</>
	);
}
