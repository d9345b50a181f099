import Link from "next/link";
import type { CaptureSource } from "@/lib/capture/source";
import { indicatorPath } from "../indicator";

/** A source with line numbers; indicators in it lead to what is known about them. Nothing of it is ever markup of ours. */
export function SourceView({ source }: { source: CaptureSource }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
		<section className="max-h-[78vh] overflow-auto bg-sunken" aria-label="Source" tabIndex={0}>
			<table className="font-mono text-[12px] leading-[1.5]">
				<tbody>
					{source.lines.map(({ number, continued, pieces }, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a row has no other identity than its place
						<tr key={at}>
							<td className="sticky left-0 w-px border-r border-line bg-panel px-2 text-right align-top text-ink-3 select-none">{continued ? "" : number}</td>
							<td className="px-3 break-all whitespace-pre-wrap">
								{pieces.map(({ text, indicator }, place) =>
									indicator === null ? (
										text
									) : (
										// biome-ignore lint/suspicious/noArrayIndexKey: as above
										<Link key={place} href={indicatorPath(indicator)} prefetch={false} className="text-accent underline">
											{text}
										</Link>
									),
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
