import Link from "next/link";
import { defang } from "@/lib/domain/defang";
import type { Indicator } from "@/lib/domain/indicator";
import { indicatorPath } from "@/lib/domain/path";

export { indicatorPath };

/** What fits one line of a table on a small laptop. */
const TABLE_LENGTH = 58;

/** The middle is what can be spared: beginnings name the host, ends the file. */
export function elide(text: string, length = TABLE_LENGTH): string {
	if (text.length <= length) return text;
	const end = Math.floor(length / 3);
	return `${text.slice(0, length - end - 1)}…${text.slice(-end)}`;
}

/** An indicator in a table: defanged, its middle elided, the whole in title and copy. */
export function IndicatorLink({ indicator, href, ports }: { indicator: Indicator; href?: string; ports?: readonly string[] }) {
	const shown = defang(indicator);
	const port = ports?.length === 1 ? `:${ports[0]?.replace("/udp", " udp")}` : "";
	return (
		<span data-indicator="" className="group/indicator">
			<Link
				href={href ?? indicatorPath(indicator)}
				prefetch={false}
				data-row=""
				data-copy={indicator.value}
				data-defanged={shown}
				data-type={indicator.type}
				title={shown}
				className={`mono hover:underline ${indicator.type === "cve" ? "whitespace-nowrap" : "break-all"}`}
			>
				{elide(shown)}
				{port}
			</Link>
			{/* Tab goes from row to row; the key M opens the menu of the one that has the focus. */}
			<button
				type="button"
				data-menu=""
				tabIndex={-1}
				aria-haspopup="menu"
				aria-label={`What to do with ${shown}`}
				className="indicator-menu -my-1 inline-block w-6 rounded-sm py-1 text-center text-ink-3 hover:bg-sunken hover:text-ink"
			>
				⋮
			</button>
		</span>
	);
}
