"use client";

import { Panel } from "../ui/panel";

export interface KindChoice {
	id: string;
	title: string;
	says: string;
	fields: ReadonlyArray<{ name: string; says: string; example: string; bare: boolean }>;
	examples: ReadonlyArray<{ query: string; says: string }>;
}

function Take({ query, onTake }: { query: string; onTake: (query: string) => void }) {
	return (
		<button type="button" onClick={() => onTake(query)} className="code text-left hover:border-line-strong hover:text-accent" title="Put it into the query">
			{query}
		</button>
	);
}

/** What a kind looks into and what can be asked of it; each example can be taken. */
export function KindHelp({ kind, onTake, onAdd }: { kind: KindChoice; onTake: (query: string) => void; onAdd: (term: string) => void }) {
	const bare = kind.fields.filter((field) => field.bare).map(({ name }) => name);
	return (
		<Panel title={`What can be asked: ${kind.title}`}>
			<div className="flex flex-col gap-3 px-4 py-3">
				<p className="text-ink-2">{kind.says}</p>
				<ul className="flex flex-col gap-2">
					{kind.examples.map(({ query, says }) => (
						<li key={query}>
							<Take query={query} onTake={onTake} />
							<span className="mt-0.5 block text-sm text-ink-2">{says}</span>
						</li>
					))}
				</ul>
				<p className="text-sm text-ink-3">
					Words without a field look into {bare.slice(0, -1).join(", ")} {bare.length > 1 ? "and " : ""}
					{bare.at(-1)}. Indicators may be defanged.
				</p>
			</div>
			<dl className="border-t border-line">
				{kind.fields.map(({ name, says, example }) => (
					<div key={name} className="border-b border-line px-4 py-1.5 last:border-b-0">
						<dt>
							<Take query={example} onTake={() => onAdd(example)} />
						</dt>
						<dd className="mt-0.5 text-sm text-ink-2">{says}</dd>
					</div>
				))}
			</dl>
		</Panel>
	);
}
