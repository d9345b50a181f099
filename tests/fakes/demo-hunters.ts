import { createHunter } from "@/lib/hunters";
import type { HunterInput } from "@/lib/hunters/hunter";
import { closePlatform, database } from "@/lib/platform";

/** Hunters of the demonstration, made once before anything is read: what the first runs bring is held against them. */

type Sample = Pick<HunterInput, "kind" | "name" | "query"> & Partial<HunterInput>;

const SAMPLES: readonly Sample[] = [
	{ kind: "twitter", name: "Phishing in Japan", query: "フィッシング, lang:ja" },
	{ kind: "threat", name: "Turla and APT28", query: "turla, apt28, galaxy:sofacy" },
	{ kind: "news", name: "Ransomware", query: "ransomware -webinar", digestOver: 5 },
	{ kind: "exploit", name: "Code execution", query: '"remote code execution", tag:rce', slack: false },
	{ kind: "vuln", name: "Severe and in use", query: "kev:yes score:>=9" },
	{ kind: "reputation", name: "Our networks", query: "203.0.113.0/24, 2001:db8::/32, example.com" },
	{ kind: "reputation", name: "Names like PayPal", query: "paypal type:domain, paypal type:url" },
	{ kind: "news", name: "Supply chain", query: '"supply chain", npm malware', enabled: false },
];

const db = database();
// Whoever deleted them does not get them back at the next start.
const [made] = await db.query<{ n: number }>("SELECT COUNT(*) AS n FROM audit_entry WHERE action = 'hunter.create'");
if (Number(made?.n ?? 0) === 0) for (const sample of SAMPLES) await createHunter({ enabled: true, slack: true, channel: null, webhook: null, digestOver: 10, ...sample }, "demo");
await closePlatform();
