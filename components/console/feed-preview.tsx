import type { FeedPreview } from "@/lib/ingest/preview";
import { DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";

function kilobytes(bytes: number): string {
	return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toLocaleString("en", { maximumFractionDigits: 1 })} KB`;
}

function Rows({ preview }: { preview: FeedPreview }) {
	const names = [...new Set(preview.rows.flatMap((row) => Object.keys(row)))];
	return (
		<DataTable
			rows={preview.rows}
			columns={names.map((name) => ({
				header: name,
				className: `max-w-[26rem] break-all ${name === "indicator" ? "mono" : ""}`,
				cell: (row: FeedPreview["rows"][number]) => row[name] ?? "",
			}))}
		/>
	);
}

/** What a described feed would give: counts, the first rows, those that cannot be used and why, and how the body begins. */
export function FeedPreviewPanel({ preview }: { preview: FeedPreview }) {
	const types = Object.entries(preview.types)
		.map(([type, count]) => `${count.toLocaleString("en")} ${type}`)
		.join(", ");
	return (
		<>
			<Panel
				title="What it gives"
				aside={`${preview.read.toLocaleString("en")} read · ${preview.usable.toLocaleString("en")} usable · ${preview.duplicates.toLocaleString("en")} repeated · ${preview.setAside.toLocaleString("en")} set aside`}
			>
				{types !== "" && <p className="px-4 pt-2 text-sm text-ink-3">{types}</p>}
				{preview.rows.length === 0 ? <p className="px-4 py-3 text-ink-2">No row of it can be used as it is described.</p> : <Rows preview={preview} />}
			</Panel>
			{preview.setAsideRows.length > 0 && (
				<Panel title="Set aside" aside={preview.setAside > preview.setAsideRows.length ? `the first ${preview.setAsideRows.length}` : undefined}>
					<ul className="px-4 py-2 text-sm">
						{preview.setAsideRows.map((row) => (
							<li key={`${row.line} ${row.reason}`} className="py-0.5 break-words">
								<span className="text-ink-3 tabular-nums">line {row.line}:</span> {row.reason} <span className="mono text-ink-3">{row.excerpt}</span>
							</li>
						))}
					</ul>
				</Panel>
			)}
			{preview.head !== "" && (
				<Panel title="How the body begins" aside={`status ${preview.status ?? "–"} · ${kilobytes(preview.bytes)}${preview.contentType === null ? "" : ` · ${preview.contentType}`}`}>
					<pre className="max-h-[16rem] overflow-auto px-4 py-2 font-mono text-[12px] whitespace-pre-wrap break-all">{preview.head}</pre>
				</Panel>
			)}
		</>
	);
}
