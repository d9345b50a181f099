import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** Who "signs in" at the provider, and what it says about them. */
export interface Person {
	sub: string;
	email: string;
	email_verified: boolean;
	name: string;
}

export interface FakeOidc {
	issuer: string;
	clientId: string;
	clientSecret: string;
	/** the person at the screen; the provider asks nothing and sends them back at once */
	person: Person;
	/** overrides of the next identity tokens' claims, to forge them */
	forged: Record<string, unknown>;
	stop: () => Promise<void>;
}

interface Grant {
	person: Person;
	nonce: string | null;
	challenge: string | null;
	redirect: string;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	return new URLSearchParams(Buffer.concat(parts).toString());
}

function json(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/**
 * A small OpenID Connect provider on loopback (discovery, authorisation code with PKCE, RS256 identity tokens), as strict as a
 * real one about client secret, code, redirect address and verifier.
 */
export async function startOidc(): Promise<FakeOidc> {
	const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const jwk = { ...keys.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" };
	const grants = new Map<string, Grant>();
	const clientId = "exist-test";
	const clientSecret = randomBytes(16).toString("hex");
	const state = { person: { sub: "1", email: "nobody@example.com", email_verified: true, name: "Nobody" }, forged: {} as Record<string, unknown> };
	let issuer = "";

	const authorise = (url: URL, response: ServerResponse): void => {
		const code = randomBytes(16).toString("hex");
		const redirect = url.searchParams.get("redirect_uri") ?? "";
		grants.set(code, { person: state.person, nonce: url.searchParams.get("nonce"), challenge: url.searchParams.get("code_challenge"), redirect });
		const back = new URL(redirect);
		back.searchParams.set("code", code);
		back.searchParams.set("state", url.searchParams.get("state") ?? "");
		response.writeHead(302, { location: back.href }).end();
	};

	const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const form = await formOf(request);
		const [id, secret] = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64")
			.toString()
			.split(":");
		const grant = grants.get(form.get("code") ?? "");
		grants.delete(form.get("code") ?? "");
		if (id !== clientId || secret !== clientSecret) return json(response, 401, { error: "invalid_client" });
		const verified = createHash("sha256")
			.update(form.get("code_verifier") ?? "")
			.digest("base64url");
		if (grant === undefined || grant.redirect !== form.get("redirect_uri") || grant.challenge !== verified) return json(response, 400, { error: "invalid_grant" });
		const now = Math.floor(Date.now() / 1000);
		const signed = `${encode({ alg: "RS256", typ: "JWT", kid: "one" })}.${encode({ iss: issuer, aud: clientId, iat: now, exp: now + 300, nonce: grant.nonce, ...grant.person, ...state.forged })}`;
		json(response, 200, {
			access_token: randomBytes(16).toString("hex"),
			token_type: "Bearer",
			expires_in: 300,
			id_token: `${signed}.${sign("RSA-SHA256", Buffer.from(signed), keys.privateKey).toString("base64url")}`,
		});
	};

	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "/", issuer);
		if (url.pathname === "/.well-known/openid-configuration") {
			json(response, 200, {
				issuer,
				authorization_endpoint: `${issuer}/authorize`,
				token_endpoint: `${issuer}/token`,
				jwks_uri: `${issuer}/keys`,
				response_types_supported: ["code"],
				subject_types_supported: ["public"],
				id_token_signing_alg_values_supported: ["RS256"],
				code_challenge_methods_supported: ["S256"],
			});
		} else if (url.pathname === "/keys") json(response, 200, { keys: [jwk] });
		else if (url.pathname === "/authorize" && url.searchParams.get("client_id") === clientId) authorise(url, response);
		else if (url.pathname === "/token" && request.method === "POST") void token(request, response).catch(() => response.destroy());
		else json(response, 404, { error: "not_found" });
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
	return Object.assign(state, {
		issuer,
		clientId,
		clientSecret,
		stop: () =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	});
}
