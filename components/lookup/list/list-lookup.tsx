"use client";

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Reach, Service } from "@/lib/lookup";
import { CopyButton } from "../../console/copy-button";
import { Button } from "../../ui/button";
import { handedList } from "../target";
import { ListForm } from "./list-form";
import { ListServices } from "./list-services";
import { ListStore } from "./list-store";
import { ListTable } from "./list-table";
import { csvOfRows, defangedLines, FILTERS, type Filter, type Sort, type SortKey, shownRows } from "./view";

function number(value: number): string {
	return value.toLocaleString("en");
}

/** The list in a sentence: how many are listed so far, and what was left out of it. */
function Summary({ store }: { store: ListStore }) {
	const { rows, repeated, comments, beyond } = store.list;
	const indicators = rows.filter(({ indicator }) => indicator !== null).length;
	const listed = shownRows(store, "listed", { key: "place", down: false }).length;
	const left = [
		...(rows.length - indicators > 0 ? [`${number(rows.length - indicators)} no indicator`] : []),
		...(repeated > 0 ? [`${number(repeated)} repeated`] : []),
		...(comments > 0 ? [`${number(comments)} ${comments === 1 ? "comment" : "comments"}`] : []),
	];
	return (
		<div aria-live="polite" className="rounded-md border border-line bg-panel px-4 py-2.5">
			<p>
				<strong>
					{number(listed)} of {number(indicators)} {indicators === 1 ? "value is" : "values are"} listed.
				</strong>{" "}
				{store.isReading && <span className="text-ink-2">The index has answered for {number(store.read)}. </span>}
				<span className="text-ink-3">{left.length > 0 && `Left out: ${left.join(", ")}. `}Not being listed is no verdict.</span>
			</p>
			{store.isReading && <progress className="mt-2 block h-1.5 w-full accent-(--accent)" max={indicators} value={store.read} aria-label="Values the index has answered for" />}
			{beyond > 0 && <p className="text-sm text-warn">{number(beyond)} values beyond the limit are not looked up. Look them up as a list of their own.</p>}
			{store.fault !== null && (
				<p className="mt-1 flex flex-wrap items-center gap-2 text-warn">
					{store.fault}
					<Button onClick={() => void store.readIndex()}>Go on from there</Button>
				</p>
			)}
		</div>
	);
}

function save(text: string): void {
	const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
	const link = document.createElement("a");
	link.href = address;
	link.download = "exist-lookup.csv";
	link.click();
	URL.revokeObjectURL(address);
}

function Answers({ store, services, reach }: { store: ListStore; services: readonly Service[]; reach: Reach }) {
	const version = useSyncExternalStore(store.subscribe, store.version, store.version);
	const [filter, setFilter] = useState<Filter>("all");
	const [sort, setSort] = useState<Sort>({ key: "place", down: false });
	// biome-ignore lint/correctness/useExhaustiveDependencies: the store changes within itself, its version says when
	const rows = useMemo(() => shownRows(store, filter, sort), [store, filter, sort, version]);
	const asked = services.filter(({ id }) => store.progress(id) !== null);
	const onSort = (key: SortKey) => setSort((before) => (before.key !== key ? { key, down: false } : before.down ? { key: "place", down: false } : { key, down: true }));
	return (
		<>
			<Summary store={store} />
			<ListServices store={store} services={services} reach={reach} />
			<div className="flex flex-wrap items-center gap-2">
				<select className="field" aria-label="Show" value={filter} onChange={(event) => setFilter(event.target.value as Filter)}>
					{FILTERS.map(([value, label]) => (
						<option key={value} value={value}>
							{label}
						</option>
					))}
				</select>
				<span className="text-sm text-ink-3">{number(rows.length)}</span>
				<div className="ml-auto flex gap-2">
					<CopyButton text={() => defangedLines(rows)} label="Copy defanged" />
					<Button onClick={() => save(csvOfRows(store, rows, asked))}>CSV</Button>
				</div>
			</div>
			<ListTable store={store} rows={rows} services={asked} sort={sort} onSort={onSort} />
		</>
	);
}

/** Many values at once: the index answers for all of them, services for those somebody chooses, as their quotas allow. */
export function ListLookup({ initial, services, reach }: { initial: string; services: readonly Service[]; reach: Reach }) {
	const [store, setStore] = useState<ListStore | null>(null);
	const [text, setText] = useState(initial);
	const current = useRef<ListStore | null>(null);
	const reachNow = useRef(reach);
	reachNow.current = reach;
	const begin = (value: string) => {
		current.current?.close();
		const next = new ListStore(value, () => reachNow.current);
		current.current = next;
		setStore(next);
		void next.readIndex();
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: a list that was handed over begins once, when the page or its address is new
	useEffect(() => {
		const given = initial === "" ? handedList() : initial;
		if (given === "") return;
		if (given.length < 100_000) setText(given);
		begin(given);
	}, [initial]);
	useEffect(() => () => current.current?.close(), []);
	return (
		<>
			<h1 className="text-lg font-semibold">Look up list</h1>
			<ListForm initial={text} onStart={begin} />
			{store !== null && <Answers store={store} services={services} reach={reach} />}
		</>
	);
}
