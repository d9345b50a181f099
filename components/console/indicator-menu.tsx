"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { actionsOf, type IndicatorAction, type ShownIndicator, shownBy } from "./indicator-actions";

/** Opens the menu from elsewhere (a key); `detail` is the element that shows the indicator. */
export const MENU_EVENT = "exist:menu";

const WIDTH = 224;
const GAP = 4;

/** Below the element, and within the window. */
function placeBeside(menu: HTMLElement, anchor: HTMLElement): void {
	const box = anchor.getBoundingClientRect();
	const height = menu.offsetHeight;
	const below = box.bottom + GAP;
	menu.style.left = `${Math.max(GAP, Math.min(box.left, window.innerWidth - WIDTH - GAP))}px`;
	menu.style.top = `${below + height > window.innerHeight ? Math.max(GAP, box.top - height - GAP) : below}px`;
}

/**
 * The one menu of all indicators of a page: a press on a button that says `data-menu` opens it beside that indicator. Escape and a
 * press elsewhere close it, and the focus goes back to where it came from: that is how browsers' own popovers work.
 */
export function IndicatorMenu({ mayHunt }: { mayHunt: boolean }) {
	const router = useRouter();
	const menu = useRef<HTMLDivElement>(null);
	const [shown, setShown] = useState<ShownIndicator | null>(null);
	const [anchor, setAnchor] = useState<HTMLElement | null>(null);
	const [said, setSaid] = useState<string | null>(null);

	useEffect(() => {
		const open = (at: HTMLElement) => {
			setShown(shownBy(at.closest<HTMLElement>("[data-indicator]")?.querySelector<HTMLElement>("[data-copy]") ?? at));
			setSaid(null);
			setAnchor(at);
		};
		const onClick = (event: MouseEvent) => {
			const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-menu]") : null;
			if (button === null) return;
			event.preventDefault();
			open(button);
		};
		const onAsked = (event: Event) => {
			if (event instanceof CustomEvent && event.detail instanceof HTMLElement) open(event.detail);
		};
		document.addEventListener("click", onClick);
		document.addEventListener(MENU_EVENT, onAsked);
		return () => {
			document.removeEventListener("click", onClick);
			document.removeEventListener(MENU_EVENT, onAsked);
		};
	}, []);

	useEffect(() => {
		const element = menu.current;
		if (element === null || anchor === null || shown === null) return;
		element.showPopover();
		placeBeside(element, anchor);
		element.querySelector<HTMLElement>("[role=menuitem]")?.focus();
		const onToggle = (event: ToggleEvent) => {
			if (event.newState === "closed") setAnchor(null);
		};
		const onScroll = () => element.hidePopover();
		element.addEventListener("toggle", onToggle);
		window.addEventListener("scroll", onScroll, { once: true });
		return () => {
			element.removeEventListener("toggle", onToggle);
			window.removeEventListener("scroll", onScroll);
		};
	}, [anchor, shown]);

	const act = async (action: IndicatorAction) => {
		if ("href" in action) {
			menu.current?.hidePopover();
			return router.push(action.href);
		}
		const ok = await navigator.clipboard.writeText(action.copy).then(
			() => true,
			() => false,
		);
		setSaid(ok ? "Copied" : "The browser did not allow copying");
		if (ok) setTimeout(() => menu.current?.hidePopover(), 500);
	};
	const onKeyDown = (event: React.KeyboardEvent) => {
		const items = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
		const at = items.indexOf(document.activeElement as HTMLElement);
		const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
		if (event.key === "Tab") menu.current?.hidePopover();
		if (to === undefined || items.length === 0) return;
		event.preventDefault();
		items[(to + items.length) % items.length]?.focus();
	};

	return (
		<div
			ref={menu}
			popover="auto"
			role="menu"
			tabIndex={-1}
			aria-label={shown === null ? "Indicator" : `What to do with ${shown.defanged}`}
			onKeyDown={onKeyDown}
			className="m-0 w-56 rounded-md border border-line-strong bg-panel py-1 text-ink"
		>
			{shown !== null && (
				<>
					<p className="mono truncate border-b border-line px-3 pt-0.5 pb-1.5 text-xs text-ink-3" title={shown.defanged}>
						{said ?? shown.defanged}
					</p>
					{actionsOf(shown, mayHunt).map((action) => (
						<button
							key={action.label}
							type="button"
							role="menuitem"
							tabIndex={-1}
							onClick={() => void act(action)}
							className="flex min-h-8 w-full items-center justify-between px-3 text-left text-sm hover:bg-sunken focus:bg-sunken focus:outline-none max-sm:min-h-10"
						>
							{action.label}
							{action.key !== null && <kbd className="mono text-xs text-ink-3 max-sm:hidden">{action.key}</kbd>}
						</button>
					))}
				</>
			)}
			<span role="status" className="sr-only">
				{said}
			</span>
		</div>
	);
}
