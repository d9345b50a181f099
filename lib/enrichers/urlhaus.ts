import { z } from "zod";
import type { Indicator } from "@/lib/domain";
import { authHeaders, FAIR_USE, known } from "./abuse-ch";
import { amount, indicatorCell, listOf, textCell, timeCell, utc, word, words } from "./answer";
import { defineEnricher, type Enrichment, type Fact, type FactTable } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact, textFact, timeFact } from "./facts";

const HOST = "urlhaus-api.abuse.ch";

const place = z.looseObject({ url: z.string(), url_status: word, date_added: word, firstseen: word, threat: word, tags: words });
const payload = z.looseObject({
	firstseen: word,
	filename: word,
	file_type: word,
	content_type: word,
	response_sha256: word,
	signature: word,
	virustotal: z.looseObject({ result: word }).nullish().catch(null),
});
const answer = z.looseObject({
	urlhaus_reference: word,
	url_status: word,
	threat: word,
	date_added: word,
	last_online: word,
	reporter: word,
	firstseen: word,
	lastseen: word,
	url_count: amount,
	blacklists: z.looseObject({ spamhaus_dbl: word, surbl: word, gsb: word }).nullish().catch(null),
	tags: words,
	urls: listOf(place),
	payloads: listOf(payload),
	// of files
	file_type: word,
	file_size: amount,
	signature: word,
	md5_hash: word,
	sha256_hash: word,
	virustotal: z.looseObject({ result: word }).nullish().catch(null),
});
type Data = z.output<typeof answer>;

const MAX_ROWS = 50;
const BLOCKLISTS = { spamhaus_dbl: "Spamhaus DBL", surbl: "SURBL", gsb: "Google Safe Browsing" } as const;

/** Lists that have it; what they say where they do not is "not listed", or a code nobody knew. */
function listed({ blacklists }: Data): string[] {
	return (Object.keys(BLOCKLISTS) as Array<keyof typeof BLOCKLISTS>).flatMap((key) => {
		const said = blacklists?.[key] ?? "";
		return /^(?:|not[ _]listed|unknown_return_code|null)$/.test(said) ? [] : [said === "listed" ? BLOCKLISTS[key] : `${BLOCKLISTS[key]}: ${said.replaceAll("_", " ")}`];
	});
}

function placesOf({ urls, url_count: count }: Data): FactTable[] {
	if (urls.length === 0) return [];
	const rows = urls
		.slice(0, MAX_ROWS)
		.map((one) => [indicatorCell(one.url, "url"), textCell(one.url_status), textCell(one.threat?.replaceAll("_", " ")), timeCell(utc(one.date_added ?? one.firstseen)), textCell(one.tags.join(", "))]);
	return [{ title: "URLs", columns: ["URL", "State", "Threat", "Added", "Tags"], rows, more: Math.max(count ?? 0, urls.length) - rows.length }];
}

function payloadsOf({ payloads }: Data): FactTable[] {
	if (payloads.length === 0) return [];
	const rows = payloads
		.slice(0, MAX_ROWS)
		.map((one) => [
			indicatorCell(one.response_sha256, "hash"),
			textCell(one.filename),
			textCell(one.file_type ?? one.content_type),
			textCell(one.signature),
			textCell(one.virustotal?.result),
			timeCell(utc(one.firstseen)),
		]);
	return [{ title: "Payloads", columns: ["SHA-256", "Name", "Type", "Signature", "VirusTotal", "First seen"], rows, more: payloads.length - rows.length }];
}

function factsOf(data: Data, value: string): Fact[] {
	const online = data.url_status === "online";
	return [
		...textFact("State", data.url_status, online ? "bad" : "none"),
		...textFact("Threat", data.threat?.replaceAll("_", " "), "bad"),
		...textFact("Signature", data.signature, "bad"),
		...textFact("Type", data.file_type),
		...tagsFact("Tags", data.tags.length > 0 ? data.tags : data.urls.flatMap(({ tags }) => tags)),
		...tagsFact("Other blocklists", listed(data), "bad"),
		...indicatorFact(
			"Other hashes",
			indicatorsOf([data.sha256_hash, data.md5_hash], "hash").filter((one) => one.value !== value),
		),
		...timeFact("Added", utc(data.date_added)),
		...timeFact("First seen", utc(data.firstseen)),
		...timeFact("Last seen", utc(data.lastseen ?? data.last_online)),
		...textFact("VirusTotal", data.virustotal?.result),
		...textFact("Reporter", data.reporter),
	];
}

function summaryOf(type: Indicator["type"], data: Data): string {
	if (type === "url") return `${data.url_status === "online" ? "Serves" : "Served"} malware${data.url_status === null ? "" : `, ${data.url_status}`}`;
	const count = counted(Math.max(data.url_count ?? 0, data.urls.length), "URL");
	if (type === "ipv4" || type === "domain") {
		const online = data.urls.filter((one) => one.url_status === "online").length;
		return `${count} with malware on it${online === 0 ? "" : `, ${online} online`}`;
	}
	return `Malware served by ${count}${data.signature === null ? "" : `: ${data.signature}`}`;
}

const PAGES: Partial<Readonly<Record<Indicator["type"], string>>> = { ipv4: "host", domain: "host" };

function linkOf({ type, value }: Indicator, { urlhaus_reference: reference }: Data): string {
	const page = PAGES[type];
	if (page !== undefined) return `https://urlhaus.abuse.ch/${page}/${encodeURIComponent(value)}/`;
	return /^https:\/\/urlhaus\.abuse\.ch\/[\w/]+$/.test(reference ?? "") ? (reference ?? "") : `https://urlhaus.abuse.ch/browse.php?search=${encodeURIComponent(value)}`;
}

function questionOf({ type, value }: Indicator): { path: string; form: Record<string, string> } {
	if (type === "url") return { path: "url", form: { url: value } };
	if (type === "md5" || type === "sha256") return { path: "payload", form: { [`${type}_hash`]: value } };
	return { path: "host", form: { host: value } };
}

/** URLs that serve malware, the hosts they are on and the files they serve: everything in it was checked, so it is a verdict. */
export const urlhaus = defineEnricher({
	id: "urlhaus",
	name: "URLhaus",
	homepage: "https://urlhaus.abuse.ch/",
	supports: ["ipv4", "domain", "url", "md5", "sha256"],
	exposure: "provider",
	secret: { name: "abuseChAuthKey", required: true },
	quota: FAIR_USE,
	keeps: { found: 6 * 3600, unknown: 3600 },
	timeoutMs: 12_000,
	async ask(indicator, tools) {
		const { path, form } = questionOf(indicator);
		const raw = await tools.json(`https://${HOST}/v1/${path}/`, { form, headers: authHeaders(tools.secret) });
		if (raw === null || !known(raw, HOST)) return null;
		const data = answer.parse(raw);
		// A host whose every URL was removed still answers `ok`.
		if (path === "host" && data.urls.length === 0 && (data.url_count ?? 0) === 0) return null;
		const enrichment: Enrichment = {
			summary: summaryOf(indicator.type, data),
			// One URL on a large shared host says little about the host.
			tone: path === "host" && !data.urls.some((one) => one.url_status === "online") ? "warn" : "bad",
			facts: factsOf(data, indicator.value),
			tables: [...placesOf(data), ...payloadsOf(data)],
			link: linkOf(indicator, data),
		};
		return { enrichment, raw };
	},
});
