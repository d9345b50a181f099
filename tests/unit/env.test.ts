import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readEnv, VARIABLE_NAMES } from "@/lib/env";

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

	it.each([
		[{ DATABASE_HOST: "h" }, ["DATABASE_USERNAME and DATABASE_PASSWORD are missing"]],
		[{ UPSTASH_REDIS_REST_URL: "https://x.example" }, ["UPSTASH_REDIS_REST_TOKEN is missing"]],
		[{ AUTH_GITHUB_ID: "x", INNGEST_EVENT_KEY: "y" }, ["AUTH_GITHUB_SECRET", "INNGEST_SIGNING_KEY"]],
		[{ DATABASE_URL: "postgres://x" }, ["DATABASE_URL", "mysql://"]],
		[{ NEXTAUTH_SECRET: "short" }, ["NEXTAUTH_SECRET", "32"]],
		[{ LOG_LEVEL: "loud" }, ["LOG_LEVEL"]],
		[{ DATABASE_URL: "mysql://a/b", DATABASE_HOST: "h", DATABASE_USERNAME: "u", DATABASE_PASSWORD: "p" }, ["both set"]],
	])("refuses %j and names every fault", (variables, said) => {
		for (const words of said) expect(() => readEnv(variables)).toThrow(words);
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
