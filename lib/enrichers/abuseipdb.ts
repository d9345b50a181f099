import { z } from "zod";
import { amount, flag, listOf, textCell, timeCell, utc, word, words } from "./answer";
import { defineEnricher, type FactTable, type Tone } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact, textFact, timeFact } from "./facts";

/** What the numbers of reports mean (https://www.abuseipdb.com/categories). */
const CATEGORIES: Readonly<Record<number, string>> = {
	1: "DNS compromise",
	2: "DNS poisoning",
	3: "fraud orders",
	4: "DDoS attack",
	5: "FTP brute force",
	6: "ping of death",
	7: "phishing",
	8: "fraud VoIP",
	9: "open proxy",
	10: "web spam",
	11: "e-mail spam",
	12: "blog spam",
	13: "VPN",
	14: "port scan",
	15: "hacking",
	16: "SQL injection",
	17: "spoofing",
	18: "brute force",
	19: "bad web bot",
	20: "exploited host",
	21: "web application attack",
	22: "SSH",
	23: "IoT targeted",
};

const report = z.looseObject({ reportedAt: word, comment: word, categories: listOf(z.number()), reporterCountryCode: word });
const answer = z.looseObject({
	data: z.looseObject({
		abuseConfidenceScore: z.number(),
		totalReports: amount,
		numDistinctUsers: amount,
		lastReportedAt: word,
		countryCode: word,
		usageType: word,
		isp: word,
		domain: word,
		hostnames: words,
		isTor: flag,
		isWhitelisted: flag,
		reports: listOf(report),
	}),
});
type Data = z.output<typeof answer>["data"];

const MAX_ROWS = 20;

function names(categories: readonly number[]): string[] {
	return categories.map((category) => CATEGORIES[category] ?? `category ${category}`);
}

function reportsOf({ reports, totalReports }: Data): FactTable[] {
	if (reports.length === 0) return [];
	const rows = reports
		.slice(0, MAX_ROWS)
		.map(({ reportedAt, categories, comment, reporterCountryCode }) => [timeCell(utc(reportedAt)), textCell(names(categories).join(", ")), textCell(comment), textCell(reporterCountryCode)]);
	return [{ title: "Reports", columns: ["When", "What", "Comment", "From"], rows, more: Math.max(totalReports ?? 0, reports.length) - rows.length }];
}

function toneOf({ abuseConfidenceScore, totalReports }: Data): Tone {
	if (abuseConfidenceScore >= 75) return "bad";
	return abuseConfidenceScore > 0 || (totalReports ?? 0) > 0 ? "warn" : "none";
}

/**
 * Reports of the last 90 days. An address nobody reported answers 200 with zeros, which is nothing known. The confidence is
 * AbuseIPDB's own figure from 0 to 100; whitelisted ones keep their reports and lose their score.
 */
export const abuseipdb = defineEnricher({
	id: "abuseipdb",
	name: "AbuseIPDB",
	homepage: "https://www.abuseipdb.com/",
	supports: ["ipv4", "ipv6"],
	exposure: "provider",
	secret: { name: "abuseIpdbKey", required: true },
	quota: [{ calls: 1_000, seconds: 86_400 }],
	keeps: { found: 6 * 3600, unknown: 3 * 3600 },
	timeoutMs: 10_000,
	async ask({ value }, tools) {
		const query = new URLSearchParams({ ipAddress: value, maxAgeInDays: "90", verbose: "" });
		const raw = await tools.json(`https://api.abuseipdb.com/api/v2/check?${query}`, { headers: { key: tools.secret ?? "" } });
		if (raw === null) return null;
		const { data } = answer.parse(raw);
		const { abuseConfidenceScore: score, totalReports, numDistinctUsers } = data;
		if (score === 0 && (totalReports ?? 0) === 0 && data.reports.length === 0) return null;
		const tone = toneOf(data);
		const facts = [
			{ label: "Confidence of abuse", kind: "share", part: score, of: 100, tone } as const,
			...timeFact("Last reported", utc(data.lastReportedAt)),
			...tagsFact("Reported for", names(data.reports.flatMap(({ categories }) => categories))),
			...textFact("Whitelisted", data.isWhitelisted ? "yes, by AbuseIPDB" : null),
			...textFact("Tor", data.isTor ? "exit node" : null, "warn"),
			...textFact("Used as", data.usageType),
			...textFact("Provider", data.isp),
			...textFact("Country", data.countryCode),
			...indicatorFact("Domain", indicatorsOf([data.domain], "domain")),
			...indicatorFact("Host names", indicatorsOf(data.hostnames, "domain")),
		];
		const by = numDistinctUsers === null ? "" : ` by ${counted(numDistinctUsers, "reporter")}`;
		const summary = `${counted(totalReports ?? data.reports.length, "report")}${by}, ${score} % confidence of abuse`;
		return { enrichment: { summary, tone, facts, tables: reportsOf(data), link: `https://www.abuseipdb.com/check/${encodeURIComponent(value)}` }, raw };
	},
});
