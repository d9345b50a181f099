import { audit } from "@/lib/auth/audit";
import { ExistError } from "@/lib/errors";
import { parseId } from "@/lib/indicators/identity";
import { SuspectBody } from "@/lib/net";
import { lit } from "@/lib/platform";
import type { RecordStore } from "@/lib/records";
import { sourceByNumber } from "@/lib/sources";
import { type ExploitItem, PullFailure, type RecordSource } from "@/lib/sources/record";
import { type IngestContext, ingestContext } from "./context";
import { pullTools } from "./records/pull-tools";

const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const TIME_MS = 25_000;

interface Row {
	id: Buffer;
	source: number;
	external_id: string;
	title: string;
	published_at: Date;
	text: string | null;
	extra: string | null;
}

async function ask(source: RecordSource<"exploit">, url: string, context: IngestContext): Promise<string> {
	const tools = pullTools(source, context, context.now(), Date.now() + TIME_MS);
	try {
		const answer = await tools.fetch({ url, maxBytes: MAX_TEXT_BYTES, timeoutMs: TIME_MS });
		const text = source.text?.read({ text: await answer.text(), contentType: answer.headers["content-type"] }) ?? "";
		if (text.trim() === "") throw new SuspectBody("It is empty.");
		return text;
	} catch (error) {
		if (error instanceof PullFailure) throw new ExistError("unavailable", error.message);
		if (error instanceof SuspectBody) throw new ExistError("unavailable", `${source.name} gave something else than the text. ${error.message}`);
		throw error;
	}
}

/**
 * Reads the text of one exploit from its provider because somebody wants to see it: one request, through the guard; from then on
 * it is stored and searchable. `id`: 32 hex. Returns words for whoever asked. Throws `not_found`, `unavailable`.
 */
export async function readExploitText(id: string, actor: string, context: IngestContext = ingestContext()): Promise<string> {
	const bytes = parseId(id);
	const [row] = bytes === null ? [] : await context.database.query<Row>(`SELECT id, source, external_id, title, published_at, text, extra FROM exploit WHERE id = ${lit(bytes)}`);
	if (row === undefined) throw new ExistError("not_found", "This exploit is not stored here.");
	if (row.text !== null) return "The text is here already.";
	const source = sourceByNumber(Number(row.source)) as RecordSource<"exploit"> | undefined;
	const url = source?.text?.url({ externalId: row.external_id, extra: row.extra === null ? {} : (JSON.parse(row.extra) as Record<string, string>) }) ?? null;
	if (source === undefined || url === null) throw new ExistError("not_found", "Its provider has no text of it that can be read.");
	const text = await ask(source, url, context);
	const item: ExploitItem = { externalId: row.external_id, title: row.title, published: row.published_at, cves: [], text, partial: true };
	const store = context.stores.exploit as RecordStore<ExploitItem>;
	await context.database.transaction(async (tx) => {
		const counts = await store.store(tx, [{ item, where: row.external_id }], { source, at: context.now(), ownDomains: context.ownDomains });
		const refused = counts.setAside[0];
		if (refused !== undefined) throw new ExistError("unavailable", `The text cannot be stored: ${refused.reason}.`);
		await audit(actor, "exploit.read-text", id, { url }, tx);
	});
	return `${text.split("\n").length.toLocaleString("en")} lines were read.`;
}
