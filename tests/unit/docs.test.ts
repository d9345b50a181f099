import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { VARIABLE_NAMES } from "@/lib/env";
import { hunterKinds } from "@/lib/hunters/kinds";
import { decodeRows, type StagedRow } from "@/lib/ingest/rows";
import { Stager } from "@/lib/ingest/stage";
import { readFeed } from "@/lib/net";
import { reputationSources } from "@/lib/sources";
import { defineSource, present, type SourceDefinition, utc } from "@/lib/sources/define";

const text = (file: string): string => readFileSync(file, "utf8");
const below = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ".env.example", ...below("docs").filter((file) => file.endsWith(".md"))];

describe("the documents", () => {
	it.each(DOCUMENTS)("%s names files, folders and commands that are there", (file) => {
		const words = [...text(file).matchAll(/`([^`\n]+)`/g)].map(([, word = ""]) => word);
		const paths = words.filter((word) => /^(?:app|components|lib|drizzle|inngest|tests|docs|public)\/[\w./()[\]-]*$/.test(word));
		expect(paths.filter((path) => !existsSync(path))).toEqual([]);
		const links = [...text(file).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = ""]) => join(file, "..", target));
		expect(links.filter((target) => !existsSync(target))).toEqual([]);
		const scripts = (JSON.parse(text("package.json")) as { scripts: Record<string, string> }).scripts;
		const called = [...text(file).matchAll(/\bnpm run ([\w-]+)/g)].map(([, name = ""]) => name);
		expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
	});

	it("say of every folder what it is", () => {
		const architecture = text("docs/architecture.md");
		const folders = readdirSync("lib").filter((name) => !name.includes("."));
		expect(folders.filter((name) => !architecture.includes(`\`lib/${name}/\``))).toEqual([]);
	});

	it("list every kind of hunter with its fields, those that words look into first", () => {
		const everywhere = new Set(["source", "indicator"]);
		for (const { id, title, fields } of hunterKinds) {
			const names = (bare: boolean) =>
				fields
					.filter((field) => field.bare === bare && !everywhere.has(field.name))
					.map(({ name }) => `\`${name}\``)
					.join(", ");
			expect(text("docs/hunters.md").replaceAll(/ +/g, " ")).toContain(`| ${title} (\`${id}\`) | ${names(true)}; ${names(false)} |`);
		}
	});

	it("name every variable the start commands read, in the example and in the README", () => {
		// PATH is the system's; the other is how the start tells itself that it has looked for Node already.
		const own = new Set(["PATH", "EXIST_NODE_TRIED"]);
		const read = below("lib/setup").flatMap((file) => [...text(file).matchAll(/(?:process\.env\.|isSet\(")([A-Z_]+)/g)].map(([, name = ""]) => name));
		expect(read.length).toBeGreaterThan(10);
		for (const name of new Set(read.filter((one) => !own.has(one)))) {
			if (!VARIABLE_NAMES.includes(name)) expect(text(".env.example")).toMatch(new RegExp(`^# .+\\n(?:#\\w+=.*\\n)*#${name}=`, "m"));
			expect(text("README.md")).toContain(`\`${name}\``);
		}
	});
});

describe("adding a source as CONTRIBUTING shows it", () => {
	const code = /```ts\n([\s\S]+?)```/.exec(text("CONTRIBUTING.md"))?.[1]?.replace(/^ {3}/gm, "") ?? "";
	const example = (): SourceDefinition => {
		const body = code.replace(/^import .+$/m, "").replace(/export const \w+ = (defineSource\()/, "return $1");
		return new Function("defineSource", "present", "utc", body)(defineSource, present, utc) as SourceDefinition;
	};

	it("uses what it imports, and takes the next free number", () => {
		const imported = /^import \{ (.+) \} from/m.exec(code)?.[1]?.split(", ") ?? [];
		expect(imported.length).toBeGreaterThan(0);
		for (const name of imported) expect(code.split(new RegExp(`\\b${name}\\b`)).length).toBeGreaterThan(2);
		expect(example().number).toBe(Math.max(...reputationSources.map(({ number }) => number)) + 1);
	});

	it("reads the feed it describes", async () => {
		const source = example();
		const rows: StagedRow[] = [];
		const stager = new Stager({ source, now: Date.UTC(2026, 10, 24), country: () => null, ownDomains: [] }, async (block) => {
			if (block.seq >= 0) rows.push(...decodeRows(block.data));
		});
		const body = "# Example Feed\nurl,seen,target\nhxxp://evil[.]example/a,2026-11-23 10:00:00,Bank\nhttp://b.example/,,\nnonsense,2026-11-23 10:00:00,\nhttp://c.example/,yesterday,\n";
		const result = await stager.run(readFeed(Readable.from([Buffer.from(body)]), source.format, { marker: "Example Feed" }));
		expect([result.read, result.staged, result.setAside]).toEqual([4, 2, 2]);
		expect(rows.map(({ value, description, seen }) => [value, description, seen])).toEqual([
			["http://evil.example/a", "Bank", Date.UTC(2026, 10, 23, 10)],
			["http://b.example/", null, null],
		]);
	});
});
