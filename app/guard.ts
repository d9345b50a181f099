import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { type Principal, type Role, roleAllows, sessionPrincipal } from "@/lib/auth";

/** Paths of ours only: a sign-in must not lead to somebody else's page. */
export function safePath(path: string | null | undefined): string {
	return path !== null && path !== undefined && /^\/(?![/\\])/.test(path) && !path.includes("\\") ? path : "/";
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

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** A page's search parameters in the form every parser takes. */
export async function urlParams(searchParams: SearchParams): Promise<URLSearchParams> {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(await searchParams)) {
		for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) params.append(name, one);
	}
	return params;
}
