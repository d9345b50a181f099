import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkApiKey } from "@/lib/auth/api-keys";
import { signIn } from "@/lib/auth/users";
import { allSources } from "@/lib/sources";
import { fixturePath } from "@/tests/fakes/fixtures";
import { freshDatabase, type TestDatabase } from "../harness/database";

interface Said {
	code: number | null;
	out: string;
	err: string;
}

interface IngestAnswer {
	state: string;
	read: number;
	new: number;
	updated: number;
	unchanged: number;
	delisted: number;
	setAside: number;
	setAsideReasons: Array<{ reason: string; count: number; firstLine: number }>;
}

describe("the command line", () => {
	let fresh: TestDatabase;
	let folder: string;

	beforeAll(async () => {
		fresh = await freshDatabase("mysql2", { migrated: false });
		folder = await mkdtemp(join(tmpdir(), "exist-cli-"));
		// The configuration is read once, when its module is loaded.
		vi.stubEnv("DATABASE_URL", fresh.url);
		vi.resetModules();
	});
	afterAll(async () => {
		vi.unstubAllEnvs();
		await fresh.drop();
		await rm(folder, { recursive: true, force: true });
	});

	/** The command as a person calls it, in a process of its own. */
	const called = (args: readonly string[], extra: { input?: string; env?: Record<string, string> } = {}) =>
		new Promise<Said>((resolve, reject) => {
			const child = spawn(process.execPath, ["--import", "tsx", "lib/cli/main.ts", ...args], { env: { ...process.env, DATABASE_URL: fresh.url, LOG_LEVEL: "silent", ...extra.env } });
			const said = { out: "", err: "" };
			child.stdout.setEncoding("utf8").on("data", (text: string) => {
				said.out += text;
			});
			child.stderr.setEncoding("utf8").on("data", (text: string) => {
				said.err += text;
			});
			child.once("error", reject);
			child.once("close", (code) => resolve({ code, ...said }));
			child.stdin.end(extra.input ?? "");
		});
	/** The same within this process: a start costs a second, and there are many ways to be wrong. */
	const exist = async (args: readonly string[]): Promise<Said> => {
		const { runProgram } = await import("@/lib/cli/program");
		const out: string[] = [];
		const err: string[] = [];
		const kept = (into: string[]) => (text: string | Uint8Array) => into.push(String(text)) > 0;
		const spies = [vi.spyOn(process.stdout, "write").mockImplementation(kept(out)), vi.spyOn(process.stderr, "write").mockImplementation(kept(err))];
		const before = process.exitCode;
		try {
			process.exitCode = 0;
			await runProgram(args);
			return { code: Number(process.exitCode), out: out.join(""), err: err.join("") };
		} finally {
			process.exitCode = before;
			for (const spy of spies) spy.mockRestore();
		}
	};
	const file = async (name: string, body: string | Buffer): Promise<string> => {
		const path = join(folder, name);
		await writeFile(path, body);
		return path;
	};
	const ingest = async (source: string, path: string) => {
		const { code, out, err } = await exist(["ingest", source, "--file", path, "--json"]);
		return { code, err, run: JSON.parse(out) as IngestAnswer };
	};

	it("says what a database without tables lacks, and calls an empty index no verdict", async () => {
		const bare = await exist(["search", "192.0.2[.]1"]);
		expect([bare.code, bare.err]).toEqual([1, expect.stringContaining("exist -- migrate")]);
		expect((await exist(["migrate"])).out).toContain("up to date");
		const nothing = await exist(["search", "192.0.2[.]1"]);
		expect([nothing.code, nothing.err]).toEqual([1, ""]);
		expect(nothing.out).toContain("no verdict");
		const asJson = await exist(["search", "192.0.2[.]1", "--json"]);
		expect(asJson.code).toBe(1);
		expect(JSON.parse(asJson.out)).toMatchObject({ query: { kind: "indicator" }, groups: [] });
	});

	it("lists every source, as a table and as JSON", async () => {
		const table = await exist(["source", "list"]);
		expect(table.code).toBe(0);
		expect(table.out.trim().split("\n")).toHaveLength(allSources.length + 1);
		const sources = JSON.parse((await exist(["source", "list", "--json"])).out) as Array<{ id: string; state: string }>;
		expect(sources.map(({ id }) => id).sort()).toEqual(allSources.map(({ id }) => id).sort());
		expect(sources.find(({ id }) => id === "malshare")?.state).toBe("no-key");
	});

	it("reads a source from a file and says what became of every row", async () => {
		const first = await ingest("cins", await file("one.txt", "45.9.148.108\n45.9.148.109\nnonsense\n45.9.148.110\n"));
		expect(first.code).toBe(0);
		expect(first.run).toMatchObject({ state: "ok", read: 4, new: 3, updated: 0, unchanged: 0, delisted: 0, setAside: 1 });
		expect(first.run.setAsideReasons).toMatchObject([{ count: 1, firstLine: 3, reason: expect.stringContaining("nonsense") }]);
		const second = await ingest("261", await file("two.txt", "45.9.148.108\n45.9.148.109\n45.9.148.111\n"));
		expect(second.run).toMatchObject({ state: "ok", read: 3, new: 1, unchanged: 2, delisted: 1, setAside: 0 });
		const text = await exist(["ingest", "cins", "--file", join(folder, "two.txt")]);
		expect([text.code, text.out]).toEqual([0, expect.stringContaining("CINS")]);
		for (const word of ["read", "new", "updated", "unchanged", "delisted", "set aside"]) expect(text.out).toContain(`  ${word}`);
	});

	it("reads a provider's real body, packed or not, with the same counts", async () => {
		const packed = fixturePath("threatfox") as string;
		const { run } = await ingest("threatfox", packed);
		expect(run).toMatchObject({ state: "ok", read: 1003, new: 992, setAside: 1 });
		const again = await ingest("threatfox", await file("threatfox.csv", gunzipSync(await readFile(packed))));
		expect(again.run).toMatchObject({ state: "ok", read: 1003, new: 0, unchanged: 992, delisted: 0 });
	});

	it("finds what it read, defanged for people and as it is for programs", async () => {
		const text = await exist(["search", "45.9.148[.]108"]);
		expect([text.code, text.out]).toEqual([0, expect.stringContaining("45.9.148[.]108")]);
		const answer = JSON.parse((await exist(["search", "45.9.148.0/24", "--json", "--limit", "2"])).out) as { groups: Array<{ kind: string; rows: Array<{ ip: string }> }> };
		expect(answer.groups.find(({ kind }) => kind === "inside")?.rows).toHaveLength(2);
	});

	it("looks up values and files of them, any number, and says by its exit whether any is known", async () => {
		await ingest("cins", await file("cins.txt", `# 3\n${Array.from({ length: 120 }, (_, at) => `45.9.148.${at}`).join("\n")}\n`));
		const text = await exist(["lookup", "45[.]9[.]148[.]8", "www.nobody.example.edu", "hello"]);
		expect([
			text.code,
			text.err,
			text.out
				.trimEnd()
				.split("\n")
				.map((line) => line.slice(0, 48).trimEnd()),
		]).toEqual([0, "", [expect.stringMatching(/^listed {6}attacker {10}45\.9\.148\[\.\]8/), expect.stringMatching(/^not listed {20}www\[\.\]nobody/), expect.stringMatching(/^invalid {23}hello/)]]);
		const log = Array.from({ length: 25_000 }, (_, at) => (at === 24_000 ? "45.9.148.9" : `h${at}.example.edu`));
		const ndjson = await exist(["lookup", "--file", await file("log.txt", log.join("\n")), "--format", "ndjson", "--known"]);
		expect([ndjson.code, ndjson.err]).toEqual([0, "1 listed, 0 known, 24,999 not listed, 0 invalid\n"]);
		expect(JSON.parse(ndjson.out)).toMatchObject({ value: "45.9.148.9", kind: "listed", page: "/ip/45.9.148.9" });
		const piped = await called(["lookup", "--file", "-", "--format", "csv"], { input: "\n=1+1\r\n45.9.148.9\n" });
		expect([piped.code, piped.out.split("\r\n").map((line) => line.split(",").slice(0, 2).join(","))]).toEqual([0, ['"value","kind"', `"'=1+1","invalid"`, '"45.9.148.9","listed"', ""]]);
		expect((await exist(["lookup", "nobody.example.edu"])).code).toBe(1);
		for (const [args, said] of [
			[["lookup"], "nothing to look up"],
			[["lookup", "a.example", "--file", "-"], "not both"],
			[["lookup", "--file", join(folder, "none")], "There is no file"],
			[["lookup", "--file", folder], "is a folder"],
			[["lookup", "a.example", "--format", "xml"], "text, ndjson, csv"],
		] as const) {
			const wrong = await exist(args);
			expect([args, wrong.code, wrong.err]).toEqual([args, 2, expect.stringContaining(said)]);
		}
	});

	it("keeps the old rows where the file is something else", async () => {
		const { code, run } = await ingest("cins", await file("page.html", "<!doctype html><html><body>Down for maintenance</body></html>"));
		expect([code, run.state]).toEqual([1, "suspect"]);
		expect((await exist(["search", "45.9.148.108"])).code).toBe(0);
	});

	it.each<[string, string[], number, string]>([
		["no command", [], 2, "Usage: exist"],
		["an unknown command", ["frobnicate"], 2, "frobnicate"],
		["an unknown option", ["search", "x.example", "--frobnicate"], 2, "--frobnicate"],
		["a missing argument", ["ingest"], 2, "exist ingest --help"],
		["a source nobody knows", ["ingest", "urlhau"], 1, "Did you mean urlhaus?"],
		["a file that is not there", ["ingest", "cins", "--file", "/nowhere/list.txt"], 2, "/nowhere/list.txt"],
		["a folder for a file", ["ingest", "cins", "--file", tmpdir()], 2, tmpdir()],
		["a key that is not set", ["ingest", "malshare"], 2, "MALSHARE_KEY"],
		["a limit that is no number", ["search", "x.example", "--limit", "many"], 2, "many"],
		["an empty search", ["search", " "], 2, "nothing to search for"],
		["a role nobody has", ["user", "add", "--email", "a@example.com", "--role", "god"], 2, "god"],
		["an address that is none", ["user", "add", "--email", "nobody", "--generate-password"], 2, "nobody"],
		["keys of nobody", ["keys", "list", "--user", "nobody@example.com"], 1, "nobody@example.com"],
		["a secret for a key's id", ["key", "revoke", `exist_${"a".repeat(43)}`], 2, "not by its secret"],
		["a key there is none of", ["key", "revoke", "0".repeat(32)], 1, "no such key"],
		["a key of nobody", ["key", "add", "--user", "nobody@example.com", "--name", "x"], 1, "nobody@example.com"],
	])("answers %s with the value and the way out", async (_, args, code, words) => {
		const said = await exist(args);
		expect(said.err).toContain(words);
		expect(said.err).not.toMatch(/\n\s+at .+:\d+:\d+/);
		expect(said.out).toBe("");
		expect(said.code).toBe(code);
	});

	it("says so when the database is gone, or the configuration is half", async () => {
		const gone = await called(["search", "192.0.2.1"], { env: { DATABASE_URL: "mysql://root@127.0.0.1:9/exist" } });
		expect([gone.code, gone.err]).toEqual([1, expect.stringContaining("The database does not answer")]);
		const half = await called(["search", "192.0.2.1"], { env: { UPSTASH_REDIS_REST_URL: "https://cache.example.com" } });
		expect([half.code, half.err]).toEqual([2, expect.stringContaining("UPSTASH_REDIS_REST_TOKEN is missing")]);
	});

	it("makes people who can sign in and keys that open the API", async () => {
		const user = JSON.parse((await exist(["user", "add", "--email", "Ada@Example.com", "--role", "viewer", "--generate-password", "--json"])).out) as { password: string };
		expect(await signIn("ada@example.com", user.password, "test", fresh.database)).toMatchObject({ email: "ada@example.com", role: "viewer" });
		const short = await called(["user", "add", "--email", "bob@example.com"], { input: "short\n" });
		expect([short.code, short.err]).toEqual([2, expect.stringContaining("at least 12")]);
		const typed = await called(["user", "add", "--email", "bob@example.com"], { input: "correct horse battery staple\n" });
		expect([typed.code, typed.out]).toEqual([0, "bob@example.com is now analyst.\n"]);
		const twice = await exist(["user", "add", "--email", "bob@example.com", "--generate-password"]);
		expect([twice.code, twice.err]).toEqual([1, expect.stringContaining("bob@example.com has an account already")]);
		const key = JSON.parse((await exist(["key", "add", "--user", "ada@example.com", "--name", "siem", "--days", "90", "--json"])).out) as { secret: string };
		expect(await checkApiKey(key.secret, new Date(), fresh.database)).toMatchObject({ user: { email: "ada@example.com" }, key: { scopes: ["read"] } });
		expect(await checkApiKey(key.secret, new Date(Date.now() + 91 * 86_400_000), fresh.database)).toBeNull();
	});

	it("lists keys without their secrets, and ends one", async () => {
		const email = "keys@example.com";
		await exist(["user", "add", "--email", email, "--role", "analyst", "--generate-password"]);
		const add = async (name: string) => JSON.parse((await exist(["key", "add", "--user", email, "--name", name, "--scope", "read", "run", "--json"])).out) as { id: string; secret: string };
		const [first, second] = [await add("siem"), await add("soar \u202e")];
		const listed = async () => JSON.parse((await exist(["keys", "list", "--user", email, "--json"])).out) as Array<{ id: string; state: string; owner: string; name: string }>;
		expect((await listed()).map(({ id, state, owner }) => [id, state, owner]).sort()).toEqual(
			[
				[first.id, "good", email],
				[second.id, "good", email],
			].sort(),
		);
		const ended = await exist(["key", "revoke", first.id.toUpperCase()]);
		expect([ended.code, ended.out]).toEqual([0, `The key ${first.id} is revoked: the next request with it is refused.\n`]);
		expect([await checkApiKey(first.secret, new Date(), fresh.database), (await checkApiKey(second.secret, new Date(), fresh.database))?.user.email]).toEqual([null, email]);
		expect((await exist(["key", "revoke", first.id])).err).toContain("revoked already");
		await fresh.database.execute(`UPDATE api_key SET expires_at = '2020-01-01 00:00:00' WHERE name LIKE 'soar%'`);
		const table = (await exist(["key", "list"])).out;
		expect(table).toMatch(new RegExp(`${first.id} +revoked +${email} +exist_\\S{6} +read,run +\\d{4}-\\d\\d-\\d\\d +never +never +siem\n`));
		expect(table).toMatch(new RegExp(`${second.id} +expired .*soar \ufffd\n`));
		for (const text of [table, JSON.stringify(await listed())]) for (const { secret } of [first, second]) expect(text).not.toContain(secret);
		const audited = await fresh.database.query("SELECT actor, subject FROM audit_entry WHERE action = 'key.revoke'");
		expect(audited).toEqual([{ actor: "cli", subject: "siem" }]);
	});
});
