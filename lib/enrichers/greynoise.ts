import { z } from "zod";
import { flag, utc, word } from "./answer";
import { defineEnricher, type Tone } from "./define";
import { textFact, timeFact } from "./facts";

const answer = z.looseObject({ noise: flag, riot: flag, classification: word, name: word, last_seen: word });

const TONES: Readonly<Record<string, Tone>> = { malicious: "bad", suspicious: "warn" };

function summaryOf(noise: boolean, riot: boolean, classification: string | null): string {
	const judged = classification === null || classification === "unknown" ? "" : `, classified ${classification}`;
	if (noise) return `Scans the internet${judged}`;
	return riot ? `Belongs to a common business service${judged}` : `Known${judged}`;
}

/**
 * GreyNoise's free community call: does it scan the whole internet, or belong to a service that everybody talks to. 404 with
 * `noise` and `riot` both false means that it was not observed; IPv6 is not known there. Without a key fewer calls a day.
 */
export const greynoise = defineEnricher({
	id: "greynoise",
	name: "GreyNoise Community",
	homepage: "https://viz.greynoise.io/",
	supports: ["ipv4"],
	exposure: "provider",
	secret: { name: "greyNoiseKey", required: false },
	quota: [{ calls: 50, seconds: 7 * 86_400 }],
	quotaWithoutKey: [{ calls: 10, seconds: 86_400 }],
	keeps: { found: 24 * 3600, unknown: 12 * 3600 },
	timeoutMs: 8_000,
	async ask({ value }, tools) {
		const raw = await tools.json(`https://api.greynoise.io/v3/community/${encodeURIComponent(value)}`, tools.secret === undefined ? {} : { headers: { key: tools.secret } });
		if (raw === null) return null;
		const { noise, riot, classification, name, last_seen: lastSeen } = answer.parse(raw);
		if (!noise && !riot && (classification ?? "") === "") return null;
		const tone = TONES[classification ?? ""] ?? "none";
		const facts = [
			...textFact("Scans the internet", noise ? "yes" : "not observed"),
			...textFact("Common business service", riot ? "yes" : null),
			...textFact("Classification", classification, tone),
			...textFact("Actor", name === "unknown" ? null : name),
			...timeFact("Last seen", utc(lastSeen)),
		];
		return {
			enrichment: { summary: summaryOf(noise, riot, classification === "" ? null : classification), tone, facts, link: `https://viz.greynoise.io/ip/${encodeURIComponent(value)}` },
			raw,
		};
	},
});
