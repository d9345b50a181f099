import type { CvssScore } from "@/lib/sources/record";

/** CVSS vectors in words, and which of several scores counts. Nothing is computed: scores are those of their sources. */

type Metric = readonly [name: string, values: Readonly<Record<string, string>>];
type Metrics = Readonly<Record<string, Metric>>;

const LEVELS = { N: "none", L: "low", M: "medium", H: "high" } as const;
const PLACES = { N: "network", A: "adjacent network", L: "local", P: "physical" } as const;
const V2_IMPACT = { N: "none", P: "partial", C: "complete" } as const;

/** @see https://www.first.org/cvss/v2/guide */
const V2: Metrics = {
	AV: ["Access vector", PLACES],
	AC: ["Access complexity", LEVELS],
	Au: ["Authentication", { M: "multiple", S: "single", N: "none" }],
	C: ["Confidentiality impact", V2_IMPACT],
	I: ["Integrity impact", V2_IMPACT],
	A: ["Availability impact", V2_IMPACT],
	E: ["Exploitability", { U: "unproven", POC: "proof of concept", F: "functional", H: "high" }],
	RL: ["Remediation level", { OF: "official fix", TF: "temporary fix", W: "workaround", U: "unavailable" }],
	RC: ["Report confidence", { UC: "unconfirmed", UR: "uncorroborated", C: "confirmed" }],
};

/** @see https://www.first.org/cvss/v3.1/specification-document */
const V3: Metrics = {
	AV: ["Attack vector", PLACES],
	AC: ["Attack complexity", LEVELS],
	PR: ["Privileges required", LEVELS],
	UI: ["User interaction", { N: "none", R: "required" }],
	S: ["Scope", { U: "unchanged", C: "changed" }],
	C: ["Confidentiality impact", LEVELS],
	I: ["Integrity impact", LEVELS],
	A: ["Availability impact", LEVELS],
	E: ["Exploit code maturity", { U: "unproven", P: "proof of concept", F: "functional", H: "high" }],
	RL: ["Remediation level", { O: "official fix", T: "temporary fix", W: "workaround", U: "unavailable" }],
	RC: ["Report confidence", { U: "unknown", R: "reasonable", C: "confirmed" }],
};

/** @see https://www.first.org/cvss/v4.0/specification-document */
const V4: Metrics = {
	AV: ["Attack vector", PLACES],
	AC: ["Attack complexity", LEVELS],
	AT: ["Attack requirements", { N: "none", P: "present" }],
	PR: ["Privileges required", LEVELS],
	UI: ["User interaction", { N: "none", P: "passive", A: "active" }],
	VC: ["Confidentiality, this system", LEVELS],
	VI: ["Integrity, this system", LEVELS],
	VA: ["Availability, this system", LEVELS],
	SC: ["Confidentiality, systems behind", LEVELS],
	SI: ["Integrity, systems behind", { ...LEVELS, S: "safety" }],
	SA: ["Availability, systems behind", { ...LEVELS, S: "safety" }],
	E: ["Exploit maturity", { A: "attacked", P: "proof of concept", U: "unreported" }],
	S: ["Safety", { N: "negligible", P: "present" }],
	AU: ["Automatable", { N: "no", Y: "yes" }],
	R: ["Recovery", { A: "automatic", U: "by the user", I: "irrecoverable" }],
	V: ["Value density", { D: "diffuse", C: "concentrated" }],
	RE: ["Response effort", { L: "low", M: "moderate", H: "high" }],
	U: ["Provider urgency", { Clear: "clear", Green: "green", Amber: "amber", Red: "red" }],
};

/** "Not defined": it says nothing. */
const UNDEFINED: ReadonlySet<string> = new Set(["X", "ND"]);

function metricsOf(version: string): Metrics {
	return version.startsWith("4") ? V4 : version.startsWith("3") ? V3 : V2;
}

function pairs(vector: string): Array<readonly [string, string]> {
	return vector
		.replace(/^\(|\)$/g, "")
		.split("/")
		.map((part) => part.split(":"))
		.flatMap(([key, value]) => (key === undefined || value === undefined || key === "CVSS" || UNDEFINED.has(value) ? [] : [[key, value] as const]));
}

/** A vector's metrics in words, in its own order; an unknown metric or value stays as it is written. */
export function vectorWords(version: string, vector: string): Array<{ metric: string; value: string }> {
	const known = metricsOf(version);
	return pairs(vector).map(([key, value]) => {
		const metric = Object.hasOwn(known, key) ? known[key] : undefined;
		return { metric: metric?.[0] ?? key, value: metric !== undefined && Object.hasOwn(metric[1], value) ? (metric[1][value] as string) : value };
	});
}

/** The six names the original has for a vector, in its capitals; empty where a version has no such thing. */
export function formerMetrics({ version, vector }: Pick<CvssScore, "version" | "vector">) {
	const found = new Map(pairs(vector));
	const known = metricsOf(version);
	const said = (...keys: readonly string[]): string => {
		for (const key of keys) {
			const value = found.get(key);
			if (value === undefined) continue;
			const words = Object.hasOwn(known, key) ? known[key]?.[1] : undefined;
			return (words !== undefined && Object.hasOwn(words, value) ? (words[value] as string) : value).toUpperCase().replaceAll(" ", "_");
		}
		return "";
	};
	return {
		access_complexity: said("AC"),
		availability_impact: said("A", "VA"),
		confidentiality_impact: said("C", "VC"),
		access_vector: said("AV"),
		authentication: said("Au", "PR"),
		integrity_impact: said("I", "VI"),
	};
}

/** The score that lists go by: a primary one before others, then the newest version, then the highest. */
export function leadingScore(scores: readonly CvssScore[]): CvssScore | undefined {
	return [...scores].sort((a, b) => Number(b.primary) - Number(a.primary) || b.version.localeCompare(a.version) || b.score - a.score)[0];
}
