import type { HunterInput } from "@/lib/hunters/hunter";

type Sample = Pick<HunterInput, "kind" | "name" | "query"> & Partial<HunterInput>;

const SAMPLES: readonly Sample[] = [
	{ kind: "twitter", name: "Phishing in Japan", query: "フィッシング, phishing lang:ja" },
	{ kind: "threat", name: "Turla and APT28", query: "turla, apt28, galaxy:sofacy" },
	{ kind: "news", name: "Ransomware", query: "ransomware -webinar", digestOver: 5 },
	{ kind: "exploit", name: "Code execution", query: '"remote code execution", tag:rce', slack: false },
	{ kind: "vuln", name: "Severe and in use", query: "kev:yes score:>=9" },
	{ kind: "reputation", name: "Our networks", query: "203.0.113.0/24, 2001:db8::/32, example.com" },
	{ kind: "reputation", name: "Names like PayPal", query: "paypal type:domain, paypal type:url" },
	{ kind: "news", name: "Supply chain", query: '"supply chain", npm malware', enabled: false },
];

/** Hunters of the demonstration. */
export const SAMPLE_HUNTERS: readonly HunterInput[] = SAMPLES.map((sample) => ({ enabled: true, slack: true, channel: null, webhook: null, digestOver: 10, ...sample }));
