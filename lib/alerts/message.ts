import type { KnownBlock } from "@slack/web-api";
import { defang } from "@/lib/domain";
import { actions, context, header, linkButton, muteButton, section } from "./blocks";
import { type AlertContent, type OperationContent, type ToldRecord, titleOf } from "./content";
import { codeSpan, highlighted, inert } from "./text";

/** An alert and when it was put. */
export interface Told {
	content: AlertContent;
	at: Date;
}

/** How a kind of hunter signs its messages. */
export interface Look {
	/** `:newspaper:` */
	icon: string;
	sender: string;
}

export interface MessageOptions {
	/** address people reach us at; null: no buttons */
	publicUrl: string | null;
	/** Slack can tell us that a button was pressed */
	canMute: boolean;
	now: Date;
	look: (kind: string) => Look | undefined;
	/** the least there is to say: for what Slack found too long */
	cut?: boolean;
}

export interface SlackMessage {
	text: string;
	blocks: KnownBlock[];
	username: string;
	icon_emoji: string;
}

/** What is told later than this says so: it is history, not news. */
export const LATE_MS = 24 * 3600_000;
const RECORDS = 10;
const MATCHES = 5;
const OPERATIONS = 20;
const GENERIC: Look = { icon: ":mag:", sender: "EXIST" };
const OPERATION: Look = { icon: ":satellite_antenna:", sender: "EXIST sources" };

type HunterContent = Exclude<AlertContent, OperationContent>;

/** `2026-11-24 12:00 UTC`; empty for what is no time. */
export function minute(iso: string): string {
	const at = new Date(iso);
	return Number.isNaN(at.getTime()) ? "" : `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** What was found, the same term once. */
function matchLines({ matches }: ToldRecord, most: number): string[] {
	const seen = new Set<string>();
	const lines: string[] = [];
	for (const { term, place, excerpt, from, to } of matches) {
		const key = `${term}\0${place}`;
		if (seen.has(key) || lines.length >= most) continue;
		seen.add(key);
		lines.push(`${inert(place, 60)}: ${highlighted(excerpt, from, to, 500)}`);
	}
	return lines;
}

function indicatorLines({ indicators }: ToldRecord, most: number): string[] {
	return indicators
		.slice(0, most)
		.map((indicator) => codeSpan(defang(indicator as Parameters<typeof defang>[0]), 240))
		.filter((line) => line !== "");
}

function recordBlocks(record: ToldRecord): KnownBlock[] {
	const matched = matchLines(record, MATCHES);
	const indicators = indicatorLines(record, RECORDS);
	return [header(record.title), ...(matched.length === 0 ? [] : [section(matched)]), ...(indicators.length === 0 ? [] : [section(indicators)])];
}

function digestBlocks(records: readonly ToldRecord[], total: number, options: MessageOptions): KnownBlock[] {
	const shown = records
		.slice(0, RECORDS)
		.map((record) =>
			section(
				[
					`*${inert(record.title, 200) || "(no title)"}*`,
					...matchLines(record, 1),
					[...indicatorLines(record, 1), inert(record.source, 80), minute(record.at)].filter((part) => part !== "").join(" · "),
				],
				linkButton("Open", options.publicUrl, record.path, `open_${record.id}`),
			),
		);
	const more = total - shown.length;
	return [...shown, ...(more > 0 ? [context(`and ${more.toLocaleString("en")} more`)] : [])];
}

function lateText(told: readonly Told[], now: Date): string | null {
	const oldest = Math.min(...told.map(({ at }) => at.getTime()));
	return now.getTime() - oldest > LATE_MS ? `Late: found ${minute(new Date(oldest).toISOString())}` : null;
}

function hunterMessage(told: ReadonlyArray<Told & { content: HunterContent }>, options: MessageOptions): SlackMessage {
	const first = (told[0] as Told & { content: HunterContent }).content;
	const { hunter } = first;
	const look = options.look(hunter.kind) ?? GENERIC;
	const name = inert(hunter.name, 150) || "hunter";
	const records = told.flatMap(({ content }) => (content.kind === "hit" ? [content.record] : content.kind === "digest" ? content.records : []));
	const total = told.reduce((sum, { content }) => sum + (content.kind === "digest" ? content.total : content.kind === "hit" ? 1 : 0), 0);
	const [only] = records;
	const single = first.kind === "hit" && total === 1 && only !== undefined;
	const late = lateText(told, options.now);
	const title = first.kind === "test" ? `Test: alerts of ${hunter.name} arrive here` : single ? only.title : `${total} hits of ${hunter.name}`;
	const body = first.kind === "test" ? [header(title), context(`asked for by ${inert(first.by, 120)}`)] : single ? recordBlocks(only) : [header(title), ...digestBlocks(records, total, options)];
	const facts = [
		`Hunter ${name}`,
		...(single ? [inert(only.source, 80), minute(only.at)] : []),
		...(late === null ? [] : [`*${late}*`]),
		...(options.cut === true ? ["*cut*: Slack found it too long"] : []),
	];
	const page = hunter.id === null ? null : `/hunters/${hunter.id}`;
	const buttons = [
		first.kind === "test"
			? undefined
			: single
				? linkButton("Open", options.publicUrl, only.path, "open_record")
				: page === null
					? undefined
					: linkButton("Open hunter", options.publicUrl, page, "open_hunter"),
		hunter.id === null || first.kind === "test" ? undefined : options.canMute ? muteButton(hunter.id) : linkButton("Mute for a day", options.publicUrl, `${page}?mute=day`, "open_mute"),
	];
	const shown = options.cut === true ? [header(title)] : body;
	return {
		text: `${late === null ? "" : `${late}. `}${name}: ${inert(title, 300) || "(no title)"}`,
		blocks: [...shown, context(facts.filter((fact) => fact !== "").join(" · ")), ...actions(buttons)],
		username: look.sender,
		icon_emoji: look.icon,
	};
}

function operationLine(content: OperationContent): string[] {
	const well = content.state === "ok";
	const said = `*${inert(titleOf(content), 200)}* since ${minute(content.since)} (was ${inert(content.was, 40)})`;
	return [said, ...(well || content.reason === null ? [] : [inert(content.reason, 800)])];
}

function operationMessage(told: ReadonlyArray<Told & { content: OperationContent }>, options: MessageOptions): SlackMessage {
	const contents = told.map(({ content }) => content);
	const [first] = contents as [OperationContent];
	const title = contents.length === 1 ? titleOf(first) : `${contents.length} sources changed their state`;
	const late = lateText(told, options.now);
	const shown = options.cut === true ? [] : contents.slice(0, OPERATIONS);
	const more = contents.length - shown.length;
	const facts = [
		...(more > 0 && options.cut !== true ? [`and ${more.toLocaleString("en")} more`] : []),
		...(late === null ? [] : [`*${late}*`]),
		...(options.cut === true ? ["*cut*: Slack found it too long"] : []),
	];
	return {
		text: `${late === null ? "" : `${late}. `}${inert(title, 300)}`,
		blocks: [
			header(title),
			...shown.map((content) => section(operationLine(content))),
			...(facts.length === 0 ? [] : [context(facts.join(" · "))]),
			...actions([linkButton("Open sources", options.publicUrl, "/sources", "open_sources")]),
		],
		username: OPERATION.sender,
		icon_emoji: OPERATION.icon,
	};
}

/** One message for one alert, or for several of one hunter or of sources. At most 50 blocks, nothing in it that Slack would act upon. */
export function messageOf(told: readonly Told[], options: MessageOptions): SlackMessage {
	const operations = told.filter((one): one is Told & { content: OperationContent } => one.content.kind === "operation");
	if (operations.length > 0) return operationMessage(operations, options);
	return hunterMessage(told as ReadonlyArray<Told & { content: HunterContent }>, options);
}
