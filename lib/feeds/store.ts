import { z } from "zod";
import { audit } from "@/lib/auth/audit";
import { env } from "@/lib/env";
import { ExistError } from "@/lib/errors";
import { type Database, database, isDuplicate, lit, seal, unseal } from "@/lib/platform";
import { ADDED_NUMBERS, type AnySource, rememberAdded } from "@/lib/sources";
import { maskedAddress } from "./address";
import { buildFeed } from "./build";
import { type FeedDraft, feedConfig, feedDraft, feedSecrets, trackerOf } from "./config";

/** A stored feed. `secrets` are never given out: only which there are. */
export interface CustomFeed {
	number: number;
	draft: FeedDraft;
	revision: number;
	createdBy: string;
	createdAt: Date;
	/** the key and headers cannot be opened: the installation's secret changed since */
	locked: boolean;
}

interface Row {
	number: number;
	name: string;
	url: string;
	config: string;
	sealed: Buffer | null;
	revision: number;
	created_by: string;
	created_at: Date;
}

function sealingSecret(): string {
	const secret = env().authSecret;
	if (secret === null) throw new ExistError("unavailable", "NEXTAUTH_SECRET is not set: keys of feeds cannot be kept without it.");
	return secret;
}

const stored = z.object({ config: feedConfig, everyMinutes: z.number(), terms: z.string(), redistributable: z.boolean() });

function toFeed(row: Row): CustomFeed {
	const opened = row.sealed === null ? "{}" : env().authSecret === null ? null : unseal(row.sealed, `custom_feed ${row.number}`, sealingSecret());
	const { config, everyMinutes, terms, redistributable } = stored.parse(JSON.parse(row.config));
	return {
		number: Number(row.number),
		draft: { name: row.name, url: row.url, everyMinutes, terms, redistributable, config, secrets: feedSecrets.parse(opened === null ? {} : JSON.parse(opened)) },
		revision: Number(row.revision),
		createdBy: row.created_by,
		createdAt: row.created_at,
		locked: opened === null,
	};
}

/** One of them. Throws `not_found` naming the number. */
export async function customFeed(number: number, db: Database = database()): Promise<CustomFeed> {
	const [row] = Number.isInteger(number) ? await db.query<Row>(`SELECT * FROM custom_feed WHERE number = ${number}`) : [];
	if (row === undefined) throw new ExistError("not_found", `There is no feed with the number ${number}.`);
	return toFeed(row);
}

/** A description that another release wrote may be none of ours: one such row must not stop every other source. */
function readable(row: Row): CustomFeed | null {
	try {
		return toFeed(row);
	} catch {
		return null;
	}
}

const PLACEHOLDER: FeedDraft = feedDraft.parse({ name: "feed", url: "https://feed.invalid/", everyMinutes: 1440, config: { format: "lines", category: "suspicious" }, secrets: {} });

/** As sources. A feed whose key cannot be opened is known and is not asked. */
export async function customSources(db: Database = database()): Promise<AnySource[]> {
	const rows = await db.query<Row>("SELECT * FROM custom_feed ORDER BY number");
	const sources = rows.map((row) => {
		const feed = readable(row);
		if (feed === null) return { ...buildFeed(PLACEHOLDER, { number: Number(row.number), revision: 0 }), name: row.name, unusable: "Its description cannot be read by this release. Describe it anew." };
		const source = buildFeed(feed.draft, feed);
		return feed.locked ? { ...source, unusable: "Its key cannot be opened any more, because NEXTAUTH_SECRET changed. Edit the feed and enter the key again." } : source;
	});
	rememberAdded(sources);
	return sources;
}

const FRESH_MS = 60_000;
let asked = Number.NEGATIVE_INFINITY;

/** Makes sure that the names of added feeds are known to this process, at most a minute old. */
export async function knowAddedFeeds(now = Date.now()): Promise<void> {
	if (now - asked < FRESH_MS) return;
	await customSources();
	asked = now;
}

/** A draft out of anything. Throws `invalid` naming the field and what would be right. */
export function readDraft(value: unknown): FeedDraft {
	const parsed = feedDraft.safeParse(value);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		// What is wrong with the name of a header stands one level deeper.
		const message = issue?.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue?.message;
		throw new ExistError("invalid", `${issue?.path.join(".") ?? "feed"}: give ${message ?? "a description of a feed"}.`, { field: String(issue?.path.at(-1) ?? "feed") });
	}
	const { config } = parsed.data;
	if ((config.format === "csv" || config.format === "ndjson") && (config.columns.value ?? "") === "") {
		throw new ExistError("invalid", "columns.value: say which column holds the indicator.", { field: "value" });
	}
	if (config.format === "csv" && config.header === "none") {
		for (const [field, name] of Object.entries(config.columns)) {
			if (name !== undefined && name !== "" && !/^(?:[1-9]|[1-5]\d|60)$/.test(name))
				throw new ExistError("invalid", `columns.${field}: "${name.slice(0, 40)}" is no column. Without a header columns are numbers from 1 to 60.`, { field });
		}
	}
	if (parsed.data.url.includes("{key}") && parsed.data.secrets.key === "") throw new ExistError("invalid", "key: the address holds {key}, so a key is needed.", { field: "key" });
	return parsed.data;
}

function sealed(draft: FeedDraft, number: number): Buffer | null {
	const { key, headers } = draft.secrets;
	return key === "" && Object.keys(headers).length === 0 ? null : seal(JSON.stringify(draft.secrets), `custom_feed ${number}`, sealingSecret());
}

function configOf(draft: FeedDraft): string {
	const { config, everyMinutes, terms, redistributable } = draft;
	return JSON.stringify({ config, everyMinutes, terms, redistributable });
}

/** Adds a feed. It is asked as soon as the schedule comes by. Returns its number. */
export async function addFeed(draft: FeedDraft, actor: string, db: Database = database(), now = new Date()): Promise<number> {
	for (let turn = 0; ; turn++) {
		const [row] = await db.query<{ n: number | null }>("SELECT MAX(number) AS n FROM custom_feed");
		const number = Math.max(ADDED_NUMBERS.first, Number(row?.n ?? 0) + 1);
		if (number > ADDED_NUMBERS.last) throw new ExistError("conflict", `All numbers for added feeds (${ADDED_NUMBERS.first} to ${ADDED_NUMBERS.last}) are used up.`);
		try {
			await db.transaction(async (tx) => {
				await tx.execute(
					`INSERT INTO custom_feed (number, name, tracker, url, config, sealed, revision, created_by, created_at, updated_at) VALUES (${number},${lit(draft.name)},${lit(trackerOf(draft.config.format))},${lit(draft.url)},${lit(configOf(draft))},${lit(sealed(draft, number))},1,${lit(actor)},${lit(now)},${lit(now)})`,
				);
				await audit(actor, "feed.add", `${number} ${draft.name}`, { url: maskedAddress(draft.url), format: draft.config.format }, tx);
			});
			return number;
		} catch (error) {
			if (!isDuplicate(error) || turn > 5) throw error;
		}
	}
}

/** Changes a feed. The next run reads its body whole, whatever it was before. Throws `not_found`, `conflict` where the tracker would change. */
export async function changeFeed(number: number, draft: FeedDraft, actor: string, db: Database = database(), now = new Date()): Promise<void> {
	const before = await customFeed(number, db);
	if (trackerOf(before.draft.config.format) !== trackerOf(draft.config.format)) {
		throw new ExistError("conflict", `${before.draft.name} gives ${trackerOf(before.draft.config.format)} records; a ${draft.config.format} feed gives others. Add it as a new feed.`, {
			field: "format",
		});
	}
	await db.transaction(async (tx) => {
		await tx.execute(
			`UPDATE custom_feed SET name = ${lit(draft.name)}, url = ${lit(draft.url)}, config = ${lit(configOf(draft))}, sealed = ${lit(sealed(draft, number))}, revision = revision + 1, updated_at = ${lit(now)} WHERE number = ${number}`,
		);
		await tx.execute(`UPDATE source_state SET etag = NULL, last_modified = NULL, body_digest = NULL, next_run_at = NULL WHERE source = ${number} AND enabled = 1`);
		await audit(actor, "feed.change", `${number} ${draft.name}`, { url: maskedAddress(draft.url), format: draft.config.format }, tx);
	});
}
