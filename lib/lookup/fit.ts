import type { Enrichment, Fact, FactTable, TableCell } from "@/lib/enrichers/define";
import { cleanText, maskUrl, webLink } from "@/lib/net";

/** Most characters of the raw answer that is kept beside the shape, as JSON. */
const MAX_RAW = 100_000;
const MAX_DEPTH = 24;
const MAX_TEXT = 2_000;
const MAX_FACTS = 60;
const MAX_ROWS = 200;
const MAX_LIST = 200;

/** Replaces secrets in a text that may repeat them. */
export type Masker = (text: string) => string;

/** Masks a secret, its parts (`token organisation`) and both as they stand in a URL. */
export function masker(secrets: readonly string[]): Masker {
	const parts = [...new Set(secrets.flatMap((secret) => [secret, ...secret.split(/\s+/)]))].filter((part) => part.length >= 4).sort((a, b) => b.length - a.length);
	return (text) => {
		let out = text;
		for (const part of parts) out = out.replaceAll(part, "…").replaceAll(encodeURIComponent(part), "…");
		return out;
	};
}

/** A message for people or the log: secrets and queries of URLs masked, control characters made visible, short. */
export function shownReason(text: string, mask: Masker): string {
	return cleanText(maskUrl(mask(text))).slice(0, 300);
}

interface Bounds {
	items: number;
	text: number;
}

/** A copy of a JSON value whose lists, members and texts are cut, with a word on what was. */
function cut(value: unknown, mask: Masker, { items, text }: Bounds, depth = 0): unknown {
	if (typeof value === "string") {
		const clean = cleanText(mask(value));
		return clean.length > text ? `${clean.slice(0, text)}… (${clean.length} characters)` : clean;
	}
	if (value === null || typeof value !== "object") return typeof value === "bigint" ? String(value) : (value ?? null);
	if (depth >= MAX_DEPTH) return "…";
	if (Array.isArray(value)) {
		const kept = value.slice(0, items).map((item) => cut(item, mask, { items, text }, depth + 1));
		return value.length > items ? [...kept, `… ${value.length - items} more`] : kept;
	}
	const entries = Object.entries(value);
	const kept = entries.slice(0, items).map(([name, member]) => [cleanText(mask(name)).slice(0, 200), cut(member, mask, { items, text }, depth + 1)] as const);
	return Object.fromEntries(entries.length > items ? [...kept, ["…", `${entries.length - items} more`]] : kept);
}

/** The raw answer, masked and small enough to be kept and shown. */
export function fitRaw(raw: unknown, mask: Masker): unknown {
	for (const bounds of [
		{ items: 2_000, text: 20_000 },
		{ items: 200, text: 4_000 },
		{ items: 50, text: 1_000 },
		{ items: 15, text: 300 },
		{ items: 5, text: 100 },
	]) {
		const small = cut(raw, mask, bounds);
		if (JSON.stringify(small).length <= MAX_RAW) return small;
	}
	return "The answer is too large to be shown.";
}

function fitText(text: string, mask: Masker): string {
	const clean = cleanText(mask(text));
	return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean;
}

function fitFact(fact: Fact, mask: Masker): Fact[] {
	const label = fitText(fact.label, mask).slice(0, 100);
	switch (fact.kind) {
		case "text":
			return [{ ...fact, label, text: fitText(fact.text, mask) }];
		case "tags":
			return [{ ...fact, label, tags: fact.tags.slice(0, MAX_LIST).map((tag) => fitText(tag, mask).slice(0, 300)) }];
		case "link": {
			const href = webLink(mask(fact.href));
			return href === undefined ? [{ label, kind: "text", text: fitText(fact.text, mask) }] : [{ ...fact, label, text: fitText(fact.text, mask), href }];
		}
		case "indicators":
			return [{ ...fact, label, indicators: fact.indicators.slice(0, MAX_LIST) }];
		case "time":
			return Number.isNaN(Date.parse(fact.at)) ? [] : [{ ...fact, label }];
		case "number":
			return Number.isFinite(fact.value) ? [{ ...fact, label }] : [];
		case "share":
			return Number.isFinite(fact.part) && Number.isFinite(fact.of) ? [{ ...fact, label }] : [];
	}
}

function fitCell(cell: TableCell, mask: Masker): TableCell {
	if (cell.kind === "text") return { ...cell, text: fitText(cell.text, mask) };
	if (cell.kind === "time" && Number.isNaN(Date.parse(cell.at))) return { kind: "text", text: "" };
	return cell.kind === "number" && !Number.isFinite(cell.value) ? { kind: "text", text: "" } : cell;
}

function fitTable(table: FactTable, mask: Masker): FactTable {
	const rows = table.rows.slice(0, MAX_ROWS).map((row) => row.map((cell) => fitCell(cell, mask)));
	return { title: fitText(table.title, mask), columns: table.columns.map((column) => fitText(column, mask)), rows, more: table.more + table.rows.length - rows.length };
}

/** An enricher's answer as it may be shown: secrets masked, texts plain, everything bounded, links to the web only. */
export function fitEnrichment(given: Enrichment, mask: Masker): Enrichment {
	const link = given.link === undefined ? undefined : webLink(mask(given.link));
	return {
		summary: fitText(given.summary, mask),
		tone: given.tone,
		facts: given.facts.slice(0, MAX_FACTS).flatMap((fact) => fitFact(fact, mask)),
		...(given.tables === undefined ? {} : { tables: given.tables.map((table) => fitTable(table, mask)) }),
		...(link === undefined ? {} : { link }),
		...(given.downloads === undefined ? {} : { downloads: given.downloads.slice(0, 20).map(({ label, id }) => ({ label: fitText(label, mask), id: fitText(id, mask) })) }),
	};
}
