import { describe, expect, it } from "vitest";
import { formerMetrics, leadingScore, vectorWords } from "@/lib/trackers/vuln/cvss";

describe("CVSS in words", () => {
	it.each([
		[
			"2.0",
			"AV:N/AC:M/Au:S/C:P/I:C/A:N",
			["Access vector: network", "Access complexity: medium", "Authentication: single", "Confidentiality impact: partial", "Integrity impact: complete", "Availability impact: none"],
		],
		["2.0", "(AV:L/AC:H/Au:M/E:POC/RL:ND)", ["Access vector: local", "Access complexity: high", "Authentication: multiple", "Exploitability: proof of concept"]],
		[
			"3.1",
			"CVSS:3.1/AV:A/AC:L/PR:N/UI:R/S:C/C:H/I:L/A:N/E:X",
			[
				"Attack vector: adjacent network",
				"Attack complexity: low",
				"Privileges required: none",
				"User interaction: required",
				"Scope: changed",
				"Confidentiality impact: high",
				"Integrity impact: low",
				"Availability impact: none",
			],
		],
		[
			"4.0",
			"CVSS:4.0/AV:P/AT:P/UI:A/VC:H/SI:S/E:A/AU:Y/U:Red",
			[
				"Attack vector: physical",
				"Attack requirements: present",
				"User interaction: active",
				"Confidentiality, this system: high",
				"Integrity, systems behind: safety",
				"Exploit maturity: attacked",
				"Automatable: yes",
				"Provider urgency: red",
			],
		],
		["3.1", "CVSS:3.1/AV:Q/constructor:N/__proto__:x/AV:constructor", ["Attack vector: Q", "constructor: N", "__proto__: x", "Attack vector: constructor"]],
		["9", "nonsense", []],
		["3.1", "", []],
	])("%s %s", (version, vector, words) => {
		expect(vectorWords(version, vector).map(({ metric, value }) => `${metric}: ${value}`)).toEqual(words);
	});

	it("gives the names of the original", () => {
		expect(formerMetrics({ version: "2.0", vector: "AV:A/AC:M/Au:N/C:P/I:P/A:C" })).toEqual({
			access_vector: "ADJACENT_NETWORK",
			access_complexity: "MEDIUM",
			authentication: "NONE",
			confidentiality_impact: "PARTIAL",
			integrity_impact: "PARTIAL",
			availability_impact: "COMPLETE",
		});
		expect(formerMetrics({ version: "4.0", vector: "CVSS:4.0/AV:N/AC:L/PR:H/VC:H/VI:N/VA:L" })).toMatchObject({ authentication: "HIGH", confidentiality_impact: "HIGH", availability_impact: "LOW" });
		expect(formerMetrics({ version: "3.1", vector: "x" })).toMatchObject({ access_vector: "", authentication: "" });
	});

	it("sorts out by a primary score, then by the newest version, then by the highest", () => {
		const score = (version: string, value: number, primary = false) => ({ version, score: value, primary, source: "", vector: "" });
		expect(leadingScore([])).toBeUndefined();
		expect(leadingScore([score("4.0", 5), score("3.1", 9.8, true), score("2.0", 10)])).toMatchObject({ version: "3.1" });
		expect(leadingScore([score("3.1", 9), score("4.0", 5), score("4.0", 6)])).toMatchObject({ version: "4.0", score: 6 });
	});
});
