import Link from "next/link";
import { withoutPaging } from "./list-header";
import { buttonClass } from "./ui/button";

/** Older and newer pages, by cursor: exact however deep, and stable while rows arrive. */
export function Pager({ path, params, next, previous }: { path: string; params: URLSearchParams; next: string | null; previous: string | null }) {
	const href = (cursor: string) => {
		const query = withoutPaging(params);
		const limit = params.get("limit");
		if (limit !== null) query.set("limit", limit);
		query.set("cursor", cursor);
		return `${path}?${query}`;
	};
	return (
		<nav aria-label="Pages" className="flex items-center gap-2">
			{previous !== null && (
				<Link href={href(previous)} className={buttonClass()} rel="prev">
					Newer
				</Link>
			)}
			{next !== null && (
				<Link href={href(next)} className={buttonClass()} rel="next">
					Older
				</Link>
			)}
			<p className="ml-2 text-xs text-ink-3 max-sm:hidden">
				<kbd className="mono">J</kbd> <kbd className="mono">K</kbd> move · <kbd className="mono">Enter</kbd> open · <kbd className="mono">C</kbd> copy · <kbd className="mono">D</kbd> copy defanged ·{" "}
				<kbd className="mono">?</kbd> all keys
			</p>
		</nav>
	);
}
