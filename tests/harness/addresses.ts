import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Resolver } from "@/lib/net";

/** The corpus of addresses that others choose, and the zone its names stand in: fetch and capture are held to the same. */

const text = (file: string): string => readFileSync(resolve(import.meta.dirname, "../fixtures/security", file), "utf8");

export interface AddressRow {
	label: string;
	category: string;
	reason: string;
	host: string;
	url: string;
}

export const addressRows: readonly AddressRow[] = text("ssrf-urls.txt")
	.split("\n")
	.filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("label\t"))
	.map((line) => {
		const [label = "", category = "", reason = "", host = "", url = ""] = line.split("\t");
		return { label, category, reason, host, url: JSON.parse(url) as string };
	});

export type Answer = readonly string[] | string;

/** What a scripted answer means: addresses, an error, or silence. */
export function answered(answer: Answer | undefined): Promise<string[]> {
	if (answer === "TIMEOUT") return new Promise(() => {});
	if (answer === undefined || typeof answer === "string") return Promise.reject(new Error(answer ?? "NXDOMAIN"));
	return Promise.resolve([...answer]);
}

/** The corpus's stub resolver. */
export function zoneResolver(): Resolver & { zone: Readonly<Record<string, Answer>> } {
	const { zone } = JSON.parse(text("dns-zone.json")) as { zone: Record<string, Answer> };
	return Object.assign((hostname: string) => answered(Object.hasOwn(zone, hostname) ? zone[hostname] : undefined), { zone });
}
