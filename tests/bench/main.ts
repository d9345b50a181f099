import { parseArgs } from "node:util";
import { bulkBench } from "./bulk";
import { captureBench } from "./capture";
import { countBench } from "./count";
import { ingestBench } from "./ingest";
import { lookupBench } from "./lookup";
import { searchBench } from "./search";
import { threatBench } from "./threat";

const BENCHES = { ingest: ingestBench, search: searchBench, threat: threatBench, count: countBench, capture: captureBench, bulk: bulkBench, lookup: lookupBench } as const;
const DEFAULT_ROWS = { ingest: 300_000, search: 1_000_000, threat: 50_000, count: 1_000_000, capture: 100, bulk: 1_000_000, lookup: 1_000_000 } as const;
const USAGE = `Usage: ${Object.keys(BENCHES)
	.map((name) => `npm run bench -- ${name} [--rows N] [--json]`)
	.join("\n       ")}\n`;

function isBench(name: string | undefined): name is keyof typeof BENCHES {
	return name !== undefined && Object.hasOwn(BENCHES, name);
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({ allowPositionals: true, options: { rows: { type: "string" }, json: { type: "boolean" } } });
	const which = positionals[0];
	if (!isBench(which)) {
		process.stderr.write(USAGE);
		process.exitCode = 2;
		return;
	}
	const rows = Number(values.rows ?? DEFAULT_ROWS[which]);
	if (!Number.isInteger(rows) || rows < (which === "capture" ? 4 : 1000) || rows > 20_000_000) {
		process.stderr.write(`--rows "${values.rows}" is not a whole number from 1,000 (captures: 4) to 20,000,000.\n`);
		process.exitCode = 2;
		return;
	}
	const say = values.json === true ? () => {} : (text: string) => process.stderr.write(`${text}\n`);
	const result = await BENCHES[which](rows, say);
	process.stdout.write(`${JSON.stringify(result)}\n`);
}

await main();
