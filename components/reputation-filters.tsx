import Link from "next/link";
import { INDICATOR_TYPES } from "@/lib/domain/indicator";
import type { Category } from "@/lib/sources/define";
import { categoryWords } from "./category-badge";
import { AutoSubmit } from "./console/auto-submit";
import { TYPE_WORDS } from "./indicator";
import { Choice, sinceOptions } from "./records/filters";

const CATEGORY_ORDER: readonly Category[] = ["botnet-c2", "malware", "malware-download", "phishing", "hijacked", "attacker", "scanner", "spam", "anonymiser", "suspicious"];

/** The address is the state: every choice is a parameter that page, API and CSV understand alike. */
export function ReputationFilters({ params, sources, found }: { params: URLSearchParams; sources: ReadonlyArray<{ number: number; name: string }>; found: string | null }) {
	const value = (name: string) => params.get(name) ?? "";
	const after = value("datetime_after");
	const any = [...params.keys()].some((name) => !["cursor", "offset", "limit"].includes(name) && value(name) !== "");
	return (
		<div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-panel px-3 py-2">
			<AutoSubmit action="/reputation" label="Filters">
				<input
					type="search"
					name="search"
					defaultValue={value("search")}
					placeholder="words in the value"
					aria-label="Words in the value"
					className="field mono w-[13rem] max-sm:w-full"
					maxLength={2000}
					spellCheck={false}
					autoCapitalize="off"
				/>
				<Choice name="source" label="Source" value={value("source")} options={sources.map(({ number, name }) => [String(number), name])} />
				<Choice name="type" label="Type" value={value("type")} options={INDICATOR_TYPES.filter((type) => type !== "cve").map((type) => [type, TYPE_WORDS[type]])} />
				<Choice name="category" label="Category" value={value("category")} options={CATEGORY_ORDER.map((category) => [category, categoryWords(category)])} />
				<Choice name="datetime_after" label="First seen" value={after} options={sinceOptions(after)} />
				<input
					name="country"
					defaultValue={value("country")}
					placeholder="Country"
					aria-label="Country, two letters"
					maxLength={2}
					pattern="[A-Za-z]{2}"
					className="field mono w-[5.5rem] uppercase placeholder:normal-case"
					autoComplete="off"
				/>
				<label className={`field flex items-center gap-1.5 ${value("listed") === "true" ? "border-accent text-accent" : ""}`}>
					<input type="checkbox" name="listed" value="true" defaultChecked={value("listed") === "true"} />
					Still listed
				</label>
				{["ip", "domain", "url", "port"].map((name) => value(name) !== "" && <input key={name} type="hidden" name={name} value={value(name)} />)}
			</AutoSubmit>
			{any && (
				<Link href="/reputation" className="text-sm text-accent">
					Clear
				</Link>
			)}
			{found !== null && <p className="ml-auto text-sm text-ink-3 tabular-nums">{found}</p>}
		</div>
	);
}
