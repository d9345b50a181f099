import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, normalize, sep } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";

/**
 * Who may import whom (docs/architecture.md). A folder may import itself and what stands beside it here; `types:` means only by
 * `import type`. Packages and Node's own modules are checked where a folder must do without.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
	"lib/domain": [],
	"lib/errors.ts": [],
	"lib/env.ts": ["lib/errors.ts"],
	"lib/net": ["lib/domain", "lib/errors.ts"],
	"lib/platform": ["lib/env.ts", "lib/errors.ts", "drizzle/schema"],
	"lib/sources": ["lib/domain", "lib/net"],
	"lib/indicators": ["lib/domain", "lib/errors.ts", "lib/platform"],
	"lib/records": ["lib/domain", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/sources"],
	"lib/trackers": ["lib/domain", "lib/net/html.ts", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/records", "lib/sources"],
	"lib/alerts": ["lib/domain", "lib/net", "lib/env.ts", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/auth/audit.ts", "drizzle/schema"],
	"lib/hunters": [
		"lib/domain",
		"lib/net/html.ts",
		"lib/env.ts",
		"lib/errors.ts",
		"lib/platform",
		"lib/indicators",
		"lib/records",
		"lib/sources",
		"lib/trackers",
		"lib/alerts",
		"lib/auth",
		"lib/ingest/context.ts",
		"drizzle/schema",
	],
	"lib/search": ["lib/domain", "lib/env.ts", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/sources", "lib/trackers"],
	"lib/enrichers": ["lib/domain", "lib/net"],
	"lib/lookup": ["lib/domain", "lib/net", "lib/env.ts", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/enrichers", "lib/search", "lib/sources", "lib/trackers", "lib/ingest/context.ts"],
	"lib/capture": ["lib/domain", "lib/net", "lib/env.ts", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/auth", "lib/ingest/context.ts"],
	"lib/feeds": ["lib/domain", "lib/net", "lib/env.ts", "lib/errors.ts", "lib/platform", "lib/sources", "lib/auth"],
	"lib/auth": ["lib/env.ts", "lib/errors.ts", "lib/platform", "lib/indicators"],
	"lib/ingest": [
		"lib/domain",
		"lib/net",
		"lib/env.ts",
		"lib/errors.ts",
		"lib/platform",
		"lib/indicators",
		"lib/feeds",
		"lib/records",
		"lib/sources",
		"lib/trackers",
		"lib/auth",
		"lib/alerts",
		"lib/hunters/x",
	],
	"lib/import-seed": ["lib/domain", "lib/net", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/records", "lib/sources", "lib/ingest"],
	"lib/health": ["lib/env.ts", "lib/errors.ts", "lib/platform", "lib/indicators", "lib/ingest", "lib/sources", "lib/hunters"],
	"lib/jobs": ["lib/errors.ts", "lib/alerts", "lib/hunters", "lib/capture", "lib/ingest", "lib/health", "lib/auth", "inngest"],
	"lib/http": ["lib/domain", "lib/hunters", "lib/alerts", "lib/capture", "lib/lookup", "lib/env.ts", "lib/feeds", "lib/errors.ts", "lib/platform", "lib/auth", "lib/trackers"],
	"lib/cli": [
		"lib/domain",
		"lib/http/csv.ts",
		"lib/env.ts",
		"lib/errors.ts",
		"lib/platform",
		"lib/auth",
		"lib/import-seed",
		"lib/ingest",
		"lib/health",
		"lib/lookup",
		"lib/capture",
		"lib/hunters",
		"lib/alerts",
		"lib/search",
		"lib/trackers",
	],
	"lib/setup": [],
	"drizzle/schema": [],
	inngest: ["lib/jobs", "lib/env.ts"],
	components: [
		"lib/domain",
		"types:lib/capture",
		"types:lib/enrichers",
		"types:lib/lookup",
		"types:lib/health",
		"types:lib/alerts",
		"types:lib/hunters",
		"types:lib/http",
		"types:lib/ingest",
		"types:lib/search",
		"types:lib/sources",
		"types:lib/trackers",
	],
	app: [
		"components",
		"inngest",
		"lib/alerts",
		"lib/hunters",
		"lib/auth",
		"lib/capture",
		"lib/domain",
		"lib/errors.ts",
		"lib/feeds",
		"lib/health",
		"lib/http",
		"lib/ingest",
		"lib/jobs",
		"lib/lookup",
		"lib/search",
		"lib/sources",
		"lib/trackers",
		"lib/platform/log.ts",
	],
};

interface Import {
	file: string;
	target: string;
	typeOnly: boolean;
}

function filesBelow(folder: string): string[] {
	if (statSync(folder).isFile()) return [folder];
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => join(folder, name))
		.filter((name) => /\.(?:ts|tsx|mjs)$/.test(name));
}

function resolved(from: string, specifier: string): string | null {
	if (specifier.startsWith("@/")) return specifier.slice(2);
	if (!specifier.startsWith(".")) return null;
	return normalize(join(dirname(from), specifier))
		.split(sep)
		.join("/");
}

function importsOf(file: string): Import[] {
	const { program } = parseSync(file, readFileSync(file, "utf8"));
	const found: Import[] = [];
	const add = (specifier: string, typeOnly: boolean): void => void found.push({ file, target: resolved(file, specifier) ?? specifier, typeOnly });
	for (const node of program.body) {
		if (node.type === "ImportDeclaration") {
			const allTypes = node.specifiers.length > 0 && node.specifiers.every((one) => one.type === "ImportSpecifier" && one.importKind === "type");
			add(node.source.value, node.importKind === "type" || allTypes);
		} else if ((node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") && node.source) add(node.source.value, node.exportKind === "type");
	}
	for (const [, specifier] of readFileSync(file, "utf8").matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)) if (specifier !== undefined) add(specifier, false);
	return found;
}

function within(target: string, folder: string): boolean {
	return target === folder || target === folder.replace(/\.ts$/, "") || target.startsWith(`${folder}/`);
}

function existing(target: string): string | null {
	for (const end of ["", ".ts", ".tsx", ".mjs", "/index.ts"]) {
		const path = target + end;
		if (existsSync(path) && extname(path) !== "" && statSync(path).isFile()) return path;
	}
	return null;
}

describe("who may import whom", () => {
	it.each(Object.entries(ALLOWED))("%s", (folder, allowed) => {
		const wrong = filesBelow(folder)
			.flatMap(importsOf)
			.filter(({ target }) => existing(target) !== null)
			.filter(({ target, typeOnly }) => {
				if (within(target, folder)) return false;
				return !allowed.some((rule) => (rule.startsWith("types:") ? typeOnly && within(target, rule.slice("types:".length)) : within(target, rule)));
			});
		expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
	});

	it("covers every folder of the project", () => {
		const folders = [...readdirSync("lib").map((name) => `lib/${name}`), "app", "components", "inngest"];
		expect(folders.filter((folder) => !Object.keys(ALLOWED).includes(folder))).toEqual([]);
	});

	it("is what the table of the architecture says, where coded errors and the schema go without saying", () => {
		const folderOf = (rule: string): string => rule.replace(/^lib\//, "").replace(/[./].*$/, "");
		const rows = [...readFileSync("docs/architecture.md", "utf8").matchAll(/^\| `(lib\/[\w-]+)\/`\s*\|[^|]*\|([^|]*)\|/gm)];
		const said = rows.map(([, folder = "", cell = ""]) => [folder, [...new Set([...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => folderOf(name)))].filter((name) => name !== "errors").sort()]);
		const named = said.map(([folder]) => folder as string);
		const meant = named.map((folder) => [folder, [...new Set((ALLOWED[folder] ?? []).map(folderOf))].filter((name) => name !== "errors" && name !== "drizzle").sort()]);
		expect(said).toEqual(meant);
		expect(named.length).toBeGreaterThan(15);
	});

	it("keeps the domain free of Node and of everything a browser lacks", () => {
		const packages = filesBelow("lib/domain")
			.flatMap(importsOf)
			.filter(({ target }) => existing(target) === null)
			.map(({ target }) => target);
		expect([...new Set(packages)]).toEqual(["tldts"]);
	});

	it("reads the environment in one place", () => {
		const readers = ["app", "components", "lib", "inngest", "proxy.ts"].flatMap(filesBelow).filter((file) => !file.startsWith(`lib${sep}setup`) && readFileSync(file, "utf8").includes("process.env"));
		// NODE_ENV in proxy.ts is a constant of the build.
		expect(readers.sort()).toEqual(["lib/env.ts", "proxy.ts"]);
	});

	it("has no cycles between files", () => {
		const files = ["lib", "app", "components", "inngest"].flatMap(filesBelow);
		const graph = new Map(
			files.map((file) => [
				file,
				importsOf(file)
					.filter(({ typeOnly }) => !typeOnly)
					.map(({ target }) => existing(target))
					.filter((path) => path !== null),
			]),
		);
		const state = new Map<string, "open" | "done">();
		const cycles: string[] = [];
		const visit = (file: string, path: readonly string[]): void => {
			if (state.get(file) === "done") return;
			if (state.get(file) === "open") {
				cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
				return;
			}
			state.set(file, "open");
			for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
			state.set(file, "done");
		};
		for (const file of files) visit(file, []);
		expect(cycles).toEqual([]);
	});
});

describe("dependencies", () => {
	interface Lock {
		packages: Record<string, { version?: string; resolved?: string }>;
	}
	const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
	/** Versions below these have known advisories. */
	const LEAST: Readonly<Record<string, readonly string[]>> = {
		next: ["16.4.3"],
		"next-auth": ["4.24.15"],
		"drizzle-orm": ["0.45.2"],
		inngest: ["3.54.0"],
		"fast-xml-parser": ["5.10.1"],
		sharp: ["0.35.5"],
		undici: ["7.29.1", "8.10.2"],
	};
	const numbers = (version: string): number[] => version.split("-")[0]?.split(".").map(Number) ?? [];
	const below = (version: string, least: string): boolean => {
		const [a, b] = [numbers(version), numbers(least)];
		for (let at = 0; at < 3; at++) if ((a[at] ?? 0) !== (b[at] ?? 0)) return (a[at] ?? 0) < (b[at] ?? 0);
		return false;
	};

	it.each(Object.entries(LEAST))("%s is not older than its last known fault", (name, least) => {
		for (const [path, { version }] of Object.entries(lock.packages)) {
			if (!path.endsWith(`node_modules/${name}`) || version === undefined) continue;
			const major = numbers(version)[0];
			const wanted = least.find((candidate) => numbers(candidate)[0] === major) ?? (least.at(-1) as string);
			expect([path, version, below(version, wanted)]).toEqual([path, version, false]);
		}
	});

	it("come without download addresses", () => {
		expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.startsWith("http") === true)).toEqual([]);
	});
});
