import Link from "next/link";
import type { Cell, CellBadge } from "@/lib/trackers/view";
import { IndicatorLink } from "../indicator";
import { Time } from "../time";
import { Badge } from "../ui/badge";

/** Characters of a text that stays on one line where there is room: names of sources, platforms, people. */
const ONE_LINE = 26;
/** Indicators of one cell that are shown; the record's page has all. */
const SHOWN_INDICATORS = 3;

/** Dark or light ink on a colour that others chose: whichever has more contrast (WCAG relative luminance). */
export function inkOn(colour: string): "#ffffff" | "#14191f" {
	const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
	const [red = 0, green = 0, blue = 0] = channels;
	const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.0591 ? "#ffffff" : "#14191f";
}

/** A badge; with a colour of its own it is a tag of somebody's taxonomy. */
export function RecordBadge({ badge }: { badge: CellBadge }) {
	const { text, tone, colour, href, title } = badge;
	const coloured = colour !== undefined && /^#[0-9a-f]{6}$/i.test(colour);
	const shown = coloured ? (
		<span title={title} className="inline-block max-w-[min(24rem,60vw)] truncate rounded-sm border border-line px-1.5 py-px align-bottom text-xs" style={{ background: colour, color: inkOn(colour) }}>
			{text}
		</span>
	) : (
		<span className="inline-block max-w-[min(24rem,60vw)] truncate align-bottom">
			<Badge tone={tone ?? "none"} {...(title === undefined ? {} : { title })}>
				{text}
			</Badge>
		</span>
	);
	return href === undefined ? (
		shown
	) : (
		<Link href={href} prefetch={false}>
			{shown}
		</Link>
	);
}

function OutsideLink({ href, text }: { href: string; text: string }) {
	const host = URL.canParse(href) ? new URL(href).hostname : href;
	return (
		<a href={href} target="_blank" rel="noopener noreferrer nofollow" className="break-all text-accent" title={href}>
			{text === "" ? host : text} ↗
		</a>
	);
}

/** What a record is about. In a cell of one line the mark of doubt stays, whatever the length of the value. */
function Subject({ cell, href }: { cell: Extract<Cell, { kind: "subject" }>; href: string | null }) {
	const link = <IndicatorLink indicator={cell.indicator} {...(cell.ports === undefined ? {} : { ports: cell.ports })} {...(href === null ? {} : { href })} />;
	if (cell.doubtful !== true) return link;
	return (
		<span className="flex items-center gap-2">
			<span className="min-w-0 in-[.truncate]:truncate">{link}</span>
			<Badge tone="warn" title="On a list of values that are more often a mistake than a find">
				doubtful
			</Badge>
		</span>
	);
}

/** One cell of a tracker's table or detail, as its definition gives it. */
export function RecordCell({ cell, href = null, now }: { cell: Cell; href?: string | null; now: string }) {
	switch (cell.kind) {
		case "record":
			return (
				<>
					<Link href={href ?? ""} prefetch={false} data-row="" className={`font-medium hover:underline ${cell.note === undefined ? "break-words" : "whitespace-nowrap"}`}>
						{cell.text}
					</Link>
					{cell.note !== undefined && <span className="ml-2 text-sm text-ink-3">{cell.note}</span>}
				</>
			);
		case "subject":
			return <Subject cell={cell} href={href} />;
		case "text":
			if (cell.text !== null && cell.aside === true) return <span title={cell.title ?? cell.text}>{cell.text}</span>;
			return cell.text === null ? (
				<span className="text-ink-3">–</span>
			) : (
				<span
					className={`${cell.text.length <= ONE_LINE ? "lg:whitespace-nowrap" : cell.mono === true ? "break-all" : "break-words"} ${cell.mono === true ? "mono" : ""}`}
					{...(cell.title === undefined ? {} : { title: cell.title })}
				>
					{cell.text}
				</span>
			);
		case "number":
			return cell.value === null ? (
				<span className="text-ink-3">–</span>
			) : (
				cell.value.toLocaleString("en", cell.digits === undefined ? {} : { minimumFractionDigits: cell.digits, maximumFractionDigits: cell.digits })
			);
		case "time":
			return cell.at === null ? (
				<span className="text-ink-3">–</span>
			) : (
				<Time at={cell.at.toISOString()} now={now} as={cell.as ?? "relative"} {...(cell.prefix === undefined ? {} : { prefix: `${cell.prefix} ` })} />
			);
		case "badges":
			return cell.badges.length === 0 ? (
				<span className="text-ink-3">–</span>
			) : (
				<span className="flex flex-wrap gap-1">
					{cell.badges.map((badge) => (
						<RecordBadge key={`${badge.text} ${badge.href ?? ""}`} badge={badge} />
					))}
				</span>
			);
		case "link":
			return cell.outside === true ? (
				<OutsideLink href={cell.href} text={cell.text} />
			) : (
				<Link href={cell.href} prefetch={false} {...(cell.aside === true ? { title: cell.text, className: "text-ink-2 hover:underline" } : { className: "break-words text-accent" })}>
					{cell.text}
				</Link>
			);
		case "indicators":
			return (
				<span className="flex flex-wrap gap-x-3">
					{cell.indicators.slice(0, SHOWN_INDICATORS).map((indicator) => (
						<IndicatorLink key={`${indicator.type} ${indicator.value}`} indicator={indicator} />
					))}
					{cell.indicators.length > SHOWN_INDICATORS && <span className="text-ink-3">and {cell.indicators.length - SHOWN_INDICATORS} more</span>}
				</span>
			);
	}
}
