import { parseArgs } from "node:util";
import { bulkBench } from "./bulk";
import { captureBench } from "./capture";
import { countBench } from "./count";
import { huntersBench } from "./hunters";
import { ingestBench } from "./ingest";
import { lookupBench } from "./lookup";
import { searchBench } from "./search";
import { threatBench } from "./threat";

const BENCHES = { ingest: ingestBench, search: searchBench, threat: threatBench, count: countBench, capture: captureBench, bulk: bulkBench, lookup: lookupBench } as const;
/** Of the hunters' bench, which has more than one number to choose. */
const HUNTERS = { hunters: 500, archive: 1_000_000, new: 1000, kills: 200 } as const;
const DEFAULT_ROWS = { ingest: 300_000, search: 1_000_000, threat: 50_000, count: 1_000_000, capture: 100, bulk: 1_000_000, lookup: 1_000_000 } as const;
const USAGE = `Usage: ${[...Object.keys(BENCHES).map((name) => `npm run bench -- ${name} [--rows N] [--json]`), "npm run bench -- hunters [--hunters N] [--archive N] [--new N] [--kills N] [--json]"].join("\n       ")}\n`;

function isBench(name: string | undefined): name is keyof typeof BENCHES {
	return name !== undefined && Object.hasOwn(BENCHES, name);
}

async function hunters(values: Partial<Record<keyof typeof HUNTERS, string>>, say: (text: string) => void): Promise<void> {
	const number = (name: keyof typeof HUNTERS, least: number, most: number): number => {
		const value = Number(values[name] ?? HUNTERS[name]);
		if (Number.isInteger(value) && value >= least && value <= most) return value;
		throw new RangeError(`--${name} "${values[name]}" is not a whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}.`);
	};
	try {
		const options = { hunters: number("hunters", 1, 5000), archive: number("archive", 1000, 20_000_000), fresh: number("new", 1, 100_000), kills: number("kills", 0, 10_000) };
		process.stdout.write(`${JSON.stringify(await huntersBench(options, say))}\n`);
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exitCode = 2;
	}
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { rows: { type: "string" }, hunters: { type: "string" }, archive: { type: "string" }, new: { type: "string" }, kills: { type: "string" }, json: { type: "boolean" } },
	});
	const which = positionals[0];
	const say = values.json === true ? () => {} : (text: string) => process.stderr.write(`${text}\n`);
	if (which === "hunters") return hunters(values, say);
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
	const result = await BENCHES[which](rows, say);
	process.stdout.write(`${JSON.stringify(result)}\n`);
}

await main();
