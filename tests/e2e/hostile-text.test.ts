import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUser } from "@/lib/auth/users";
import { lineSource, runSource, testContext } from "../harness/ingest";
import { type RunningApp, startApp } from "./app";
import { each, escaped, NAUGHTY } from "./naughty";

const PASSWORD = "correct horse battery staple";
const TIMEOUT = 180_000;
const LONG = NAUGHTY.filter((text) => text.trim().length > 4000).length;

interface Stored {
	id: string;
	indicator: string;
	description: string;
	tags: string[];
}

/** What ingest keeps of a text: control characters made visible, nothing else changed. */
function kept(text: string): string {
	return text
		.trim()
		.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "\ufffd")
		.toWellFormed();
}

/** Elements of a page with the names of their attributes: text that became markup would show here. */
function markup(html: string): Set<string> {
	const found = new Set<string>();
	for (const [, name = "", attributes = ""] of html.matchAll(/<([a-zA-Z][\w-]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/g)) {
		const names = [...attributes.matchAll(/([^\s=>"]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute).sort();
		found.add(`${name.toLowerCase()} ${names.join(" ")}`);
	}
	return found;
}

function csvRows(text: string): string[][] {
	const rows: string[][] = [[]];
	for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
		rows.at(-1)?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
		if (end === "\r\n") rows.push([]);
		if (end === "") break;
	}
	return rows.filter((row) => row.length > 1);
}

describe("hostile text", () => {
	let app: RunningApp;
	let headers: Record<string, string> = {};
	const ask = (path: string, init: RequestInit = {}) => fetch(`${app.url}${path}`, { redirect: "manual", ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } });

	beforeAll(async () => {
		app = await startApp();
		await createUser({ email: "ada@example.com", name: "<img src=x onerror=alert(1)>", role: "administrator", password: PASSWORD }, "test", app.fresh.database);
		headers = { cookie: (await app.signIn("ada@example.com", PASSWORD)) ?? "" };
		const source = lineSource({
			format: { kind: "ndjson" },
			row: ({ json }) => {
				const { value, text } = json as { value: string; text: string };
				return { value, as: "any", description: text, tags: [text] };
			},
		});
		const lines = [...NAUGHTY, "plain words"].map((text, at) => JSON.stringify({ value: `host${at}.example.org`, text: text.toWellFormed() }));
		const run = await runSource(testContext(app.fresh.database, [source]), source, { text: lines.join("\n") });
		// What is too long for any page is set aside whole, never cut.
		expect([run.state, run.setAside]).toEqual(["ok", LONG]);
	}, 240_000);
	afterAll(() => app.stop());

	const all = async (): Promise<Stored[]> => {
		const rows: Stored[] = [];
		for (let next: string | null = "/api/reputation?limit=1000"; next !== null; ) {
			const body = (await (await ask(next)).json()) as { next: string | null; results: Stored[] };
			rows.push(...body.results);
			next = body.next === null ? null : body.next.slice(app.url.length);
		}
		return rows;
	};
	const textOf = ({ indicator }: Stored): string => kept(NAUGHTY[Number(/\d+/.exec(indicator)?.[0])] ?? "plain words");

	it("comes back from the API as it was, and as NDJSON one record a line", async () => {
		const rows = await all();
		expect(rows).toHaveLength(NAUGHTY.length - LONG + 1);
		for (const row of rows) {
			expect(row.description).toBe(textOf(row));
			expect(row.tags).toEqual(textOf(row) === "" ? [] : [textOf(row)]);
		}
		const lines = (await (await ask("/api/reputation?format=ndjson")).text()).trimEnd().split("\n");
		const again = lines.map((line) => JSON.parse(line) as Stored);
		expect(again.map(({ id, description }) => [id, description])).toEqual(rows.map(({ id, description }) => [id, description]));
	});

	it("is a cell of CSV and never a formula, a row or a file name", async () => {
		const response = await ask(`/api/reputation?format=csv&domain=${escaped('x"; filename=evil.exe\r\nx: y')}`);
		expect(response.headers.get("content-disposition")).toBe('attachment; filename="exist-reputation.csv"');
		const text = Buffer.from(await (await ask("/api/reputation?format=csv")).arrayBuffer()).toString("utf8");
		const [head = [], ...rows] = csvRows(text.slice(1));
		const column = head.indexOf("description");
		const byValue = new Map((await all()).map((row) => [row.indicator, row.description]));
		expect(rows).toHaveLength(byValue.size);
		for (const row of rows) {
			const cell = row[column] ?? "";
			expect(cell).not.toMatch(/^[=+\-@\t\r]/);
			// Apostrophes were added and nothing was taken away.
			expect(cell.replaceAll("'", "")).toBe((byValue.get(row[0] ?? "") ?? "").replaceAll("'", ""));
		}
	});

	it(
		"is text on the page of its record and in lists, whatever it would be as markup",
		async () => {
			const rows = await all();
			const known = new Set<string>();
			for (const plain of [rows.find((row) => row.description === "plain words"), rows.find((row) => row.description === ""), rows.find((row) => row.description === "null")]) {
				for (const element of markup(await (await ask(`/reputation/${plain?.id}`)).text())) known.add(element);
			}
			await each(rows, async (row) => {
				const response = await ask(`/reputation/${row.id}`);
				expect([row.description, response.status]).toEqual([row.description, 200]);
				expect([row.description, [...markup(await response.text())].filter((element) => !known.has(element))]).toEqual([row.description, []]);
			});
			const seen = new Set<string>();
			const pages: string[] = [];
			for (let offset = 0; offset < rows.length; offset += 50) pages.push(await (await ask(`/reputation?offset=${offset}`)).text());
			for (const page of pages) for (const element of markup(page)) seen.add(element);
			// Every page of the list is made of the same elements.
			const first = markup(pages[0] ?? "");
			const strange = [...seen].filter((element) => !first.has(element) && /\bon\w+|srcdoc|^(?:iframe|object|embed|img|base|marquee|video|audio|math|details|form) /.test(element));
			expect(strange).toEqual([]);
		},
		TIMEOUT,
	);

	it(
		"is a question that is answered or explained, at every door",
		async () => {
			const doors = [
				(text: string) => `/cross?keyword=${text}`,
				(text: string) => `/api/search?keyword=${text}`,
				(text: string) => `/api/reputation?search=${text}`,
				(text: string) => `/api/reputation?format=csv&search=${text}`,
				(text: string) => `/reputation?search=${text}`,
				(text: string) => `/lookup?keyword=${text}`,
			];
			const plain = new Set<string>();
			for (const text of ["plain", "evil.example", "192.0.2.1", "http://evil.example/a", "a", "((", "host1.example.org", "192.0.2.", "d41d8cd98f00b204e9800998ecf8427e"]) {
				for (const element of markup(await (await ask(`/cross?keyword=${escaped(text)}`)).text())) plain.add(element);
			}
			await each(NAUGHTY, async (text, at) => {
				for (const [number, door] of doors.entries()) {
					// The search page sees everything, the other doors share the rest.
					if (number !== 0 && (at + number) % 3 !== 0) continue;
					const response = await ask(door(escaped(text)));
					expect([door(text), response.status < 500]).toEqual([door(text), true]);
					const body = await response.text();
					if (number === 0)
						expect([text, [...markup(body)].filter((element) => !plain.has(element) && /^(?:iframe|object|embed|img|base|svg on|marquee|math|form on|a on|script src)|\bon\w+/.test(element))]).toEqual(
							[text, []],
						);
				}
			});
		},
		TIMEOUT,
	);

	it(
		"is no parameter, path, cursor or sort order that breaks anything",
		async () => {
			const names = ["domain", "url", "ip", "cursor", "port", "country", "fields", "datetime_after", "source", "limit", "offset", "type", "category", "listed", "format", "sort", "ordering"];
			const paths = ["/ip/", "/domain/", "/hash/", "/url/", "/reputation/", "/sources/", "/api/", "/api/reputation/"];
			await each(NAUGHTY, async (text, at) => {
				for (let turn = 0; turn < 2; turn++) {
					const name = names[(at * 2 + turn) % names.length] ?? "";
					const response = await ask(`/api/reputation?${name}=${escaped(text)}`);
					expect([name, text, response.status < 500]).toEqual([name, text, true]);
					await response.arrayBuffer();
				}
				if (text === "." || text === ".." || text.length > 4000) return;
				const path = `${paths[at % paths.length]}${escaped(text)}`;
				const response = await ask(path);
				expect([path, response.status < 500]).toEqual([path, true]);
				await response.arrayBuffer();
			});
		},
		TIMEOUT,
	);

	it("leads nobody elsewhere after signing in", async () => {
		const tricks = [
			"//evil.example",
			"/\\evil.example",
			"/\t/evil.example",
			"/\n/evil.example",
			"/\r/evil.example",
			"\\\\evil.example",
			"/.//evil.example",
			"/..//evil.example",
			"/.\t./\t/evil.example",
			"https:evil.example",
			"javascript:alert(1)",
		];
		await each([...tricks, ...NAUGHTY, ...NAUGHTY.map((text) => `/${text}`)], async (text) => {
			const response = await ask(`/sign-in?callbackUrl=${escaped(text)}`);
			// An address longer than a server reads leads nowhere.
			if (escaped(text).length > 8000 && response.status === 431) return;
			expect([text, response.status]).toEqual([text, 307]);
			expect([text, new URL(response.headers.get("location") ?? "", app.url).origin]).toEqual([text, app.url]);
		});
	});
});
