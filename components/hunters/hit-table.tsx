import Link from "next/link";
import type { Hit } from "@/lib/hunters/hunter";
import { Time } from "../time";
import { type DataColumn, DataTable } from "../ui/data-table";
import { asIndicator, defanged } from "./defanged";
import { Excerpts, MarkedTitle } from "./excerpt";

/** A found record: its title leads to it, below stands why it was found. */
function Found({ title, path, matches }: Pick<Hit, "title" | "path" | "matches">) {
	const shown = defanged(title);
	const indicator = asIndicator(title);
	return (
		<div className="min-w-0 py-1">
			<Link
				href={path}
				prefetch={false}
				data-row=""
				data-copy={title}
				data-defanged={shown}
				data-type={indicator?.type}
				title={shown}
				className={`hover:underline ${indicator !== null ? "mono break-all" : "font-medium [overflow-wrap:anywhere]"}`}
			>
				<bdi>
					<MarkedTitle title={title} matches={matches} />
				</bdi>
			</Link>
			<Excerpts title={title} matches={matches} />
		</div>
	);
}

type Sample = Omit<Hit, "at">;

const record = { header: "Record", className: "align-top", cell: (hit: Sample) => <Found {...hit} /> } as const;
const source = { header: "Source", hide: "phone", className: "align-top pt-2! text-ink-2 whitespace-nowrap", cell: (hit: Sample) => hit.source.name } as const;
const date = (now: string): DataColumn<Sample> => ({
	header: "Dated",
	hide: "phone",
	align: "right",
	className: "align-top pt-2! text-ink-2",
	cell: ({ recordAt }) => <Time at={recordAt.toISOString()} now={now} as="date" />,
});

/** Hits of a hunter, newest first. */
export function HitTable({ hits, now }: { hits: readonly Hit[]; now: string }) {
	const found: DataColumn<Hit> = { header: "Found", align: "right", className: "align-top pt-2!", cell: ({ at }) => <Time at={at.toISOString()} now={now} /> };
	return <DataTable columns={[record, source, date(now), found]} rows={hits} keyOf={({ record: id }) => id} />;
}

/** What a backtest found first. */
export function SampleTable({ hits, now }: { hits: readonly Sample[]; now: string }) {
	return <DataTable columns={[record, source, date(now)]} rows={hits} keyOf={({ record: id }) => id} />;
}
