import type { AuthOptions, Profile } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import GitHubProvider from "next-auth/providers/github";
import GoogleProvider from "next-auth/providers/google";
import { type Env, env } from "@/lib/env";
import { ExistError } from "@/lib/errors";
import { log } from "@/lib/platform";
import { outsideUser, signIn, type User } from "./users";

/** Sessions end after this many seconds without use. */
const SESSION_SECONDS = 12 * 3600;

type Provider = AuthOptions["providers"][number];

function clientOf(headers: Record<string, unknown> | undefined): string {
	// The last address a trusted proxy added; without one, everybody shares a bucket with themselves only.
	const forwarded = String(headers?.["x-forwarded-for"] ?? "")
		.split(",")
		.at(-1)
		?.trim();
	return forwarded === undefined || forwarded === "" ? "local" : forwarded.slice(0, 64);
}

function localAccounts(): Provider {
	return CredentialsProvider({
		id: "credentials",
		name: "EXIST account",
		credentials: { email: { label: "E-mail address", type: "email" }, password: { label: "Password", type: "password" } },
		async authorize(credentials, request) {
			if (credentials === undefined) return null;
			try {
				const user = await signIn(credentials.email, credentials.password, clientOf(request.headers));
				return user === null ? null : { id: user.id, email: user.email, name: user.name, sessionVersion: user.sessionVersion };
			} catch (error) {
				// next-auth shows the message of an error as the reason; only ours are made for people.
				if (error instanceof ExistError) throw new Error(error.code === "rate_limited" ? "rate_limited" : "unavailable");
				log.error({ err: error }, "sign-in failed");
				throw new Error("unavailable");
			}
		},
	});
}

function oidc(settings: NonNullable<Env["oidc"]>): Provider {
	return {
		id: "oidc",
		name: settings.name,
		type: "oauth",
		wellKnown: `${settings.issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
		clientId: settings.id,
		clientSecret: settings.secret,
		authorization: { params: { scope: "openid email profile" } },
		idToken: true,
		checks: ["pkce", "state", "nonce"],
		profile: (profile: { sub: string; name?: string; email?: string }) => ({ id: profile.sub, name: profile.name ?? profile.email ?? profile.sub, email: profile.email ?? null }),
	} as Provider;
}

function providers(settings: Env): Provider[] {
	return [
		localAccounts(),
		...(settings.oidc === null ? [] : [oidc(settings.oidc)]),
		...(settings.github === null ? [] : [GitHubProvider({ clientId: settings.github.id, clientSecret: settings.github.secret })]),
		...(settings.google === null ? [] : [GoogleProvider({ clientId: settings.google.id, clientSecret: settings.google.secret })]),
	];
}

/** Only what the provider itself vouches for counts. GitHub gives out no unverified primary address. */
function verified(provider: string, profile: Profile | undefined): boolean {
	const claim = (profile as { email_verified?: unknown } | undefined)?.email_verified;
	return provider === "github" || claim === true || claim === "true";
}

/** next-auth's options for a configuration. Accounts are ours, sessions are signed cookies that name a user and a version. */
export function authOptions(settings: Env = env()): AuthOptions {
	return {
		...(settings.authSecret === null ? {} : { secret: settings.authSecret }),
		providers: providers(settings),
		session: { strategy: "jwt", maxAge: SESSION_SECONDS },
		pages: { signIn: "/sign-in", error: "/sign-in" },
		callbacks: {
			async jwt({ token, user, account, profile }) {
				if (user === undefined || account === null) return token;
				if (account.provider === "credentials") return { sub: user.id, version: (user as { sessionVersion?: number }).sessionVersion };
				const known: User | null = await outsideUser(
					{ provider: account.provider, accountId: account.providerAccountId, email: user.email ?? null, emailVerified: verified(account.provider, profile), name: user.name ?? null },
					settings.allowedDomains,
				);
				if (known === null) throw new Error("not_invited");
				return { sub: known.id, version: known.sessionVersion };
			},
			async signIn({ user, account, profile }) {
				if (account === null || account.provider === "credentials") return true;
				const known = await outsideUser(
					{ provider: account.provider, accountId: account.providerAccountId, email: user.email ?? null, emailVerified: verified(account.provider, profile), name: user.name ?? null },
					settings.allowedDomains,
				);
				return known === null ? "/sign-in?error=NotInvited" : true;
			},
			session: ({ session, token }) => ({ expires: session.expires, userId: token.sub, version: token.version }),
		},
		logger: {
			error: (code, metadata) => log.warn({ code, name: (metadata as Error).name }, "next-auth"),
			warn: (code) => log.debug({ code }, "next-auth"),
			debug: () => {},
		},
	};
}

/** What the sign-in page offers besides local accounts. */
export function outsideProviders(settings: Env = env()): Array<{ id: string; name: string }> {
	return [
		...(settings.oidc === null ? [] : [{ id: "oidc", name: settings.oidc.name }]),
		...(settings.github === null ? [] : [{ id: "github", name: "GitHub" }]),
		...(settings.google === null ? [] : [{ id: "google", name: "Google" }]),
	];
}
