"use client";

import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";

export interface Shot {
	name: string;
	src: string;
}

/** Screenshots of a page, small, and large on a click: Esc closes, the arrow keys change between them. */
export function Lightbox({ shots, alt }: { shots: readonly Shot[]; alt: string }) {
	const dialog = useRef<HTMLDialogElement>(null);
	const [at, setAt] = useState(0);
	const [open, setOpen] = useState(false);
	const first = shots[0];
	const shot = shots[at];
	if (first === undefined || shot === undefined) return null;
	const turn = (by: number) => setAt((shots.length + at + by) % shots.length);
	return (
		<>
			<button
				type="button"
				aria-label="Show the screenshot large"
				className="block w-full cursor-zoom-in bg-sunken"
				onClick={() => {
					setOpen(true);
					dialog.current?.showModal();
				}}
			>
				{/* biome-ignore lint/performance/noImgElement: the optimizer is off on purpose */}
				<img src={first.src} alt={alt} className="mx-auto max-h-[440px] w-full object-contain object-top" />
			</button>
			<dialog
				ref={dialog}
				aria-label="Screenshot"
				onClose={() => setOpen(false)}
				onKeyDown={(event) => {
					if (event.key === "ArrowRight") turn(1);
					if (event.key === "ArrowLeft") turn(-1);
				}}
				className="m-auto max-h-[94vh] w-[min(96vw,1320px)] max-w-none overflow-hidden rounded-md border border-line-strong bg-panel p-0 backdrop:bg-sunken/80"
			>
				<div className="flex items-center gap-2 border-b border-line px-3 py-2">
					{shots.map(({ name }, number) => (
						<Button key={name} kind={number === at ? "primary" : "plain"} aria-pressed={number === at} onClick={() => setAt(number)}>
							{name}
						</Button>
					))}
					<a href={shot.src} className="ml-auto text-sm text-ink-3 hover:text-ink">
						PNG
					</a>
					<Button onClick={() => dialog.current?.close()}>Close</Button>
				</div>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
				<section className="max-h-[calc(94vh-46px)] overflow-auto" aria-label={shot.name} tabIndex={0}>
					{/* biome-ignore lint/performance/noImgElement: as above */}
					{open && <img src={shot.src} alt={`${alt}, ${shot.name}`} className="mx-auto block max-w-full" />}
				</section>
			</dialog>
		</>
	);
}
