import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiKeysOf, checkApiKey, createApiKey, revokeApiKey } from "@/lib/auth/api-keys";
import { hashPassword, verifyPassword } from "@/lib/auth/passwords";
import { allow } from "@/lib/auth/principal";
import { createFirstAdministrator, createUser, findUserById, outsideUser, signIn, type User } from "@/lib/auth/users";
import { freshDatabase, type TestDatabase } from "../harness/database";

const PASSWORD = "correct horse battery staple";

describe("accounts and keys", () => {
	let fresh: TestDatabase;
	let ada: User;
	beforeAll(async () => {
		fresh = await freshDatabase();
		ada = await createUser({ email: "Ada@Example.com", name: "Ada", role: "analyst", password: PASSWORD }, "test", fresh.database);
	});
	afterAll(() => fresh.drop());

	const everything = async (): Promise<string> => {
		const parts: string[] = [];
		for (const table of ["user", "account", "api_key", "audit_entry", "setting"]) {
			for (const row of await fresh.database.query(`SELECT * FROM ${table}`)) {
				parts.push(...Object.values(row).map((value) => (Buffer.isBuffer(value) ? `${value.toString("hex")} ${value.toString("latin1")}` : String(value))));
			}
		}
		return parts.join("\n");
	};

	it("keep a password as a salted hash that only the password opens", async () => {
		const [one, two] = await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)]);
		expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
		expect(one).not.toBe(two);
		expect(await verifyPassword(PASSWORD, one)).toBe(true);
		// Two spellings of the same letters are one password.
		expect(await verifyPassword("u\u0308ber die langen Wege", await hashPassword("\u00fcber die langen Wege"))).toBe(true);
		for (const [given, stored] of [
			[`${PASSWORD} `, one],
			["", one],
			["x".repeat(100_000), one],
			[PASSWORD, null],
			[PASSWORD, ""],
			[PASSWORD, PASSWORD],
		] as const) {
			expect(await verifyPassword(given, stored)).toBe(false);
		}
		await expect(hashPassword("short")).rejects.toMatchObject({ code: "invalid" });
	});

	it("open to the right password alone, whatever else is tried", async () => {
		const attempt = (email: string, password: string) => signIn(email, password, "192.0.2.1", fresh.database);
		expect((await attempt(" ADA@example.com", PASSWORD))?.id).toBe(ada.id);
		for (const [email, password] of [
			["ada@example.com", "' OR 1=1 --"],
			["' OR 1=1 --", PASSWORD],
			["ada@example.com\u0000", PASSWORD],
			["a%@example.com", PASSWORD],
			[`${"a".repeat(1_000_000)}@example.com`, PASSWORD],
		] as const) {
			expect(await attempt(email, password)).toBeNull();
		}
	});

	it("close after ten attempts, to the right password too, and to nobody else", async () => {
		await createUser({ email: "bob@example.com", name: "Bob", role: "viewer", password: PASSWORD }, "test", fresh.database);
		for (let turn = 0; turn < 10; turn++) expect(await signIn("bob@example.com", "a wrong password", `198.51.100.${turn}`, fresh.database)).toBeNull();
		await expect(signIn("bob@example.com", PASSWORD, "198.51.100.77", fresh.database)).rejects.toMatchObject({ code: "rate_limited" });
		expect(await signIn("ada@example.com", PASSWORD, "198.51.100.77", fresh.database)).not.toBeNull();
	});

	it("give a key of 256 random bits, once, and keep its SHA-256", async () => {
		const key = await createApiKey({ userId: ada.id, name: "script", scopes: ["read"], expiresAt: null }, "ada@example.com", fresh.database);
		expect(key.secret).toMatch(/^exist_[\w-]{43}$/);
		expect(JSON.stringify(await apiKeysOf(ada.id, fresh.database))).not.toContain(key.secret.slice(12));
		const stored = await everything();
		expect(stored).not.toContain(key.secret);
		expect(stored).not.toContain(key.secret.slice(12));
		expect(stored).not.toContain(PASSWORD);
		expect(stored).toContain(createHash("sha256").update(key.secret).digest("hex"));
		expect((await checkApiKey(key.secret, new Date(), fresh.database))?.user.id).toBe(ada.id);
	});

	it("end a key with its time, its revocation and its user", async () => {
		const now = new Date();
		const later = new Date(now.getTime() + 60_000);
		const expiring = await createApiKey({ userId: ada.id, name: "short", scopes: ["read"], expiresAt: later }, "test", fresh.database);
		expect(await checkApiKey(expiring.secret, now, fresh.database)).not.toBeNull();
		expect(await checkApiKey(expiring.secret, later, fresh.database)).toBeNull();
		const revoked = await createApiKey({ userId: ada.id, name: "revoked", scopes: ["read"], expiresAt: null }, "test", fresh.database);
		// Nobody revokes somebody else's.
		await expect(revokeApiKey(revoked.id, "0".repeat(32), "test", fresh.database)).rejects.toMatchObject({ code: "not_found" });
		expect(await checkApiKey(revoked.secret, now, fresh.database)).not.toBeNull();
		await revokeApiKey(revoked.id, ada.id, "test", fresh.database);
		expect(await checkApiKey(revoked.secret, now, fresh.database)).toBeNull();
		await expect(revokeApiKey(revoked.id, ada.id, "test", fresh.database)).rejects.toMatchObject({ code: "not_found" });
		const carol = await createUser({ email: "carol@example.com", name: "Carol", role: "viewer" }, "test", fresh.database);
		const hers = await createApiKey({ userId: carol.id, name: "hers", scopes: ["read"], expiresAt: null }, "test", fresh.database);
		await fresh.database.execute(`UPDATE user SET disabled_at = NOW(3) WHERE email = 'carol@example.com'`);
		expect(await checkApiKey(hers.secret, now, fresh.database)).toBeNull();
	});

	it.each(["", "exist_", `exist_${"A".repeat(43)}`, `exist_${"A".repeat(44)}`, `Exist_${"A".repeat(43)}`, `exist_${"'".repeat(43)}`, "\u0000", "%"])("know no key %j", async (secret) => {
		expect(await checkApiKey(secret, new Date(), fresh.database)).toBeNull();
	});

	it("refuse scopes nobody knows, and what a scope or a role does not cover", async () => {
		const make = (scopes: string[]) => createApiKey({ userId: ada.id, name: "x", scopes, expiresAt: null }, "test", fresh.database);
		await expect(make([])).rejects.toMatchObject({ code: "invalid" });
		await expect(make(["read", "admin"])).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("admin") });
		const reader = { kind: "key", user: ada, keyId: "0", scopes: ["read"] } as const;
		expect(() => allow(reader, "viewer", "read")).not.toThrow();
		expect(() => allow(reader, "analyst", "run")).toThrow(expect.objectContaining({ code: "forbidden" }));
		expect(() => allow({ ...reader, scopes: ["read", "run"] }, "administrator", "run")).toThrow(expect.objectContaining({ code: "forbidden" }));
		expect(() => allow(null, "viewer", "read")).toThrow(expect.objectContaining({ code: "unauthenticated" }));
	});

	it("take a changed role at the next question: nothing keeps the old one", async () => {
		expect((await findUserById(ada.id, fresh.database))?.role).toBe("analyst");
		await fresh.database.execute("UPDATE user SET role = 'viewer' WHERE email = 'ada@example.com'");
		expect((await findUserById(ada.id, fresh.database))?.role).toBe("viewer");
		// A role nobody knows counts as the least.
		await fresh.database.execute("UPDATE user SET role = 'owner' WHERE email = 'ada@example.com'");
		expect((await findUserById(ada.id, fresh.database))?.role).toBe("viewer");
	});

	it("belong to an outside identity only where its provider vouches for the address", async () => {
		const identity = { provider: "oidc", accountId: "sub-1", email: "dora@example.com", emailVerified: true, name: "Dora" };
		const dora = await createUser({ email: "dora@example.com", name: "Dora", role: "analyst" }, "test", fresh.database);
		expect(await outsideUser({ ...identity, emailVerified: false }, ["example.com"], fresh.database)).toBeNull();
		expect(await outsideUser({ ...identity, email: "eve@evil.example" }, ["example.com"], fresh.database)).toBeNull();
		expect(await outsideUser({ ...identity, accountId: "sub-2", email: "eve@example.com.evil.example" }, ["example.com"], fresh.database)).toBeNull();
		expect((await outsideUser(identity, [], fresh.database))?.id).toBe(dora.id);
		// Known by its own id from now on, whatever address comes.
		expect((await outsideUser({ ...identity, email: "ada@example.com" }, [], fresh.database))?.id).toBe(dora.id);
		expect(await outsideUser({ ...identity, accountId: "sub-3", email: "new@example.com" }, ["example.com"], fresh.database)).toMatchObject({ role: "viewer" });
	});

	it("leave who did what in the same transaction", async () => {
		const actions = (await fresh.database.query<{ actor: string; action: string }>("SELECT actor, action FROM audit_entry ORDER BY at")).map(({ actor, action }) => `${actor} ${action}`);
		for (const wanted of ["test user.create", "ada@example.com key.create", "test key.revoke", "oidc user.create"]) expect(actions).toContain(wanted);
		const before = await everything();
		await expect(createUser({ email: "ada@example.com", name: "Again", role: "viewer", password: PASSWORD }, "test", fresh.database)).rejects.toMatchObject({ code: "conflict" });
		expect(await everything()).toBe(before);
	});

	it("have one first administrator, however many ask at once", async () => {
		const empty = await freshDatabase();
		const asked = await Promise.allSettled(["a", "b", "c", "d"].map((name) => createFirstAdministrator({ email: `${name}@example.com`, name, password: PASSWORD }, empty.database)));
		expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		expect(await empty.database.query("SELECT role FROM user")).toEqual([{ role: "administrator" }]);
		await empty.drop();
	});
});
