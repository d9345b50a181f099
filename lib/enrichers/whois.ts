import { type Indicator, registrableDomain } from "@/lib/domain";
import { defineEnricher, type EnricherTools, type Fact, ProviderFailure } from "./define";
import { indicatorFact, indicatorsOf, tagsFact, textFact, timeFact, YOUNG_DAYS, youngTone } from "./facts";
import { readWhois, referral, type WhoisValues, whoisDate, whoisRefusal } from "./whois-answer";

const ROOT = "whois.iana.org";
/** IANA, the registry, its registrar. */
const MAX_HOPS = 3;

/** How some servers want to be asked. */
function queryFor(server: string, name: string): string {
	switch (server) {
		case "whois.verisign-grs.com":
			return `domain ${name}`;
		case "whois.denic.de":
			return `-T dn,ace ${name}`;
		case "whois.jprs.jp":
			return `${name}/e`;
		case "whois.arin.net":
			return `n + ${name}`;
		default:
			return name;
	}
}

/** The answers along the way, IANA's own left out. A registrar that does not answer leaves the registry's word. */
async function answersFor(name: string, tools: EnricherTools): Promise<Array<{ server: string; text: string }>> {
	const answers: Array<{ server: string; text: string }> = [];
	const asked = new Set<string>([ROOT]);
	let server = referral(await tools.whois(ROOT, name));
	while (server !== undefined && !asked.has(server) && asked.size <= MAX_HOPS) {
		asked.add(server);
		try {
			const text: string = await tools.whois(server, queryFor(server, name));
			// A registrar that knows less than the registry sent us astray.
			if (answers.length > 0 && whoisRefusal(text) !== null) break;
			answers.push({ server, text });
			server = referral(text);
		} catch (error) {
			if (answers.length === 0) throw error;
			break;
		}
	}
	return answers;
}

function domainFacts(values: WhoisValues): Fact[] {
	return [
		...textFact("Registrar", values.registrar?.[0]),
		...timeFact("Registered", whoisDate(values.created?.[0]), YOUNG_DAYS),
		...timeFact("Changed", whoisDate(values.changed?.[0])),
		...timeFact("Expires", whoisDate(values.expires?.[0])),
		// `clientTransferProhibited https://icann.org/epp#…`
		...tagsFact(
			"Status",
			(values.status ?? []).map((status) => status.replace(/\s+\(?https?:\S*$/, "")),
		),
		...indicatorFact(
			"Name servers",
			indicatorsOf(
				(values.nameservers ?? []).map((name) => (name.split(/\s+/)[0] ?? "").replace(/\.$/, "")),
				"domain",
			),
		),
		...textFact("Registrant", values.registrant?.[0]),
		...textFact("Country", values.country?.[0]),
		...textFact("Abuse contact", values.abuse?.[0]),
	];
}

function networkFacts(values: WhoisValues): Fact[] {
	return [
		...textFact("Network", values.network?.[0]),
		...textFact("Range", values.range?.join(", ")),
		...textFact("Holder", values.registrant?.[0] ?? values.description?.[0]),
		...textFact("Country", values.country?.[0]),
		...textFact("Announced by", values.origin?.[0]),
		...timeFact("Registered", whoisDate(values.created?.[0])),
		...timeFact("Changed", whoisDate(values.changed?.[0])),
		...textFact("Abuse contact", values.abuse?.[0]),
	];
}

/** The registry's word first, what only the registrar knows beside it. */
function merged(texts: readonly string[]): WhoisValues {
	return Object.assign({}, ...texts.map(readWhois).reverse()) as WhoisValues;
}

function summaryOf({ type }: Indicator, values: WhoisValues): string {
	if (type !== "domain") return [values.network?.[0], values.registrant?.[0] ?? values.description?.[0], values.country?.[0]].filter((part) => part !== undefined).join(", ") || "registered";
	const day = whoisDate(values.created?.[0])?.slice(0, 10);
	return [day === undefined ? "registered" : `registered ${day}`, ...(values.registrar?.[0] === undefined ? [] : [`with ${values.registrar[0]}`])].join(" ");
}

/** The registries' older service (RFC 3912): it still answers where there is no RDAP, and its text says more. */
export const whois = defineEnricher({
	id: "whois",
	name: "Whois",
	homepage: "https://www.iana.org/whois",
	supports: ["domain", "ipv4", "ipv6"],
	exposure: "provider",
	manyServers: true,
	quota: [{ calls: 60, seconds: 60 }],
	keeps: { found: 12 * 3600, unknown: 3600 },
	timeoutMs: 15_000,
	async ask(indicator, tools) {
		if (indicator.value.endsWith(".onion")) return null;
		const name = indicator.type === "domain" ? (registrableDomain(indicator.value) ?? indicator.value) : indicator.value;
		const answers = await answersFor(name, tools);
		const [first] = answers;
		if (first === undefined) return null;
		const refused = whoisRefusal(first.text);
		if (refused === "nothing") return null;
		if (refused === "limited") throw new ProviderFailure("limited", `${first.server} says that it was asked too often`, 300);
		const values = merged(answers.map(({ text }) => text));
		const facts = indicator.type === "domain" ? domainFacts(values) : networkFacts(values);
		const tone = indicator.type === "domain" ? youngTone(whoisDate(values.created?.[0]), tools.now()) : "none";
		return { enrichment: { summary: summaryOf(indicator, values), tone, facts }, raw: Object.fromEntries(answers.map(({ server, text }) => [server, text.split(/\r?\n/)])) };
	},
});
