import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Command, Option } from "commander";
import { csvLine, defang } from "@/lib/domain";
import type { CanonicalValue } from "@/lib/domain/indicator";
import { ExistError, shown } from "@/lib/errors";
import { BULK_COLUMNS, type BulkAnswer, bulkLookup, MAX_BULK } from "@/lib/lookup";
import { safe } from "./output";

interface Options {
	file?: string;
	format: "text" | "ndjson" | "csv";
	known?: boolean;
}

async function opened(path: string): Promise<Readable> {
	if (path === "-") return process.stdin;
	const info = await stat(path).catch(() => null);
	if (info === null) throw new ExistError("invalid", `There is no file "${safe(path)}". Give the path of a text with one value a line, or - for standard input.`, { field: "file" });
	if (info.isDirectory()) throw new ExistError("invalid", `"${safe(path)}" is a folder. Give the path of a text with one value a line.`, { field: "file" });
	return createReadStream(path);
}

/** Lines of a text in portions that one call takes; blank ones are left out. */
async function* portions(input: Readable): AsyncGenerator<string[]> {
	let portion: string[] = [];
	for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
		const value = line.trim();
		if (value === "") continue;
		portion.push(value);
		if (portion.length < MAX_BULK) continue;
		yield portion;
		portion = [];
	}
	if (portion.length > 0) yield portion;
}

/** One line of text: what it is first, so that lines can be sorted and cut; values that could be clicked are defanged. */
function textLine({ value, indicator, kind, category, reason }: BulkAnswer): string {
	const name = indicator === null ? shown(value) : defang({ type: indicator.type, value: indicator.value as CanonicalValue });
	return `${kind.padEnd(10)}  ${(category ?? "").padEnd(16)}  ${safe(name)}  ${safe(reason)}\n`;
}

const LINES: Readonly<Record<Options["format"], (answer: BulkAnswer) => string>> = {
	text: textLine,
	ndjson: (answer) => `${JSON.stringify(answer)}\n`,
	csv: (answer) => csvLine(BULK_COLUMNS.map(({ value }) => value(answer))),
};

/** Waits for whoever reads the output, so that a slow reader does not fill the memory. */
async function write(text: string): Promise<void> {
	if (text !== "" && !process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

async function lookup(values: string[], options: Options): Promise<void> {
	if (values.length > 0 && options.file !== undefined) throw new ExistError("invalid", "Give values or --file, not both.", { field: "file" });
	if (values.length === 0 && options.file === undefined)
		throw new ExistError("invalid", "There is nothing to look up. Give values, or --file with one value a line (- is standard input).", { field: "value" });
	const counts = { listed: 0, known: 0, "not listed": 0, invalid: 0 };
	const line = LINES[options.format];
	if (options.format === "csv") await write(csvLine(BULK_COLUMNS.map(({ header }) => header)));
	const input =
		options.file === undefined ? Array.from({ length: Math.ceil(values.length / MAX_BULK) }, (_, at) => values.slice(at * MAX_BULK, (at + 1) * MAX_BULK)) : portions(await opened(options.file));
	for await (const portion of input) {
		let text = "";
		for await (const answer of bulkLookup(portion)) {
			counts[answer.kind]++;
			if (options.known !== true || answer.kind === "listed" || answer.kind === "known") text += line(answer);
			if (text.length < 64_000) continue;
			await write(text);
			text = "";
		}
		await write(text);
	}
	if (options.file !== undefined)
		process.stderr.write(
			`${Object.entries(counts)
				.map(([kind, count]) => `${count.toLocaleString("en")} ${kind}`)
				.join(", ")}\n`,
		);
	if (counts.listed + counts.known === 0) process.exitCode = 1;
}

/** `exist lookup <value…>` or `--file F`: what the index knows of values, any number of them; exit status 1 where it knows none. */
export function lookupCommand(): Command {
	return new Command("lookup")
		.description("look up values in the index, or all values of a file; nobody else is asked")
		.argument("[values...]", "IP addresses, blocks, domains, URLs, hashes, e-mail addresses or CVE ids; defanged is fine")
		.option("--file <path>", "a text with one value a line, - for standard input")
		.addOption(new Option("--format <format>", "how answers are printed").choices(["text", "ndjson", "csv"]).default("text"))
		.option("--known", "only what is listed or known")
		.action(lookup);
}
