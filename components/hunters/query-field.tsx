"use client";

import { useRef } from "react";
import { marked } from "./defanged";
import type { Checked, Fault } from "./use-check";

function Faults({ faults, onGo }: { faults: readonly Fault[]; onGo: (fault: Fault) => void }) {
	return (
		<ul className="flex flex-col gap-1">
			{faults.slice(0, 5).map((fault) => (
				<li key={`${fault.from} ${fault.message}`} className="text-sm text-bad">
					<button type="button" onClick={() => onGo(fault)} className="mr-1.5 rounded-sm bg-bad-soft px-1.5 text-xs underline" aria-label={`Select character ${fault.from + 1}`}>
						at {fault.from + 1}
					</button>
					{fault.message}
				</li>
			))}
			{faults.length > 5 && <li className="text-sm text-bad">and {faults.length - 5} more</li>}
		</ul>
	);
}

function Reads({ reads }: Pick<Checked, "reads">) {
	return (
		<p className="text-sm leading-relaxed text-ink-2">
			Reads as:{" "}
			{reads.slice(0, 12).map(({ all, none }, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: clauses are known by their place
				<span key={at}>
					{at > 0 && <strong className="font-medium"> or </strong>}
					{[...all.map((term) => ({ ...term, not: false })), ...none.map((term) => ({ ...term, not: true }))].map((term, place) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: terms are known by their place
						<span key={place}>
							{place > 0 && <> and </>}
							{term.not && <>not </>}
							<bdi className="code">{term.text}</bdi> <span className="text-ink-3">{term.as}</span>
						</span>
					))}
				</span>
			))}
			{reads.length > 12 && <span className="text-ink-3"> or one of {reads.length - 12} more</span>}
		</p>
	);
}

/** The query as it is typed: what is wrong is underlined where it stands and said below, else how it is read. */
export function QueryField({ value, onChange, checked, isInvalid }: { value: string; onChange: (value: string) => void; checked: Checked | null; isInvalid: boolean }) {
	const box = useRef<HTMLTextAreaElement>(null);
	const faults = checked?.query === value ? checked.faults : [];
	const go = ({ from, to }: Fault) => {
		box.current?.focus();
		box.current?.setSelectionRange(from, to);
	};
	return (
		<div className="min-w-0">
			<label htmlFor="hunter-query" className="text-sm text-ink-2">
				Query
			</label>
			{/* The layer below gives the height and the underlines; the box lies over it, letter on letter. Both scroll together. */}
			<div className="relative mt-0.5 max-h-80 overflow-y-auto rounded-md border border-line-strong bg-sunken outline-offset-1 has-aria-invalid:border-bad has-focus-visible:outline-2 has-focus-visible:outline-accent">
				<div className="relative">
					<div aria-hidden="true" className="query-layer min-h-[56px] text-transparent">
						{marked(value, faults).map(({ text, marked: isAtFault }, at) =>
							isAtFault ? (
								// biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text are known by their place
								<mark key={at} className="bg-transparent text-transparent underline decoration-bad decoration-wavy decoration-from-font underline-offset-4">
									{text}
								</mark>
							) : (
								text
							),
						)}{" "}
					</div>
					<textarea
						ref={box}
						id="hunter-query"
						name="query"
						value={value}
						onChange={(event) => onChange(event.target.value)}
						aria-invalid={faults.length > 0 || isInvalid || undefined}
						aria-describedby="hunter-query-said"
						className="query-layer absolute inset-0 block h-full w-full resize-none overflow-hidden bg-transparent text-ink outline-none!"
						placeholder="emotet, qakbot c2, evil[.]example"
						spellCheck={false}
						autoComplete="off"
						autoCapitalize="off"
					/>
				</div>
			</div>
			<div id="hunter-query-said" aria-live="polite" className="mt-1.5 min-h-[22px]">
				{faults.length > 0 && <Faults faults={faults} onGo={go} />}
				{faults.length === 0 && checked !== null && checked.reads.length > 0 && <Reads reads={checked.reads} />}
				{faults.length === 0 && (checked?.reads.length ?? 0) === 0 && <p className="text-sm text-ink-3">A blank is AND, a comma is OR, quotes hold a phrase, - leaves out.</p>}
			</div>
		</div>
	);
}
