"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import type { FeedResult } from "@/components/console/feed-form";
import { ExistError, toProblem } from "@/lib/errors";
import { addFeed, buildFeed, changeFeed, customFeed, type FeedDraft, FIELDS, readDraft } from "@/lib/feeds";
import { previewSource } from "@/lib/ingest";
import { log } from "@/lib/platform/log";
import { actionPrincipal } from "../../guard";

/** `Name: value` a line. Throws `invalid` naming the line that is none. */
function headersOf(text: string): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const line of text.split(/\r?\n/).filter((part) => part.trim() !== "")) {
		const at = line.indexOf(":");
		if (at < 1) throw new ExistError("invalid", `headers: "${line.slice(0, 40)}" is no header. Write "Name: value", one a line.`, { field: "headers" });
		headers[line.slice(0, at).trim()] = line.slice(at + 1).trim();
	}
	return headers;
}

/**
 * Key and headers as they are typed; left empty, those that are stored stay, unless they are to be forgotten. They stay with the
 * place they were given for: who changes the address has to know them, or could have them sent to himself.
 */
async function secretsOf(form: FormData, number: number | null): Promise<FeedDraft["secrets"]> {
	const text = (name: string): string => String(form.get(name) ?? "");
	const typed = { key: text("key").trim(), headers: headersOf(text("headers")) };
	if (number === null || form.get("forget") === "on") return typed;
	const { secrets, url } = (await customFeed(number)).draft;
	const any = secrets.key !== "" || Object.keys(secrets.headers).length > 0;
	if (any && originOf(url) !== originOf(text("url"))) {
		if (typed.key === "" && Object.keys(typed.headers).length === 0) {
			throw new ExistError("invalid", "The address leads to another place than before: enter key and headers again, or have them forgotten.", { field: "key" });
		}
		return typed;
	}
	return { key: typed.key === "" ? secrets.key : typed.key, headers: Object.keys(typed.headers).length === 0 ? secrets.headers : typed.headers };
}

/** Scheme, host and port; a host that holds the key counts as a place of its own. */
function originOf(url: string): string {
	const filled = url.trim().replaceAll("{key}", "key");
	return URL.canParse(filled) ? new URL(filled).origin : filled;
}

async function draftOf(form: FormData, number: number | null): Promise<FeedDraft> {
	const text = (name: string): string => String(form.get(name) ?? "");
	const columns = Object.fromEntries(FIELDS.map((field) => [field, text(`column-${field}`)]));
	return readDraft({
		name: text("name"),
		url: text("url"),
		everyMinutes: text("everyMinutes"),
		terms: text("terms"),
		redistributable: form.get("redistributable") === "on",
		config: {
			format: text("format"),
			category: text("category"),
			as: text("as"),
			lists: text("lists"),
			windowDays: text("windowDays") === "" ? undefined : text("windowDays"),
			marker: text("marker"),
			trailingComment: text("trailingComment"),
			header: text("header"),
			delimiter: text("delimiter") === "tab" ? "\t" : text("delimiter"),
			path: text("path"),
			columns,
		},
		secrets: await secretsOf(form, number),
	});
}

/** Shows what the described feed would give, or saves it: which of the two says the button. */
export async function submitFeed(number: number | null, _before: FeedResult | null, form: FormData): Promise<FeedResult> {
	let saved: number;
	try {
		const principal = await actionPrincipal("analyst", "run", "export");
		const draft = await draftOf(form, number);
		if (form.get("intent") !== "save") {
			const preview = await previewSource(buildFeed(draft, { number: number ?? 0, revision: 0 }));
			return { ok: preview.refused === null, message: preview.refused ?? "This is what a run would read. Nothing is stored yet.", field: null, preview };
		}
		if (number === null) saved = await addFeed(draft, principal.user.email);
		else {
			await changeFeed(number, draft, principal.user.email);
			saved = number;
		}
	} catch (error) {
		const problem = toProblem(error);
		if (problem.status >= 500 && !(error instanceof ExistError)) log.error({ err: error }, "feed could not be read or saved");
		return { ok: false, message: problem.body.detail, field: error instanceof ExistError ? (error.field ?? null) : null, preview: null };
	}
	revalidatePath("/sources", "layout");
	redirect(`/sources/feed-${saved}`);
}
