import { z } from "zod";
import { amount, indicatorCell, listOf, textCell, word, words } from "./answer";
import { defineEnricher, type FactTable, type TableCell } from "./define";
import { counted, indicatorFact, indicatorsOf, tagsFact } from "./facts";
import { VIRUSTOTAL_QUOTA } from "./virustotal";

interface Process {
	name: string;
	children: Process[];
}
/** Deeper trees are cut: a sample that starts itself over and over is seen by then. */
const MAX_DEPTH = 12;

function processOf(value: unknown, depth: number): Process[] {
	if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return [];
	const { name, children } = value as { name?: unknown; children?: unknown };
	const below = (Array.isArray(children) ? children : []).flatMap((child) => processOf(child, depth + 1));
	return typeof name === "string" ? [{ name, children: below }] : below;
}

const tree = z
	.unknown()
	.optional()
	.transform((value) => (Array.isArray(value) ? value : []).flatMap((one) => processOf(one, 0)));
const data = z.looseObject({
	processes_tree: tree,
	processes_created: words,
	command_executions: words,
	dns_lookups: listOf(z.looseObject({ hostname: z.string(), resolved_ips: words })),
	http_conversations: listOf(z.looseObject({ url: z.string(), request_method: word, response_status_code: amount })),
	ip_traffic: listOf(z.looseObject({ destination_ip: z.string(), destination_port: amount, transport_layer_protocol: word })),
	files_dropped: listOf(z.looseObject({ path: word, sha256: word })),
	registry_keys_set: listOf(z.looseObject({ key: z.string(), value: word })),
	mutexes_created: words,
	mitre_attack_techniques: listOf(z.looseObject({ id: z.string(), signature_description: word })),
	tags: words,
});
type Behaviour = z.output<typeof data>;
const answer = z.looseObject({ data });

const MAX_ROWS = 60;

function table(title: string, columns: readonly string[], rows: ReadonlyArray<readonly TableCell[]>): FactTable[] {
	return rows.length === 0 ? [] : [{ title, columns, rows: rows.slice(0, MAX_ROWS), more: Math.max(0, rows.length - MAX_ROWS) }];
}

function flat(processes: readonly Process[], depth = 0): string[] {
	return processes.flatMap(({ name, children }) => [`${"\u2014 ".repeat(depth)}${name}`, ...flat(children, depth + 1)]);
}

function processesOf(seen: Behaviour): string[] {
	const nested = flat(seen.processes_tree);
	return [...new Set(nested.length > 0 ? [...nested, ...seen.command_executions.filter((line) => !nested.includes(line))] : [...seen.processes_created, ...seen.command_executions])];
}

function tablesOf(seen: Behaviour, processes: readonly string[]): FactTable[] {
	return [
		...table(
			"Processes",
			["Process"],
			processes.map((name) => [textCell(name)]),
		),
		...table(
			"Names looked up",
			["Name", "Addresses"],
			seen.dns_lookups.map((one) => [indicatorCell(one.hostname, "host"), textCell(one.resolved_ips.join(", "))]),
		),
		...table(
			"HTTP",
			["Method", "URL", "Status"],
			seen.http_conversations.map((one) => [textCell(one.request_method), indicatorCell(one.url, "url"), textCell(one.response_status_code)]),
		),
		...table(
			"Connections",
			["Address", "Port"],
			seen.ip_traffic.map((one) => [
				indicatorCell(one.destination_ip, "ip"),
				textCell(one.destination_port === null ? null : `${one.destination_port}/${(one.transport_layer_protocol ?? "tcp").toLowerCase()}`),
			]),
		),
		...table(
			"Files dropped",
			["Path", "SHA-256"],
			seen.files_dropped.map((one) => [textCell(one.path), indicatorCell(one.sha256, "hash")]),
		),
		...table(
			"Registry keys set",
			["Key", "Value"],
			seen.registry_keys_set.map((one) => [textCell(one.key), textCell(one.value)]),
		),
	];
}

/**
 * What sandboxes saw a file do, all of them taken together. It asks for itself, so that the engines' verdict does not wait for it,
 * and out of the same four requests a minute. What a sample does is no verdict: browsers do much of it, too.
 */
export const virustotalBehaviour = defineEnricher({
	id: "virustotal-behaviour",
	name: "VirusTotal behaviour",
	homepage: "https://www.virustotal.com/",
	supports: ["md5", "sha1", "sha256"],
	exposure: "provider",
	secret: { name: "virusTotalKey", required: true },
	quota: VIRUSTOTAL_QUOTA,
	account: "virustotal",
	keeps: { found: 3 * 86_400, unknown: 6 * 3600 },
	timeoutMs: 20_000,
	async ask({ value }, tools) {
		const raw = await tools.json(`https://www.virustotal.com/api/v3/files/${value}/behaviour_summary`, { headers: { "x-apikey": tools.secret ?? "" } });
		if (raw === null) return null;
		const seen = answer.parse(raw).data;
		const processes = processesOf(seen);
		const tables = tablesOf(seen, processes);
		const techniques = seen.mitre_attack_techniques.map(({ id, signature_description: what }) => (what === null ? id : `${id} ${what}`));
		if (tables.length === 0 && techniques.length === 0) return null;
		const facts = [
			...indicatorFact(
				"Domains",
				indicatorsOf(
					seen.dns_lookups.map(({ hostname }) => hostname),
					"domain",
				),
			),
			...indicatorFact(
				"Addresses",
				indicatorsOf(
					seen.ip_traffic.map((one) => one.destination_ip),
					"ip",
				),
			),
			...indicatorFact(
				"URLs",
				indicatorsOf(
					seen.http_conversations.map(({ url }) => url),
					"url",
				),
			),
			...tagsFact("Techniques", techniques, "warn"),
			...tagsFact("Tags", seen.tags),
			...tagsFact("Mutexes", seen.mutexes_created),
		];
		const summary = [
			counted(processes.length, "process", "processes"),
			counted(seen.dns_lookups.length, "name looked up", "names looked up"),
			counted(seen.http_conversations.length, "HTTP request"),
			counted(seen.ip_traffic.length, "connection"),
		].join(", ");
		return { enrichment: { summary, tone: "none", facts, tables, link: `https://www.virustotal.com/gui/file/${value}/behavior` }, raw };
	},
});
