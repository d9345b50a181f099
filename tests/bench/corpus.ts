import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { seeded } from "./random";

export interface CorpusRow {
	value: string;
	family: string;
}

/** 1.58 million real indicators, where a copy lies beside the project or at `EXIST_BENCH_CORPUS`. */
function corpusPath(): string | null {
	const candidates = [process.env.EXIST_BENCH_CORPUS, join(process.cwd(), "../shared/samples/corpus/maltrail-static-indicators.csv.gz")];
	return candidates.find((path): path is string => path !== undefined && existsSync(path)) ?? null;
}

/** `type` of the corpus' rows that are indicators by themselves; paths without a host are not. */
const USABLE: ReadonlySet<string> = new Set(["url", "ip:port", "domain", "domain:port", "ip", "cidr"]);

async function* realRows(path: string): AsyncGenerator<CorpusRow> {
	const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Number.POSITIVE_INFINITY });
	for await (const line of lines) {
		// The last three columns never hold a comma, the first may.
		const cells = line.split(",");
		const family = cells.pop();
		cells.pop();
		const type = cells.pop();
		const value = cells.join(",").replace(/^"|"$/g, "");
		if (family !== undefined && type !== undefined && USABLE.has(type)) yield { value, family };
	}
}

const SYLLABLES = [
	"pay",
	"log",
	"sec",
	"ure",
	"up",
	"date",
	"mail",
	"bank",
	"cdn",
	"net",
	"cloud",
	"micro",
	"soft",
	"veri",
	"fy",
	"acc",
	"ount",
	"ser",
	"vice",
	"ama",
	"zon",
	"goo",
	"gle",
	"xi",
	"qu",
	"vor",
	"tek",
	"lum",
	"bra",
	"zen",
];
const TLDS = ["com", "net", "org", "ru", "xyz", "top", "info", "cn", "shop", "online", "co.uk", "com.br"];
const FAMILIES = ["asyncrat", "emotet", "mirai", "cobaltstrike", "redline", "njrat", "lokibot", "kimsuky", "generic", "magentocore"];

function pick<T>(random: () => number, from: readonly T[]): T {
	return from[Math.floor(random() * from.length)] as T;
}

function host(random: () => number, index: number): string {
	const labels = Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(random, SYLLABLES)).join(random() < 0.3 ? "-" : "");
	const sub = random() < 0.4 ? `${pick(random, SYLLABLES)}${Math.floor(random() * 90)}.` : "";
	return `${sub}${labels}${index.toString(36)}.${pick(random, TLDS)}`;
}

function address(random: () => number): string {
	return `${1 + Math.floor(random() * 222)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;
}

function hex(random: () => number, digits: number): string {
	let text = "";
	while (text.length < digits)
		text += Math.floor(random() * 4294967296)
			.toString(16)
			.padStart(8, "0");
	return text.slice(0, digits);
}

/** Rows with the make-up of a real day over all sources: 45 % domains, 30 % addresses, 15 % URLs, 10 % hashes. */
export function* syntheticRows(rows: number, seed = 1): Generator<CorpusRow> {
	const random = seeded(seed);
	for (let index = 0; index < rows; index++) {
		const kind = random();
		const family = pick(random, FAMILIES);
		if (kind < 0.45) yield { value: host(random, index), family };
		else if (kind < 0.75) yield { value: address(random), family };
		else if (kind < 0.9) yield { value: `http://${random() < 0.4 ? address(random) : host(random, index)}/${hex(random, 6)}/${pick(random, SYLLABLES)}.php?id=${index}`, family };
		else yield { value: hex(random, pick(random, [32, 40, 64])), family };
	}
}

/** `rows` indicators: real ones where the corpus is at hand, spread over all of it, else synthetic ones. */
export async function corpus(rows: number): Promise<{ rows: CorpusRow[]; real: boolean }> {
	const path = corpusPath();
	if (path === null) return { rows: [...syntheticRows(rows)], real: false };
	const all: CorpusRow[] = [];
	for await (const row of realRows(path)) all.push(row);
	const step = Math.max(1, all.length / rows);
	const chosen: CorpusRow[] = [];
	for (let at = 0; chosen.length < rows && Math.floor(at) < all.length; at += step) chosen.push(all[Math.floor(at)] as CorpusRow);
	return { rows: chosen, real: true };
}
