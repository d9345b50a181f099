import type { Cell, Section } from "@/lib/trackers/view";
import { DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";
import { RecordCell } from "./cell";

/** Lines of code that are drawn; a whole firmware image in a page helps nobody. */
const MAX_LINES = 5000;

function Code({ text }: { text: string }) {
	const lines = text.split("\n");
	return (
		<div className="max-h-[70vh] overflow-auto bg-sunken">
			<table className="font-mono text-[12px] leading-[1.5]">
				<tbody>
					{lines.slice(0, MAX_LINES).map((line, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a line has no other identity than its number
						<tr key={at}>
							<td className="sticky left-0 w-px border-r border-line bg-panel px-2 text-right text-ink-3 select-none">{at + 1}</td>
							<td className="px-3 whitespace-pre-wrap break-all">{line}</td>
						</tr>
					))}
				</tbody>
			</table>
			{lines.length > MAX_LINES && <p className="px-4 py-2 text-sm text-ink-3">{(lines.length - MAX_LINES).toLocaleString("en")} more lines are in the API's answer.</p>}
		</div>
	);
}

/** The parts of a record's page, drawn from what its tracker says. */
export function Sections({ sections, now }: { sections: readonly Section[]; now: string }) {
	return sections.map((section) => {
		switch (section.kind) {
			case "fields":
				return (
					<Panel key={section.title} title={section.title} aside={section.id === undefined ? section.aside : <span className="mono break-all">{section.id}</span>}>
						<dl className="grid grid-cols-2 gap-x-5 gap-y-3 px-4 py-3 lg:grid-cols-4">
							{section.fields.map(({ name, cell }) => (
								<div key={name} className="min-w-0">
									<dt className="text-xs text-ink-3">{name}</dt>
									<dd className="break-words">
										<RecordCell cell={cell} now={now} />
									</dd>
								</div>
							))}
						</dl>
					</Panel>
				);
			case "text":
				return (
					<Panel key={section.title} title={section.title}>
						<p className="max-w-[92ch] px-4 py-3 break-words whitespace-pre-wrap">{section.text}</p>
					</Panel>
				);
			case "html":
				return (
					<Panel key={section.title} title={section.title}>
						{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
						<section className="max-h-[72vh] overflow-y-auto" aria-label={section.title} tabIndex={0}>
							{/* biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by an allow-list when it was stored */}
							<div className="prose px-4 py-3 break-words" dangerouslySetInnerHTML={{ __html: section.html }} />
						</section>
					</Panel>
				);
			case "code":
				return (
					<Panel key={section.title} title={section.title} aside={section.aside}>
						<Code text={section.text} />
					</Panel>
				);
			case "table":
				return (
					<Panel key={section.title} title={section.title} aside={section.aside}>
						<DataTable
							rows={section.rows}
							columns={section.headers.map((header, at) => ({
								header,
								cell: (row: readonly Cell[]) => {
									const cell = row[at];
									return cell === undefined ? null : <RecordCell cell={cell} now={now} />;
								},
							}))}
						/>
					</Panel>
				);
		}
		return null;
	});
}
