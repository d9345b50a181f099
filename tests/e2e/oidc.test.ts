import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createUser, findUserByEmail } from "@/lib/auth/users";
import { type FakeOidc, startOidc } from "../fakes/oidc";
import { type RunningApp, startApp } from "./app";

/** What a browser keeps between the steps of a sign-in. */
class Jar {
	readonly #cookies = new Map<string, string>();

	get header(): string {
		return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	}

	async fetch(url: string, init: RequestInit = {}): Promise<Response> {
		const response = await fetch(url, { redirect: "manual", ...init, headers: { ...init.headers, cookie: this.header } });
		for (const cookie of response.headers.getSetCookie()) {
			const [pair = ""] = cookie.split(";");
			this.#cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
		}
		return response;
	}
}

describe("sign-in by an OpenID Connect provider", () => {
	let app: RunningApp;
	let provider: FakeOidc;

	beforeAll(async () => {
		provider = await startOidc();
		app = await startApp({
			AUTH_OIDC_NAME: "Example SSO",
			AUTH_OIDC_ISSUER: provider.issuer,
			AUTH_OIDC_CLIENT_ID: provider.clientId,
			AUTH_OIDC_CLIENT_SECRET: provider.clientSecret,
			AUTH_ALLOWED_DOMAINS: "example.com, Example.NET",
		});
		await createUser({ email: "ana@elsewhere.example", name: "Ana", role: "analyst", password: "correct horse battery staple" }, "test", app.fresh.database);
	}, 180_000);
	afterAll(async () => {
		await app.stop();
		await provider.stop();
	});
	beforeEach(() => {
		provider.forged = {};
	});

	/** Where an answer of the provider leads, past the library's own addresses for errors. */
	async function outcome(jar: Jar, answer: string): Promise<string> {
		let target = (await jar.fetch(answer)).headers.get("location") ?? "";
		for (let turn = 0; turn < 3 && target.startsWith(`${app.url}/api/auth/`); turn++) target = (await jar.fetch(target)).headers.get("location") ?? "";
		return target;
	}

	/** From the button to where the console leads in the end; with what the browser holds then. */
	async function signIn(jar = new Jar()): Promise<{ jar: Jar; target: string }> {
		const { csrfToken } = (await (await jar.fetch(`${app.url}/api/auth/csrf`)).json()) as { csrfToken: string };
		const begun = await jar.fetch(`${app.url}/api/auth/signin/oidc`, { method: "POST", body: new URLSearchParams({ csrfToken, callbackUrl: `${app.url}/reputation`, json: "true" }) });
		const { url } = (await begun.json()) as { url: string };
		expect(url).toContain(`${provider.issuer}/authorize?`);
		for (const parameter of ["state", "nonce", "code_challenge"]) expect(new URL(url).searchParams.get(parameter)).toBeTruthy();
		const back = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
		return { jar, target: await outcome(jar, back) };
	}

	const works = async (jar: Jar) => (await jar.fetch(`${app.url}/api/reputation`)).status;

	it("is offered by its name", async () => {
		expect(await (await fetch(`${app.url}/sign-in`)).text()).toContain("Example SSO");
	});

	it("makes a new person of an allowed domain a viewer, once", async () => {
		provider.person = { sub: "ada", email: "Ada@Example.com", email_verified: true, name: "Ada" };
		const { jar, target } = await signIn();
		expect(target).toBe(`${app.url}/reputation`);
		expect(await works(jar)).toBe(200);
		const user = await findUserByEmail("ada@example.com", app.fresh.database);
		expect(user).toMatchObject({ role: "viewer", name: "Ada" });
		// The provider's number counts from now on, not the address it may change.
		provider.person = { sub: "ada", email: "ada@renamed.example", email_verified: true, name: "Ada" };
		expect(await works((await signIn()).jar)).toBe(200);
		expect(await findUserByEmail("ada@renamed.example", app.fresh.database)).toBeNull();
	});

	it("lets somebody who was invited in from any domain, in the role that was given", async () => {
		provider.person = { sub: "ana", email: "ana@elsewhere.example", email_verified: true, name: "Ana" };
		expect(await works((await signIn()).jar)).toBe(200);
		expect(await findUserByEmail("ana@elsewhere.example", app.fresh.database)).toMatchObject({ role: "analyst" });
	});

	it.each([
		["another domain", { email: "eve@evil.example", email_verified: true }],
		["a domain that merely ends alike", { email: "eve@notexample.com", email_verified: true }],
		["a domain below an allowed one", { email: "eve@mail.example.com", email_verified: true }],
		["an address the provider does not vouch for", { email: "eve@example.com", email_verified: false }],
	])("refuses %s, and says so", async (_, claims) => {
		provider.person = { sub: "eve", name: "Eve", ...claims };
		const { jar, target } = await signIn();
		expect(target).toContain("/sign-in?error=NotInvited");
		expect(await works(jar)).toBe(401);
		expect(await findUserByEmail(claims.email, app.fresh.database)).toBeNull();
		expect(await (await jar.fetch(new URL(target, app.url).href)).text()).toContain("not known here");
	});

	it.each([
		["for somebody else", { aud: "another-client" }],
		["of another issuer", { iss: "http://127.0.0.1:1" }],
		["of another sign-in", { nonce: "another" }],
		["that has ended", { exp: 1 }],
	])("refuses an identity token %s", async (_, forged) => {
		provider.person = { sub: "mallory", email: "mallory@example.com", email_verified: true, name: "Mallory" };
		provider.forged = forged;
		const { jar, target } = await signIn();
		expect(target).toMatch(/^\/sign-in\?.*error=OAuthCallback/);
		expect(await works(jar)).toBe(401);
		expect(await findUserByEmail("mallory@example.com", app.fresh.database)).toBeNull();
	});

	it("refuses an answer in a browser that did not ask", async () => {
		provider.person = { sub: "ada", email: "ada@example.com", email_verified: true, name: "Ada" };
		const stranger = new Jar();
		expect(await outcome(stranger, `${app.url}/api/auth/callback/oidc?code=${"0".repeat(32)}&state=made-up`)).toMatch(/^\/sign-in\?.*error=OAuthCallback/);
		expect(await works(stranger)).toBe(401);
	});
});
