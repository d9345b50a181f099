import { audit } from "@/lib/auth/audit";
import { ExistError } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { FetchFailure, guardedFetch, webLink } from "@/lib/net";
import { lit } from "@/lib/platform";
import { countRecords, noteWritten, type StoreContext, writeMentions } from "@/lib/records";
import { sourceByNumber } from "@/lib/sources";
import type { TweetItem } from "@/lib/sources/record";
import { type Followed, openLinks } from "@/lib/trackers/twitter/links";
import { tweetMentions } from "@/lib/trackers/twitter/store";
import { type IngestContext, ingestContext } from "./context";

const MAX_LINKS = 20;
const TIMEOUT_MS = 10_000;

interface Row {
	id: Buffer;
	source: number;
	text: string;
	published_at: Date;
	links: string;
	followed: string | null;
}

type Result = { to?: string; failure?: string; at: string };

/** Where a link leads in the end. Only heads are read: what stands there is nobody's business here. */
async function follow(link: string, context: IngestContext): Promise<Result> {
	const at = context.now().toISOString();
	try {
		const { body, finalUrl } = await guardedFetch(link, {
			timeoutMs: TIMEOUT_MS,
			policy: context.policy,
			...(context.route === undefined ? {} : { route: context.route }),
		});
		for await (const _ of body) break;
		const to = webLink(finalUrl);
		return to === undefined || to === webLink(link) ? { failure: "it leads nowhere else", at } : { to, at };
	} catch (error) {
		if (error instanceof FetchFailure) return { failure: error.message.slice(0, 200), at };
		throw error;
	}
}

/**
 * Follows the short links of a tweet through the guard and keeps where they lead; what that names goes into the index. `id`: 32
 * hex. Returns words for whoever asked. Throws `not_found`.
 */
export async function followLinks(id: string, actor: string, context: IngestContext = ingestContext()): Promise<string> {
	const bytes = parseId(id);
	const read = (tx: Pick<IngestContext["database"], "query">, lock = "") =>
		tx.query<Row>(`SELECT id, source, text, published_at, links, followed FROM tweet WHERE id = ${lit(bytes as Buffer)}${lock}`);
	const [row] = bytes === null ? [] : await read(context.database);
	if (row === undefined) throw new ExistError("not_found", "This tweet is not stored here.");
	const links = JSON.parse(row.links) as TweetItem["links"];
	const open = openLinks(links, row.followed === null ? {} : (JSON.parse(row.followed) as Followed)).slice(0, MAX_LINKS);
	const results = Object.fromEntries(await Promise.all(open.map(async (link) => [link, await follow(link, context)] as const)));
	await context.database.transaction(async (tx) => {
		const [held] = await read(tx, " FOR UPDATE");
		if (held === undefined) return;
		const followed: Followed = { ...(held.followed === null ? {} : (JSON.parse(held.followed) as Followed)), ...results };
		await tx.execute(`UPDATE tweet SET followed = ${lit(JSON.stringify(followed))} WHERE id = ${lit(held.id)}`);
		const source = sourceByNumber(Number(held.source));
		if (source !== undefined) {
			const mentions = tweetMentions({ text: held.text, links: JSON.parse(held.links) as TweetItem["links"] }, followed, context.ownDomains);
			const store: StoreContext = { source, at: context.now(), ownDomains: context.ownDomains };
			const fresh = await writeMentions(tx, "twitter", [{ id: held.id, at: held.published_at, mentions }], [held.id], store);
			await countRecords(tx, "twitter", [], fresh, store);
			if (Object.values(results).some(({ to }) => to !== undefined)) await noteWritten(tx, "twitter", [{ record: held.id }], store);
		}
		await audit(actor, "tweet.follow-links", id, { links: open.length }, tx);
	});
	const found = Object.values(results).filter(({ to }) => to !== undefined).length;
	return open.length === 0 ? "Nothing is left to follow." : `${found} of ${open.length} lead somewhere else.`;
}
