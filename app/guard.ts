import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { allow, type Cost, type Principal, type Role, roleAllows, type Scope, sessionPrincipal, spend } from "@/lib/auth";
import { checkLimit, checkOriginHeaders } from "@/lib/http";

/**
 * Paths of ours only: a sign-in must not lead to somebody else's page. The path is read as a browser reads it, which drops tabs
 * and line ends (`/\t/evil.example` is another host) and takes `\` for `/`.
 */
export function safePath(path: string | null | undefined): string {
	const base = "http://exist.invalid";
	if (path === null || path === undefined || !path.startsWith("/") || !URL.canParse(path, base)) return "/";
	const parsed = new URL(path, base);
	const own = parsed.origin === base && !parsed.pathname.startsWith("//");
	return own ? `${parsed.pathname}${parsed.search}${parsed.hash}` : "/";
}

/** Who looks at this page. Nobody is sent to sign in and comes back here; a role that is too small goes to the overview. */
export async function pagePrincipal(role: Role = "viewer"): Promise<Principal> {
	const principal = await sessionPrincipal();
	if (principal === null) {
		const path = safePath((await headers()).get("x-path"));
		redirect(path === "/" ? "/sign-in" : `/sign-in?callbackUrl=${encodeURIComponent(path)}`);
	}
	if (!roleAllows(principal.user.role, role)) redirect("/");
	return principal;
}

/**
 * Who calls a server action. Next compares Origin with Host only where an Origin is sent, and believes `x-forwarded-host`; an
 * action changes something, so it asks as every changing handler does, and counts against the same budget. Throws
 * `unauthenticated`, `forbidden` or `rate_limited`.
 */
export async function actionPrincipal(role: Role, scope: Scope, cost: Cost = "read"): Promise<Principal> {
	const principal = await sessionPrincipal();
	allow(principal, role, scope);
	checkOriginHeaders(await headers());
	checkLimit(await spend(principal, cost));
	return principal;
}

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** A page's search parameters in the form every parser takes. */
export async function urlParams(searchParams: SearchParams): Promise<URLSearchParams> {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(await searchParams)) {
		for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) params.append(name, one);
	}
	return params;
}
