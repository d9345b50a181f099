import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package-lock.json"), "utf8")) as { packages: Record<string, { version?: string }> };

/** First versions without the known advisories; where several lines are kept, one each. */
const LEAST: Readonly<Record<string, readonly string[]>> = {
	next: ["16.4.3"],
	"next-auth": ["4.24.15"],
	"drizzle-orm": ["0.45.2"],
	inngest: ["3.54.0"],
	"fast-xml-parser": ["5.10.1"],
	sharp: ["0.35.5"],
	undici: ["7.29.1", "8.10.2"],
};
/** What the product cannot do without; if one is missing here, the test looks at the wrong file. */
const THERE = ["next", "next-auth", "drizzle-orm", "inngest", "undici"];

function isBelow(version: string, least: string): boolean {
	const [one = [], two = []] = [version, least].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
	const at = [0, 1, 2].find((part) => one[part] !== two[part]);
	return at === undefined ? version.includes("-") : (one[at] ?? 0) < (two[at] ?? 0);
}

/** Whether a version is at least the one named for its line (the last line where it is newer than all). */
function isGood(version: string, lines: readonly string[]): boolean {
	const major = Number(version.split(".")[0]);
	const own = lines.find((line) => Number(line.split(".")[0]) === major) ?? lines.at(-1) ?? "0.0.0";
	return !isBelow(version, own);
}

function installed(name: string): string[] {
	return Object.entries(packages)
		.filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
		.map(([, { version = "0.0.0" }]) => version);
}

describe("the lock file", () => {
	it.each(Object.entries(LEAST))("has no %s with a known advisory", (name, lines) => {
		const versions = installed(name);
		if (THERE.includes(name)) expect(versions).not.toEqual([]);
		expect(versions.filter((version) => !isGood(version, lines))).toEqual([]);
	});

	it("is compared by number, and by line", () => {
		const undici = LEAST.undici as readonly string[];
		expect(["7.29.0", "7.9.9", "8.10.1", "6.30.0", "8.10.2-beta.1"].map((version) => isGood(version, undici))).toEqual(Array(5).fill(false));
		expect(["7.29.1", "7.100.0", "8.10.2", "8.11.0", "9.0.0"].map((version) => isGood(version, undici))).toEqual(Array(5).fill(true));
	});
});
