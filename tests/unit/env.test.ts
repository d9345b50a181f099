import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readEnv, VARIABLE_NAMES } from "@/lib/env";
import { readAccess } from "@/lib/sources/x-client";

const X = { TWITTER_APP_KEY: "k", TWITTER_APP_SECRET: "s", TWITTER_ACCESS_TOKEN: "t", TWITTER_ACCESS_SECRET: "u" };

describe("the configuration", () => {
	it("needs nothing", () => {
		expect(readEnv({})).toMatchObject({ database: null, upstash: null, demo: null, oidc: null, logLevel: "info" });
	});

	it("takes empty for missing", () => {
		expect(readEnv({ DATABASE_URL: " ", DATABASE_HOST: "" }).database).toBeNull();
	});

	it("knows any MySQL and PlanetScale", () => {
		expect(readEnv({ DATABASE_URL: "mysql://a:b@c/d" }).database).toEqual({ kind: "mysql", url: "mysql://a:b@c/d" });
		expect(readEnv({ DATABASE_HOST: "h", DATABASE_USERNAME: "u", DATABASE_PASSWORD: "p" }).database).toEqual({ kind: "planetscale", host: "h", username: "u", password: "p" });
	});

	it("makes a MISP server's address and key one secret, and its host one to be trusted", () => {
		expect(readEnv({ MISP_URL: "https://MISP.corp.example:8443/", MISP_KEY: "abc" })).toMatchObject({
			secrets: { mispServer: "https://MISP.corp.example:8443/ abc" },
			trustedHosts: { mispServer: ["misp.corp.example"] },
		});
		expect(readEnv({}).trustedHosts).toEqual({});
	});

	it.each([
		[{ DATABASE_HOST: "h" }, ["DATABASE_USERNAME and DATABASE_PASSWORD are missing"]],
		[{ UPSTASH_REDIS_REST_URL: "https://x.example" }, ["UPSTASH_REDIS_REST_TOKEN is missing"]],
		[{ AUTH_GITHUB_ID: "x", INNGEST_EVENT_KEY: "y" }, ["AUTH_GITHUB_SECRET", "INNGEST_SIGNING_KEY"]],
		[{ DATABASE_URL: "postgres://x" }, ["DATABASE_URL", "mysql://"]],
		[{ NEXTAUTH_SECRET: "short" }, ["NEXTAUTH_SECRET", "32"]],
		[{ MISP_URL: "https://misp.example" }, ["MISP_KEY is missing"]],
		[{ LOG_LEVEL: "loud" }, ["LOG_LEVEL"]],
		[{ TWITTER_APP_KEY: "k", TWITTER_ACCESS_TOKEN: "t" }, ["X accounts", "TWITTER_APP_SECRET and TWITTER_ACCESS_SECRET are missing"]],
		[{ ...X, TWITTER_ACCESS_TOKEN: "a,b" }, ["TWITTER_ACCESS_TOKEN has 2 values and TWITTER_ACCESS_SECRET 1"]],
		[{ ...X, TWITTER_APP_KEY: "a,b", TWITTER_APP_SECRET: "c,d" }, ["TWITTER_APP_KEY has 2 values for 1 in TWITTER_ACCESS_TOKEN"]],
		[{ TWITTER_BEARER_TOKENS: "b", TWITTER_LISTS: "https://x.com/somebody" }, ["TWITTER_LISTS", "somebody", "https://x.com/i/lists/"]],
		[{ TWITTER_LISTS: "42" }, ["TWITTER_LISTS is set, but nothing to read them with"]],
		[{ TWITTER_API_URL: "api.x.com" }, ["TWITTER_API_URL"]],
		[{ DATABASE_URL: "mysql://a/b", DATABASE_HOST: "h", DATABASE_USERNAME: "u", DATABASE_PASSWORD: "p" }, ["both set"]],
	])("refuses %j and names every fault", (variables, said) => {
		for (const words of said) expect(() => readEnv(variables)).toThrow(words);
	});

	it("makes one secret for each way to read X", () => {
		expect(readEnv({}).secrets).toEqual({});
		const { secrets } = readEnv({ ...X, TWITTER_ACCESS_TOKEN: "t1, t2", TWITTER_ACCESS_SECRET: "u1,u2", TWITTER_LISTS: "42, https://x.com/i/lists/43/", TWITTER_API_URL: "http://127.0.0.1:4000" });
		const access = {
			users: [
				{ appKey: "k", appSecret: "s", accessToken: "t1", accessSecret: "u1" },
				{ appKey: "k", appSecret: "s", accessToken: "t2", accessSecret: "u2" },
			],
			bearers: [],
			lists: ["42", "43"],
			api: "http://127.0.0.1:4000",
		};
		expect([JSON.parse(secrets.twitterHome ?? ""), JSON.parse(secrets.twitterLists ?? "")]).toEqual([access, access]);
		expect(readAccess(secrets.twitterHome)).toEqual(access);
		expect(Object.keys(readEnv({ TWITTER_BEARER_TOKENS: "Bearer/Case", TWITTER_LISTS: "42" }).secrets)).toEqual(["twitterSearch", "twitterLists"]);
		expect(Object.keys(readEnv({ TWITTER_BEARER_TOKENS: "Bearer/Case" }).secrets)).toEqual(["twitterSearch"]);
	});

	it("is described whole in .env.example and the README", () => {
		const example = readFileSync(".env.example", "utf8");
		const described = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
		expect(described.sort()).toEqual([...VARIABLE_NAMES].sort());
		// Every variable has a line that says what it is for.
		for (const name of VARIABLE_NAMES) expect(example).toMatch(new RegExp(`^# .+\\n${name}=$`, "m"));
		const readme = readFileSync("README.md", "utf8");
		for (const name of VARIABLE_NAMES) expect(readme).toContain(`\`${name}\``);
	});
});
