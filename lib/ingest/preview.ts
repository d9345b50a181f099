import { createReadStream } from "node:fs";
import { defang } from "@/lib/domain/defang";
import { type CanonicalValue, typeFromNumber } from "@/lib/domain/indicator";
import { ExistError, shown } from "@/lib/errors";
import { readFeed, unpack } from "@/lib/net";
import { SuspectBody } from "@/lib/net/formats";
import type { AnySource } from "@/lib/sources";
import type { SourceDefinition } from "@/lib/sources/define";
import type { FeedReading, Json, PullReading, ReadItem } from "@/lib/sources/record";
import { PullFailure } from "@/lib/sources/record";
import { judge } from "./check";
import { type IngestContext, ingestContext, secretMask } from "./context";
import { type BodySource, fetchBody, SourceFailure } from "./fetch-body";
import { pullTools } from "./records/pull-tools";
import { decodeRows } from "./rows";
import { type SetAsideRow, Stager } from "./stage";

/** What a feed would give, read under all guards and stored nowhere. */
export interface FeedPreview {
	status: number | null;
	bytes: number;
	contentType: string | null;
	/** how the body begins, as text */
	head: string;
	/** why it would not be taken over, or null */
	refused: string | null;
	read: number;
	/** distinct listings or records it would give */
	usable: number;
	duplicates: number;
	setAside: number;
	/** first rows as they would be stored: name of the field → text */
	rows: Array<Record<string, string>>;
	setAsideRows: SetAsideRow[];
	/** counts by type of indicator */
	types: Record<string, number>;
}

const ROWS = 20;
const SET_ASIDE = 20;
const HEAD_BYTES = 1500;
/** A preview is a look, not a run. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_UNPACKED = 128 * 1024 * 1024;
const PULL_SECONDS = 25;

function printable(bytes: Buffer): string {
	return bytes.toString("utf8").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd");
}

async function headOf(path: string): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of createReadStream(path, { end: HEAD_BYTES - 1 })) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

function nothing(): FeedPreview {
	return { status: null, bytes: 0, contentType: null, head: "", refused: null, read: 0, usable: 0, duplicates: 0, setAside: 0, rows: [], setAsideRows: [], types: {} };
}

async function stageListings(source: SourceDefinition, plain: AsyncIterable<Uint8Array>, contentType: string | undefined, context: IngestContext, preview: FeedPreview): Promise<void> {
	const stager = new Stager({ source, now: context.now().getTime(), country: context.country, ownDomains: context.ownDomains }, async (block) => {
		if (preview.rows.length >= ROWS || block.seq < 0) return;
		for (const row of decodeRows(block.data).slice(0, ROWS - preview.rows.length)) {
			const cells: Record<string, string | null | undefined> = {
				indicator: defang({ type: typeFromNumber(row.type), value: row.value as CanonicalValue }),
				type: typeFromNumber(row.type),
				category: row.category,
				first: row.seen === null ? null : new Date(row.seen).toISOString().slice(0, 16),
				last: row.last === null ? null : new Date(row.last).toISOString().slice(0, 16),
				description: row.description,
				tags: row.tags?.join(", "),
				port: row.ports,
				country: row.country,
				confidence: row.confidence === null ? null : String(row.confidence),
				doubtful: row.warning,
			};
			preview.rows.push(Object.fromEntries(Object.entries(cells).flatMap(([name, text]) => (text === null || text === undefined || text === "" ? [] : [[name, shown(text, 200)]]))));
		}
	});
	const options = { ...(contentType === undefined ? {} : { contentType }), ...(source.marker === undefined ? {} : { marker: source.marker }) };
	const result = await stager.run(readFeed(plain, source.format, options));
	const judgement = judge(source, result, 0);
	preview.read = result.read;
	preview.usable = result.staged;
	preview.duplicates = result.duplicates;
	preview.setAside = result.setAside;
	preview.setAsideRows = result.setAsideRows.slice(0, SET_ASIDE);
	preview.types = (result.shape.types ?? {}) as Record<string, number>;
	if (judgement.verdict !== "good") preview.refused = judgement.reason;
}

/** The plain values of a record, for the eye. */
function plainFields(item: object): Record<string, string> {
	return Object.fromEntries(
		Object.entries(item).flatMap(([name, value]) => {
			const text =
				value instanceof Date
					? value.toISOString()
					: typeof value === "string" || typeof value === "number" || typeof value === "boolean"
						? String(value)
						: Array.isArray(value)
							? `${value.length}`
							: "";
			return text === "" ? [] : [[name, shown(text, 200)] as const];
		}),
	);
}

async function takeItems(items: AsyncIterable<ReadItem<unknown>> | Iterable<ReadItem<unknown>>, preview: FeedPreview): Promise<void> {
	for await (const item of items) {
		preview.read++;
		if (item.ok) {
			preview.usable++;
			if (preview.rows.length < ROWS) preview.rows.push(plainFields(item.item as object));
		} else {
			preview.setAside++;
			if (preview.setAsideRows.length < SET_ASIDE) preview.setAsideRows.push({ line: /^\d{1,9}$/.test(item.where) ? Number(item.where) : 0, reason: item.reason, excerpt: item.excerpt.slice(0, 480) });
		}
	}
	if (preview.usable === 0) preview.refused ??= preview.read === 0 ? "The body has no records." : "None of its records can be used.";
}

async function previewBody(
	source: BodySource,
	context: IngestContext,
	read: (plain: AsyncIterable<Uint8Array>, contentType: string | undefined, preview: FeedPreview, url: string) => Promise<void>,
): Promise<FeedPreview> {
	const body = await fetchBody({ ...source, maxBytes: MAX_BYTES }, { ...context, retryDelays: [] }, { known: false });
	if (body.kind === "not-modified") throw new ExistError("upstream", "The provider answered 304 to a first question.");
	const preview: FeedPreview = { ...nothing(), status: body.status, bytes: body.bytes, contentType: body.contentType ?? null };
	const bytes = createReadStream(body.path);
	try {
		preview.head = printable(await headOf(body.path));
		await read(unpack(bytes, { name: body.name, maxBytes: MAX_UNPACKED, ...(body.contentType === undefined ? {} : { contentType: body.contentType }) }), body.contentType, preview, body.name);
	} catch (error) {
		if (!(error instanceof SuspectBody)) throw error;
		preview.refused = error.message;
	} finally {
		bytes.destroy();
		await body.dispose();
	}
	return preview;
}

/**
 * Fetches a feed as a run would (guarded, capped) and shows what it would give. Nothing is stored. Throws `upstream` where there
 * is nothing to read, with the reason; secrets are masked.
 */
export async function previewSource(source: AnySource, context: IngestContext = ingestContext()): Promise<FeedPreview> {
	const shownText = secretMask(source, context);
	const preview = await readPreview(source, context).catch((error: unknown) => {
		throw error instanceof ExistError ? new ExistError(error.code, shownText(error.message), { ...(error.field === undefined ? {} : { field: error.field }), cause: error }) : error;
	});
	return {
		...preview,
		head: shownText(preview.head),
		refused: preview.refused === null ? null : shownText(preview.refused),
		rows: preview.rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, text]) => [name, shownText(text)]))),
		setAsideRows: preview.setAsideRows.map((row) => ({ ...row, reason: shownText(row.reason), excerpt: shownText(row.excerpt) })),
	};
}

async function readPreview(source: AnySource, context: IngestContext): Promise<FeedPreview> {
	try {
		if (source.tracker === "reputation") return await previewBody(source, context, (plain, contentType, preview) => stageListings(source, plain, contentType, context, preview));
		const reading = source.reading as FeedReading<unknown> | PullReading<unknown, Json>;
		if (reading.mode === "feed") {
			const asked: BodySource = { ...source, url: reading.url, ...(reading.headers === undefined ? {} : { headers: reading.headers }) };
			return await previewBody(asked, context, (plain, contentType, preview, url) => takeItems(reading.parse({ bytes: plain, contentType, url, now: context.now() }), preview));
		}
		const preview = nothing();
		const slice = await reading.next(null, pullTools(source, context, context.now(), Date.now() + PULL_SECONDS * 1000));
		await takeItems(slice.items, preview);
		return preview;
	} catch (error) {
		if (error instanceof SourceFailure || error instanceof PullFailure) throw new ExistError("upstream", error.message, { field: "url", cause: error });
		if (error instanceof SuspectBody) throw new ExistError("upstream", error.message, { field: "url", cause: error });
		throw error;
	}
}
