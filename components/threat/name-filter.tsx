import { AutoSubmit } from "../console/auto-submit";

/** A search box over names, and how many are shown. */
export function NameFilter({ action, value, label, found }: { action: string; value: string; label: string; found: string }) {
	return (
		<div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-panel px-3 py-2">
			<AutoSubmit action={action} label="Filters">
				<input type="search" name="q" defaultValue={value} placeholder={label} aria-label={label} className="field w-[16rem] max-sm:w-full" maxLength={200} spellCheck={false} />
			</AutoSubmit>
			<p className="ml-auto text-sm text-ink-3 tabular-nums">{found}</p>
		</div>
	);
}
