import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "@/lib/capture/browser";
import { executable } from "@/lib/capture/executable";

let folder: string;
let chromium: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "exist-start-"));
	const { path, env } = await executable(null);
	chromium = `${Object.entries(env)
		.map(([name, value]) => `export ${name}='${value}'; `)
		.join("")}exec '${path}' "$@"`;
	// Which sandbox this machine can make is found out here, so that what follows is about the start alone.
	await (await launch()).end();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says what version it is and notes each start; the nth start does what the nth script says, later ones the last. */
function program(name: string, scripts: readonly string[]): { path: string; starts: () => string[] } {
	const path = join(folder, name);
	const log = `${path}.log`;
	const cases = scripts.map((script, at) => `${at + 1 === scripts.length ? "*" : at + 1}) ${script} ;;`).join("\n");
	writeFileSync(
		path,
		`#!/bin/sh\nPATH=/usr/bin:/bin\n[ "$1" = --version ] && { echo "Chromium 147.0.7727.0"; exit; }\necho "$*" >> '${log}'\ncase $(wc -l < '${log}' | tr -d ' ') in\n${cases}\nesac\n`,
	);
	chmodSync(path, 0o755);
	return { path, starts: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []) };
}

const folders = (starts: readonly string[]): string[] => starts.map((line) => /--user-data-dir=(\S+)\/profile/.exec(line)?.[1] ?? "");

describe("a browser that ends at its start", () => {
	test("by itself, once: it is tried once more, as strongly walled as before", async () => {
		const { path, starts } = program("once", ["exit 3", chromium]);
		const running = await launch({ systemPath: path });
		try {
			const [first, second, third] = starts();
			expect(third).toBeUndefined();
			const sandbox = (line: string | undefined): string[] => line?.match(/--(?:no-sandbox|disable-setuid-sandbox|no-zygote)\b/g) ?? ["none"];
			expect(sandbox(second)).toEqual(sandbox(first));
			// A fresh profile, and nothing left of the first.
			expect(new Set(folders(starts())).size).toBe(2);
			expect(folders(starts()).map(existsSync)).toEqual([false, true]);
			expect(await running.browser.version()).toMatch(/\d/);
		} finally {
			await running.end();
		}
	});

	test("by itself, every time: it is tried twice, and what it ended with is said", async () => {
		const { path, starts } = program("always", ["exit 3"]);
		await expect(launch({ systemPath: path })).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/does not start \(ended with 3\)\. Set CHROMIUM_PATH/) });
		expect(starts()).toHaveLength(2);
		expect(folders(starts()).map(existsSync)).toEqual([false, false]);
	});

	test("by a signal: that is its end as well", async () => {
		const { path, starts } = program("signal", ["kill -SEGV $$"]);
		await expect(launch({ systemPath: path })).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/\(ended with SIGSEGV\)/) });
		expect(starts()).toHaveLength(2);
	});

	test("by us: it is not tried again, and the reason is ours", async () => {
		// One message of more than a browser may send, and it stays: without us it would not end.
		const { path, starts } = program("flood", ["head -c 70000000 /dev/zero | tr '\\0' x >&4; exec sleep 60"]);
		await expect(launch({ systemPath: path })).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/\(the page made the browser talk without end\)/) });
		expect(starts()).toHaveLength(1);
		expect(folders(starts()).map(existsSync)).toEqual([false]);
	});

	test("the next one is none the worse for it", async () => {
		const running = await launch();
		expect(running.browser.connected).toBe(true);
		await running.end();
	});
});
