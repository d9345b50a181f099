import { exploitSources } from "@/lib/sources/exploit";
import type { ExploitItem, NewsItem, RecordItems, TweetItem } from "@/lib/sources/record";
import type { SeedRow, SeedStage } from "./stage";
import { seedTime } from "./times";

/** A row of the original as an item of today, or why it cannot be one. */
export type Converted<Item> = { ok: true; item: Item; former: number; notes: readonly string[] } | { ok: false; reason: string };

export type Convert<Tracker extends keyof RecordItems> = (row: SeedRow, stage: SeedStage) => Converted<RecordItems[Tracker]>;

export function refused(reason: string): { ok: false; reason: string } {
	return { ok: false, reason };
}

export function given(text: string | null | undefined): string | undefined {
	return text === null || text === undefined || text.trim() === "" ? undefined : text;
}

/**
 * The provider's own id, out of the link. The original cut four characters off every link of Exploit-DB (`?rss`); where there
 * was none it cut the number, so a number counts only behind a slash or where it is too long to be what is left of one.
 */
function exploitId(referrer: string | null, former: number): string | null {
	if (former === 101) return /\bWLB-\d{4,12}\b/i.exec(referrer ?? "")?.[0]?.toUpperCase() ?? null;
	const match = /exploit-db\.com\/exploits\/(\d{1,9})(\/?)/.exec(referrer ?? "");
	return match?.[1] !== undefined && (match[2] === "/" || match[1].length >= 4) ? String(Number(match[1])) : null;
}

export const exploitOf: Convert<"exploit"> = (row) => {
	const former = Number(row.source);
	const published = seedTime(row.datetime);
	if (!exploitSources.some(({ formerNumbers }) => formerNumbers?.includes(former))) return refused(`its source ${row.source ?? "NULL"} is none of the original's (101, 111)`);
	if (published === null) return refused(`its datetime ${JSON.stringify(row.datetime)} is no time`);
	const id = exploitId(row.referrer ?? null, former);
	const description = given(row.description);
	const link = given(row.referrer);
	const text = given(row.text);
	// The feed's titles began with the kind: `[webapps] Name`.
	const [, kind, title] = /^\[([a-z ]{2,20})\]\s*(?:-\s+)?(.+)$/is.exec(row.title ?? "") ?? [null, undefined, row.title ?? ""];
	const item: ExploitItem = {
		externalId: id ?? `seed:${row.id}`,
		title: title ?? "",
		published,
		cves: [],
		partial: true,
		...(kind === undefined || former !== 111 ? {} : { kind: kind.toLowerCase() }),
		...(description === undefined || description === title ? {} : { description }),
		...(link === undefined || (former === 111 && id === null) ? {} : { link: id !== null && former === 111 ? `https://www.exploit-db.com/exploits/${id}` : link }),
		...(text === undefined ? {} : { text }),
	};
	return { ok: true, item, former, notes: id === null ? ["its link does not say the provider's number, so it stands beside what the provider gives today"] : [] };
};

export const tweetOf: Convert<"twitter"> = (row) => {
	const published = seedTime(row.datetime);
	if (!/^\d{1,20}$/.test(row.id ?? "")) return refused(`its id ${JSON.stringify(row.id)} is no number`);
	if (published === null) return refused(`its datetime ${JSON.stringify(row.datetime)} is no time`);
	const text = row.text ?? "";
	const item: TweetItem = {
		id: row.id as string,
		text,
		published,
		user: row.user ?? "",
		screenName: row.screen_name ?? "",
		userId: "0",
		links: [...new Set(text.match(/https:\/\/t\.co\/\w+/g) ?? [])].map((short) => ({ short })),
	};
	return { ok: true, item, former: 0, notes: [] };
};

export const newsOf: Convert<"news"> = (row) => {
	const published = seedTime(row.datetime);
	if (published === null) return refused(`its datetime ${JSON.stringify(row.datetime)} is no time`);
	const link = given(row.referrer);
	const item: NewsItem = {
		guid: `seed:${row.id}`,
		title: row.title ?? "",
		published,
		content: row.content ?? "",
		contentKind: "html",
		sourceTitle: row.source_title ?? "",
		sourceUrl: row.source_url ?? "",
		...(link === undefined ? {} : { link }),
	};
	return { ok: true, item, former: 0, notes: [] };
};
