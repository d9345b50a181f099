import Link from "next/link";
import type { ListFilter } from "@/lib/trackers/view";
import { AutoSubmit } from "../console/auto-submit";

/** A filter with its choices read. */
export type ShownFilter = Exclude<ListFilter, { kind: "choice" }> | { kind: "choice"; name: string; label: string; options: ReadonlyArray<readonly [string, string]> };

const SPANS: ReadonlyArray<readonly [number, string]> = [
	[1, "today"],
	[7, "7 days"],
	[30, "30 days"],
	[365, "a year"],
];

/** On a phone fields share the width of their line. */
const SHARE = "max-sm:min-w-[9rem] max-sm:flex-1";

/** One of several, or any. */
function Choice({ name, label, value, options }: { name: string; label: string; value: string; options: ReadonlyArray<readonly [string, string]> }) {
	return (
		<select name={name} defaultValue={value} aria-label={label} className={`field ${SHARE} sm:max-w-[10rem] ${value === "" ? "" : "border-accent text-accent"}`}>
			<option value="">{label}: any</option>
			{options.map(([key, text]) => (
				<option key={key} value={key}>
					{text}
				</option>
			))}
		</select>
	);
}

/** Days to begin with, and the one that is chosen where it is none of them. */
function sinceOptions(value: string): ReadonlyArray<readonly [string, string]> {
	const days = SPANS.map(([length, words]) => [new Date(Date.now() - (length - 1) * 86_400_000).toISOString().slice(0, 10), `since ${words === "today" ? words : `${words} ago`}`] as const);
	return value === "" || days.some(([day]) => day === value) ? days : [[value, `since ${value.slice(0, 10)}`], ...days];
}

function Control({ filter, value }: { filter: ShownFilter; value: string }) {
	switch (filter.kind) {
		case "words":
			return (
				<input
					type="search"
					name={filter.name}
					defaultValue={value}
					placeholder={filter.placeholder}
					aria-label={filter.label}
					className="field mono w-[12rem] grow max-sm:w-full sm:max-w-[16rem]"
					maxLength={2000}
					spellCheck={false}
					autoCapitalize="off"
				/>
			);
		case "text":
			return (
				<input
					name={filter.name}
					defaultValue={value}
					placeholder={filter.placeholder}
					aria-label={filter.label}
					{...(filter.pattern === undefined ? {} : { pattern: filter.pattern })}
					{...(filter.longest === undefined ? {} : { maxLength: filter.longest })}
					className={`field mono ${SHARE} ${filter.width ?? "w-[9rem]"} ${filter.upper === true ? "uppercase placeholder:normal-case" : ""}`}
					autoComplete="off"
					spellCheck={false}
				/>
			);
		case "choice":
			return <Choice name={filter.name} label={filter.label} value={value} options={filter.options} />;
		case "since":
			return <Choice name={filter.name} label={filter.label} value={value} options={sinceOptions(value)} />;
		case "flag":
			return (
				<label className={`field flex items-center gap-1.5 ${SHARE} ${value === "true" ? "border-accent text-accent" : ""}`}>
					<input type="checkbox" name={filter.name} value="true" defaultChecked={value === "true"} />
					{filter.label}
				</label>
			);
	}
}

/** The address is the state: every choice is a parameter that page, API and CSV understand alike. */
export function RecordFilters({ action, filters, params, found }: { action: string; filters: readonly ShownFilter[]; params: URLSearchParams; found: string | null }) {
	const value = (name: string) => params.get(name) ?? "";
	const shown = new Set(filters.map(({ name }) => name));
	const others = [...params].filter(([name, text]) => !shown.has(name) && !["cursor", "offset", "limit"].includes(name) && text !== "");
	const any = others.length > 0 || filters.some(({ name }) => value(name) !== "");
	return (
		<div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-panel px-3 py-2">
			<AutoSubmit action={action} label="Filters">
				{filters.map((filter) => (
					<Control key={filter.name} filter={filter} value={value(filter.name)} />
				))}
				{others.map(([name, text]) => (
					<input key={`${name} ${text}`} type="hidden" name={name} value={text} />
				))}
			</AutoSubmit>
			{any && (
				<Link href={action} className="text-sm text-accent">
					Clear
				</Link>
			)}
			{found !== null && <p className="ml-auto text-sm text-ink-3 tabular-nums">{found}</p>}
		</div>
	);
}
