import { z } from "zod";
import { defineEnricher } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact } from "./facts";

const answer = z.looseObject({
	ports: z.array(z.number()).default([]),
	cpes: z.array(z.string()).default([]),
	hostnames: z.array(z.string()).default([]),
	tags: z.array(z.string()).default([]),
	vulns: z.array(z.string()).default([]),
});

/** Tags that are a judgement, not a description. */
const BAD_TAGS: ReadonlySet<string> = new Set(["malware", "c2", "compromised"]);

/**
 * Shodan's weekly picture of an address, free and without a key. CVEs are guessed from banners, so they need eyes and are no
 * finding. 404 means that no port was seen open.
 */
export const internetdb = defineEnricher({
	id: "internetdb",
	name: "Shodan InternetDB",
	homepage: "https://internetdb.shodan.io/",
	supports: ["ipv4", "ipv6"],
	exposure: "provider",
	quota: [{ calls: 60, seconds: 60 }],
	keeps: { found: 24 * 3600, unknown: 6 * 3600 },
	timeoutMs: 8_000,
	async ask({ value }, tools) {
		const raw = await tools.json(`https://internetdb.shodan.io/${encodeURIComponent(value)}`);
		if (raw === null) return null;
		const { ports, cpes, hostnames, tags, vulns } = answer.parse(raw);
		const bad = tags.some((tag) => BAD_TAGS.has(tag.toLowerCase()));
		const facts = [
			...tagsFact("Open ports", ports.map(String)),
			...tagsFact("Tags", tags, bad ? "bad" : "none"),
			...indicatorFact("Host names", indicatorsOf(hostnames, "domain")),
			...indicatorFact("Possible vulnerabilities", indicatorsOf(vulns, "cve")),
			...tagsFact("Software", cpes),
		];
		const summary = [counted(ports.length, "open port"), ...(vulns.length === 0 ? [] : [counted(vulns.length, "possible vulnerability", "possible vulnerabilities")])].join(", ");
		return { enrichment: { summary, tone: bad ? "bad" : vulns.length > 0 ? "warn" : "none", facts, link: `https://www.shodan.io/host/${encodeURIComponent(value)}` }, raw };
	},
});
