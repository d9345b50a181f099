import { z } from "zod";
import { newest, textCell, timeCell, utc, word } from "./answer";
import { defineEnricher, type FactTable } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact, timeFact } from "./facts";

const certificate = z.looseObject({ id: word, issuer_name: word, common_name: word, name_value: word, serial_number: word, entry_timestamp: word, not_before: word, not_after: word });
type Certificate = z.output<typeof certificate>;
const answer = z.array(certificate);

const MAX_ROWS = 20;

/** A certificate and its precertificate are two entries with one serial number. */
function once(certificates: readonly Certificate[]): Certificate[] {
	const seen = new Map<string, Certificate>();
	for (const one of certificates) {
		const key = one.serial_number ?? one.id ?? "";
		if (!seen.has(key)) seen.set(key, one);
	}
	return [...seen.values()].sort((a, b) => ((utc(a.not_before) ?? "") < (utc(b.not_before) ?? "") ? 1 : -1));
}

function namesOf(certificates: readonly Certificate[]): string[] {
	return [...new Set(certificates.flatMap((one) => [one.common_name ?? "", ...(one.name_value ?? "").split("\n")]).map((name) => name.trim().toLowerCase()))].filter((name) => name !== "");
}

/** The organisation of a distinguished name, else its common name, else all of it. */
function issuer(name: string | null): string {
	const part = (key: string): string | undefined =>
		new RegExp(`(?:^|, )${key}=(?:"([^"]+)"|([^,]+))`)
			.exec(name ?? "")
			?.slice(1)
			.find((text) => text !== undefined);
	return part("O") ?? part("CN") ?? name ?? "";
}

function tableOf(certificates: readonly Certificate[]): FactTable {
	const rows = certificates.slice(0, MAX_ROWS).map((one) => [textCell(one.common_name), textCell(issuer(one.issuer_name)), timeCell(utc(one.not_before)), timeCell(utc(one.not_after))]);
	return { title: "Certificates", columns: ["Common name", "Issuer", "From", "Until"], rows, more: certificates.length - rows.length };
}

/**
 * Certificates that were logged for a domain and what is below it, and so its subdomains. crt.sh is slow and often away, allows
 * few calls a minute, and what it says changes little: hence the patience, and answers that are kept for days.
 */
export const crtsh = defineEnricher({
	id: "crtsh",
	name: "crt.sh",
	homepage: "https://crt.sh/",
	supports: ["domain"],
	exposure: "provider",
	quota: [{ calls: 5, seconds: 60 }],
	keeps: { found: 3 * 86_400, unknown: 86_400 },
	timeoutMs: 20_000,
	async ask({ value }, tools) {
		const raw = await tools.json(`https://crt.sh/?${new URLSearchParams({ q: value, output: "json" })}`);
		if (raw === null) return null;
		const certificates = once(answer.parse(raw));
		if (certificates.length === 0) return null;
		const names = namesOf(certificates);
		const below = indicatorsOf(
			names.filter((name) => name.endsWith(`.${value}`) && !name.includes("*")),
			"domain",
		);
		const others = indicatorsOf(
			names.filter((name) => name !== value && !name.endsWith(`.${value}`) && !name.includes("*")),
			"domain",
		);
		const first = certificates.at(-1);
		const facts = [
			...indicatorFact("Subdomains", below),
			...indicatorFact("Other names in its certificates", others),
			...tagsFact(
				"Wildcards",
				names.filter((name) => name.startsWith("*.")),
			),
			...tagsFact(
				"Issuers",
				certificates.map(({ issuer_name: name }) => issuer(name)),
			),
			...timeFact("Newest entry", newest(certificates.map(({ entry_timestamp: at }) => utc(at)))),
			...timeFact("Oldest certificate", utc(first?.not_before), 30),
		];
		const summary = [counted(certificates.length, "certificate"), ...(below.length === 0 ? [] : [counted(below.length, "subdomain")])].join(", ");
		return { enrichment: { summary, tone: "none", facts, tables: [tableOf(certificates)], link: `https://crt.sh/?q=${encodeURIComponent(value)}` }, raw };
	},
});
