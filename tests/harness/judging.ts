import type { HunterInput } from "@/lib/hunters";
import type { HuntDocument, HunterKind } from "@/lib/hunters/define";
import { kindOf } from "@/lib/hunters/kinds";
import { type JudgeParts, judgeParts } from "@/lib/hunters/parts";
import { createHunter } from "@/lib/hunters/store";
import type { Database } from "@/lib/platform";
import { recordId, type StoreContext } from "@/lib/records";
import { noteChanges } from "@/lib/records/changes";
import { type AnySource, allSources } from "@/lib/sources";
import type { NewsItem } from "@/lib/sources/record";
import { newsStore } from "@/lib/trackers/news/store";
import type { FakeClock } from "./alerts";

export const news = kindOf("news") as HunterKind;
const feedOf = (id: string): AnySource => allSources.find((source) => source.id === id) as AnySource;
const krebs = feedOf("krebs");

export function hunterInput(more: Partial<HunterInput> = {}): HunterInput {
	return { kind: "news", name: "Ransomware", query: "ransomware", enabled: true, slack: true, channel: null, digestOver: 10, ...more };
}

export function testJudge(database: Database, clock: Pick<FakeClock, "now">, more: Partial<JudgeParts> = {}): JudgeParts {
	return { ...judgeParts(database), now: clock.now, ...more };
}

/** Makes a hunter and gives its id. */
export async function addHunter(parts: JudgeParts, more: Partial<HunterInput> = {}): Promise<string> {
	return (await createHunter(hunterInput(more), "ann@example.org", parts)).id;
}

export function newsId(guid: string): Buffer {
	return recordId(krebs.number, guid);
}

/**
 * Stores articles as a run does and notes them at the clock's time: a batch of news. Each is `guid: title`; the same guid again is
 * the same article. `feed`: the source that brings them.
 */
export async function storeNews(database: Database, clock: Pick<FakeClock, "now">, articles: Readonly<Record<string, string>>, feed = "krebs"): Promise<void> {
	const source = feedOf(feed);
	const at = clock.now();
	const items = Object.entries(articles).map(
		([guid, title]): NewsItem => ({ guid, title, published: at, content: `<p>About ${guid}</p>`, contentKind: "html", sourceTitle: "Krebs", sourceUrl: "https://krebsonsecurity.com/" }),
	);
	// What the store notes by itself carries the machine's own time.
	const context: StoreContext = { source, at, ownDomains: [], archived: true };
	await database.transaction(async (tx) => {
		await newsStore.store(
			tx,
			items.map((item) => ({ item, where: item.guid })),
			context,
		);
		await noteChanges(
			tx,
			"news",
			items.map(({ guid }) => ({ record: recordId(source.number, guid) })),
			at,
		);
	});
}

/** The kind of news, where some documents do something of their own when they are read. */
export function newsWith(read: (document: HuntDocument) => void): HunterKind {
	return {
		...news,
		async *documents(db, changes) {
			for await (const documents of news.documents(db, changes)) {
				for (const document of documents) read(document);
				yield documents;
			}
		},
	};
}

/** What every hunter has found, by its name: titles, sorted. */
export async function hitTitles(database: Database): Promise<Record<string, string[]>> {
	const rows = await database.query<{ name: string; title: string }>("SELECT h.name, t.title FROM hunter_hit t JOIN hunter h ON h.id = t.hunter_id ORDER BY h.name, t.title");
	const found: Record<string, string[]> = {};
	for (const { name, title } of rows) found[name] = [...(found[name] ?? []), title];
	return found;
}

/** What is to be told, as `target: what`, sorted. */
export async function alertLines(database: Database): Promise<string[]> {
	const rows = await database.query<{ via: string; target: string; content: string }>("SELECT via, target, content FROM alert");
	return rows
		.map(({ via, target, content }) => {
			const said = JSON.parse(content) as { kind: string; total?: number; record?: { title: string } };
			return `${via === "slack" ? target : via}: ${said.kind === "digest" ? `${said.total} hits` : said.record?.title}`;
		})
		.sort();
}

export async function waiting(database: Database): Promise<{ changes: number; arrears: number }> {
	const [row] = await database.query<{ changes: number; arrears: number }>("SELECT (SELECT COUNT(*) FROM record_change) AS changes, (SELECT COUNT(*) FROM hunter_arrear) AS arrears");
	return { changes: Number(row?.changes), arrears: Number(row?.arrears) };
}
