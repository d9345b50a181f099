import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { allApiKeys, apiKeysOf, checkApiKey, createApiKey, revokeApiKey } from "@/lib/auth/api-keys";
import { createUser, type User } from "@/lib/auth/users";
import { upstashCache } from "@/lib/platform/cache";
import { lit } from "@/lib/platform/sql-literal";
import { startApi } from "../harness/api";
import { DRIVERS, freshDatabase, type TestDatabase } from "../harness/database";
import { startRedisBridge } from "../harness/redis-bridge";

const NOW = new Date("2099-01-01T00:00:00.000Z");

describe.each(DRIVERS)("API keys over %s", (driver) => {
	let fresh: TestDatabase;
	let viewer: User;
	let analyst: User;
	beforeAll(async () => {
		fresh = await freshDatabase(driver);
	});
	beforeEach(async () => {
		await fresh.clear();
		const make = (role: "viewer" | "analyst") => createUser({ email: `${role}@example.com`, name: role, role }, "test", fresh.database);
		[viewer, analyst] = await Promise.all([make("viewer"), make("analyst")]);
	});
	afterAll(() => fresh.drop());

	const create = (extra: Partial<Parameters<typeof createApiKey>[0]> = {}) =>
		createApiKey({ userId: viewer.id, name: "siem", scopes: ["read"], expiresAt: null, ...extra }, "viewer@example.com", fresh.database);
	const check = (secret: string, now = new Date()) => checkApiKey(secret, now, fresh.database);
	const audited = () =>
		fresh.database.query<{ action: string; actor: string; subject: string; detail: string }>("SELECT action, actor, subject, detail FROM audit_entry WHERE action LIKE 'key.%' ORDER BY at");

	it("are 256 random bits, and at rest a hash", async () => {
		const [one, two] = [await create(), await create()];
		expect(one.secret).toMatch(/^exist_[A-Za-z0-9_-]{43}$/);
		expect(one.secret).not.toBe(two.secret);
		const rows = await fresh.database.query<{ secret_hash: Buffer }>(`SELECT * FROM api_key WHERE id = ${lit(Buffer.from(one.id, "hex"))}`);
		expect(rows[0]?.secret_hash).toEqual(createHash("sha256").update(one.secret).digest());
		const stored = await fresh.database.query("SELECT k.*, a.* FROM api_key k CROSS JOIN audit_entry a");
		expect(JSON.stringify(stored)).not.toContain(one.secret.slice(12));
		expect(Object.keys((await apiKeysOf(viewer.id, fresh.database))[0] ?? {})).not.toContain("secret");
	});

	it("let in their user with their scopes, and nobody else", async () => {
		const key = await create();
		expect(await check(key.secret)).toMatchObject({ key: { id: key.id, scopes: ["read"] }, user: { email: "viewer@example.com" } });
		for (const wrong of ["", "exist_", key.secret.slice(0, -1), `${key.secret}A`, key.secret.toLowerCase(), `exist_${"A".repeat(43)}`, key.prefix, `' OR 1=1 -- `])
			expect([wrong, await check(wrong)]).toEqual([wrong, null]);
	});

	it("end with their day, their revocation and their user", async () => {
		const key = await create({ expiresAt: new Date(NOW.getTime() + 1000) });
		expect(await check(key.secret, NOW)).not.toBeNull();
		expect(await check(key.secret, new Date(NOW.getTime() + 1000))).toBeNull();
		await revokeApiKey(key.id, viewer.id, "viewer@example.com", fresh.database);
		expect(await check(key.secret, NOW)).toBeNull();
		const other = await create();
		await fresh.database.execute("UPDATE user SET disabled_at = NOW(3) WHERE email = 'viewer@example.com'");
		expect(await check(other.secret)).toBeNull();
	});

	it("remember when they were last used, at most once a minute", async () => {
		const { secret } = await create();
		const lastUsed = async () => (await apiKeysOf(viewer.id, fresh.database))[0]?.lastUsedAt?.getTime() ?? null;
		const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
		await Promise.all([check(secret, at(0)), check(secret, at(1)), check(secret, at(2))]);
		const first = await lastUsed();
		expect(first).not.toBeNull();
		await check(secret, at(59));
		expect(await lastUsed()).toBe(first);
		await check(secret, at(63));
		expect(await lastUsed()).toBe(at(63).getTime());
	});

	it("give away no more than their user has, and explain what is wrong", async () => {
		expect((await create({ userId: analyst.id, scopes: ["read", "run", "run"] })).scopes).toEqual(["read", "run"]);
		for (const [extra, said] of [
			[{ scopes: ["run"] }, { code: "forbidden", message: expect.stringContaining("analyst") }],
			[{ scopes: ["everything"] }, { code: "invalid", message: expect.stringContaining("everything") }],
			[{ scopes: ["constructor"] }, { code: "invalid" }],
			[{ scopes: [] }, { code: "invalid" }],
			[{ name: "  " }, { code: "invalid", field: "name" }],
			[{ name: "x".repeat(101) }, { code: "invalid", field: "name" }],
			[{ expiresAt: new Date(0) }, { code: "invalid", field: "days" }],
			[{ userId: "0".repeat(32) }, { code: "invalid", field: "user" }],
		] as const) {
			await expect(create(extra as Parameters<typeof create>[0])).rejects.toMatchObject(said);
		}
		expect(await apiKeysOf(viewer.id, fresh.database)).toEqual([]);
	});

	it("can be too many for one user, where the good ones count", async () => {
		for (let turn = 0; turn < 50; turn++) await create({ name: `key ${turn}` });
		await expect(create()).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("50") });
		const [one] = await apiKeysOf(viewer.id, fresh.database);
		await revokeApiKey(one?.id ?? "", viewer.id, "viewer@example.com", fresh.database);
		expect((await create()).name).toBe("siem");
	});

	it("are revoked by their user or an administrator, once, and the audit log knows", async () => {
		const key = await create();
		await expect(revokeApiKey(key.id, analyst.id, "analyst@example.com", fresh.database)).rejects.toMatchObject({ code: "not_found" });
		expect((await allApiKeys(fresh.database)).map(({ owner, name, revokedAt }) => [owner, name, revokedAt])).toEqual([["viewer@example.com", "siem", null]]);
		await revokeApiKey(key.id, null, "admin@example.com", fresh.database);
		await expect(revokeApiKey(key.id, null, "admin@example.com", fresh.database)).rejects.toMatchObject({ code: "not_found" });
		const entries = (await audited()).map(({ detail, ...entry }) => ({ ...entry, key: (JSON.parse(detail) as { key: string }).key }));
		expect(entries).toEqual([
			{ action: "key.create", actor: "viewer@example.com", subject: "siem", key: key.prefix },
			{ action: "key.revoke", actor: "admin@example.com", subject: "siem", key: key.prefix },
		]);
	});

	it("are counted each for itself, exports dearer", async () => {
		const api = await startApi(fresh);
		const left = (answer: { headers: Headers }) => Number(answer.headers.get("ratelimit-remaining"));
		const first = left(await api.ask("/api/reputation"));
		expect(first - left(await api.ask("/api/reputation?limit=0"))).toBe(1);
		const before = left(await api.ask("/api/"));
		expect(before - left(await api.ask("/api/reputation?format=csv"))).toBe(20);
		expect(left(await api.ask("/api/reputation?format=csv")) - left(await api.ask("/api/search?keyword=192.0.2.1"))).toBe(3);
	});

	it.each(["memory", "upstash", "a store that does not answer"])("have a limit that is kept in %s, never open", async (kind) => {
		const bridge = kind === "upstash" ? await startRedisBridge(process.env.EXIST_TEST_REDIS ?? "", "token") : null;
		const stores = {
			memory: undefined,
			upstash: upstashCache({ url: bridge?.url ?? "http://127.0.0.1:9", token: "token" }),
			"a store that does not answer": upstashCache({ url: "http://127.0.0.1:9", token: "token" }),
		};
		const api = await startApi(fresh, stores[kind as keyof typeof stores]);
		const other = await api.withNewKey();
		let refused = await api.ask("/api/");
		// Twice as often as a minute allows, for a new minute may begin meanwhile.
		for (let turn = 0; turn < 70 && refused.status === 200; turn++) refused = await api.ask("/api/reputation?format=ndjson");
		const most = kind.startsWith("a store") ? 150 : 600;
		expect([refused.status, refused.body]).toEqual([429, { detail: expect.stringMatching(new RegExp(`More than ${most} .* Try again in \\d+ seconds`)), code: "rate_limited" }]);
		const wait = Number(refused.headers.get("retry-after"));
		expect(wait).toBeGreaterThan(0);
		expect(wait).toBeLessThanOrEqual(60);
		expect([refused.headers.get("ratelimit-remaining"), refused.headers.get("ratelimit")]).toEqual(["0", expect.stringMatching(/^"api";r=0;t=\d+$/)]);
		expect((await other.ask("/api/")).status).toBe(200);
		await bridge?.stop();
	});

	it("are asked for before anything else is", async () => {
		const api = await startApi(fresh);
		for (const path of ["/api/", "/api/reputation", "/api/reputation/x", "/api/nonsense", "/api/a/b/c", "/api/openapi.json", "/api/search"]) {
			for (const authorization of ["Bearer nonsense", `Bearer exist_${"A".repeat(43)}`, "Basic YTpi", "Bearer"]) {
				const { status, body, headers } = await api.ask(path, { headers: { authorization } });
				expect([path, authorization, status, (body as { code: string }).code]).toEqual([path, authorization, 401, "unauthenticated"]);
				expect(headers.get("www-authenticate")).toContain("Bearer");
				expect(headers.get("ratelimit")).toBeNull();
			}
		}
	});
});
