"use client";

import { useRouter } from "next/navigation";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { TYPE_WORDS } from "@/lib/domain/indicator";
import { type Understood, understand } from "@/lib/domain/understand";
import { keptReach, REACH_CHOICES } from "../lookup/reach";
import { forgetLookups, recentLookups } from "../lookup/recent";
import { handOverList } from "../lookup/target";
import { KEYS_EVENT } from "./keyboard";
import { type PaletteGroup, type PaletteOption, type PalettePage, paletteGroups } from "./palette-options";

export type { PalettePage } from "./palette-options";

function takenFor(understood: Understood): string {
	switch (understood.kind) {
		case "indicator":
			return `Taken for: ${TYPE_WORDS[understood.indicator.type]}`;
		case "many":
			return `Taken for: a list of ${understood.values.toLocaleString("en")} values`;
		case "words":
			return "Taken for: words";
		case "invalid":
			return understood.reason;
		default:
			return "An indicator, several, or words. Defanged is fine.";
	}
}

/** What the text is taken for, and what one should know about it. */
function Taken({ understood }: { understood: Understood }) {
	const notes = understood.kind === "indicator" ? understood.notes : [];
	return (
		<div role="status" className="border-b border-line px-4 py-2 text-sm text-ink-2">
			<p className={`break-words ${understood.kind === "invalid" ? "text-warn" : ""}`}>{takenFor(understood)}</p>
			{notes.map(({ text, tone }) => (
				<p key={text} className={`break-words ${tone === "warn" ? "text-warn" : ""}`}>
					{text}
				</p>
			))}
		</div>
	);
}

function Options({ groups, active, onChoose }: { groups: readonly PaletteGroup[]; active: string | undefined; onChoose: (option: PaletteOption) => void }) {
	return (
		<div id="palette-options" role="listbox" aria-label="What to do" className="max-h-[50vh] overflow-y-auto py-1">
			{groups.map(({ title, options }) => (
				<div key={title} role="group" aria-label={title}>
					<p className="px-4 pt-2 pb-1 text-xs font-semibold tracking-wider text-ink-3 uppercase" aria-hidden="true">
						{title}
					</p>
					{options.map((option) => (
						// biome-ignore lint/a11y/useKeyWithClickEvents: the keys of a list are those of the box above it
						// biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box above, which names the option
						<div
							key={option.id}
							id={`palette-${option.id}`}
							role="option"
							aria-selected={option.id === active}
							onClick={() => onChoose(option)}
							className={`flex min-h-8 cursor-pointer items-center justify-between gap-4 px-4 py-1 ${option.id === active ? "bg-accent-soft" : "hover:bg-sunken"}`}
						>
							<span className={`min-w-0 break-all ${option.mono === true ? "mono" : ""}`}>{option.label}</span>
							{option.aside !== undefined && option.aside !== "" && <span className="shrink-0 text-xs text-ink-3">{option.aside}</span>}
						</div>
					))}
				</div>
			))}
		</div>
	);
}

interface Props {
	initial: string;
	pages: readonly PalettePage[];
	/** true where the text was taken elsewhere */
	onPaste: (event: ClipboardEvent<HTMLInputElement>) => boolean;
	/** `isLeft`: for what was chosen */
	onClose: (isLeft: boolean) => void;
}

/** One line for everything: what is typed or pasted is classified while one types, and everything it may lead to is a key away. */
export function Palette({ initial, pages, onPaste, onClose }: Props) {
	const router = useRouter();
	const dialog = useRef<HTMLDialogElement>(null);
	const input = useRef<HTMLInputElement>(null);
	const isLeft = useRef(false);
	const [text, setText] = useState(initial);
	const [at, setAt] = useState(0);
	const [recent, setRecent] = useState(recentLookups);
	const understood = useMemo(() => understand(text), [text]);
	const groups = useMemo(() => paletteGroups(understood, text.trim(), recent, pages), [understood, text, recent, pages]);
	const options = groups.flatMap((group) => group.options);
	const active = options[Math.min(at, options.length - 1)];
	useEffect(() => {
		dialog.current?.showModal();
		input.current?.focus();
	}, []);
	// Typing goes on behind the letter that opened the palette; a subject or a paste is replaced by what is typed next.
	useEffect(() => {
		setText(initial);
		setAt(0);
		if (initial.length > 1) requestAnimationFrame(() => input.current?.select());
	}, [initial]);
	useEffect(() => {
		if (active !== undefined) document.getElementById(`palette-${active.id}`)?.scrollIntoView({ block: "nearest" });
	}, [active]);
	const choose = ({ does }: PaletteOption) => {
		if ("call" in does && does.call === "forget") {
			forgetLookups();
			setRecent([]);
			setAt(0);
			return;
		}
		isLeft.current = true;
		dialog.current?.close();
		if ("call" in does) document.dispatchEvent(new Event(KEYS_EVENT));
		else {
			if (does.list !== undefined) handOverList(does.list);
			router.push(does.go);
		}
	};
	const onKey = (event: KeyboardEvent) => {
		const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
		if (step !== 0 && options.length > 0) {
			event.preventDefault();
			setAt((Math.min(at, options.length - 1) + step + options.length) % options.length);
		} else if (event.key === "Enter" && active !== undefined && !event.nativeEvent.isComposing) {
			event.preventDefault();
			choose(active);
		}
	};
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: a press beside it closes it; by keys Escape does, as in every dialog
		<dialog
			ref={dialog}
			aria-label="Look up"
			onClose={() => onClose(isLeft.current)}
			onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
			className="mx-auto mt-[8vh] w-[min(680px,calc(100vw-24px))] overflow-hidden rounded-md border border-line-strong bg-panel backdrop:bg-ink/30"
		>
			<input
				ref={input}
				name="keyword"
				role="combobox"
				aria-label="Look up"
				aria-expanded={options.length > 0}
				aria-controls="palette-options"
				aria-activedescendant={active === undefined ? undefined : `palette-${active.id}`}
				aria-autocomplete="list"
				value={text}
				onChange={(event) => {
					setText(event.target.value);
					setAt(0);
				}}
				onKeyDown={onKey}
				onPaste={onPaste}
				placeholder="IP, domain, URL, hash, CVE or words; several become a list"
				autoComplete="off"
				autoCapitalize="off"
				spellCheck={false}
				className="mono h-11 w-full border-b border-line bg-panel px-4 outline-none"
			/>
			<Taken understood={understood} />
			<Options groups={groups} active={active?.id} onChoose={choose} />
			<p className="flex flex-wrap justify-between gap-x-4 border-t border-line px-4 py-1.5 text-xs text-ink-3">
				<span>↑ ↓ choose · Enter open · Esc close</span>
				<span>Services asked: {REACH_CHOICES.find(({ value }) => value === keptReach())?.label.toLowerCase()}</span>
			</p>
		</dialog>
	);
}
