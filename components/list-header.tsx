import { buttonClass } from "./ui/button";

/** Parameters that are part of a question, in the spelling the API takes too. */
export function withoutPaging(params: URLSearchParams): URLSearchParams {
	const kept = new URLSearchParams(params);
	for (const name of ["cursor", "offset", "limit", "format"]) kept.delete(name);
	return kept;
}

/** Title of a list with its totals, and the same rows by API and as CSV. */
export function ListHeader({ title, said, resource, params }: { title: string; said: string; resource: string; params: URLSearchParams }) {
	const query = withoutPaging(params);
	const csv = new URLSearchParams(query);
	csv.set("format", "csv");
	return (
		<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
			<h1 className="text-lg font-semibold">{title}</h1>
			<p className="text-ink-3">{said}</p>
			<div className="ml-auto flex gap-2">
				<a href={`/api/${resource}${query.size > 0 ? `?${query}` : ""}`} className={buttonClass()}>
					API call
				</a>
				<a href={`/api/${resource}?${csv}`} className={buttonClass()} download="">
					CSV
				</a>
			</div>
		</div>
	);
}
