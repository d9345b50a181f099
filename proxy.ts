import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { ExistError, toProblem } from "@/lib/errors";

/**
 * The content security policy, with a nonce for each request. Authorisation is not decided here: every page, action and
 * handler asks for its own principal.
 */
export function proxy(request: NextRequest): NextResponse {
	const { pathname } = request.nextUrl;
	const isApi = pathname.startsWith("/api/");
	if (!isDecodable(pathname)) return isApi ? problem() : new NextResponse(UNDECODABLE, { status: 400 });
	if (isApi) return NextResponse.next();
	const nonce = randomBytes(16).toString("base64");
	const development = process.env.NODE_ENV === "development";
	const policy = [
		"default-src 'self'",
		`script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
		`style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
		// Widths of bars and intervals are style attributes; they hold numbers of ours, never text of others.
		"style-src-attr 'unsafe-inline'",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	].join("; ");
	const headers = new Headers(request.headers);
	headers.set("x-nonce", nonce);
	headers.set("x-path", request.nextUrl.pathname + request.nextUrl.search);
	headers.set("content-security-policy", policy);
	const response = NextResponse.next({ request: { headers } });
	response.headers.set("content-security-policy", policy);
	return response;
}

const UNDECODABLE = "The address holds a % that begins no character. Write it as %25.";

/** As every other error of the Web API. */
function problem(): NextResponse {
	const { status, body } = toProblem(new ExistError("invalid", UNDECODABLE));
	return NextResponse.json(body, { status, headers: { "cache-control": "private, no-store", "x-content-type-options": "nosniff" } });
}

/** Next itself answers 500 to a path such as `/ip/%E0%A4%A`. */
function isDecodable(path: string): boolean {
	try {
		decodeURIComponent(path);
		return true;
	} catch {
		return false;
	}
}

export const config = {
	// Of the Web API only addresses with a %: Next copies the body of what goes through here, and cuts it at 10 MB.
	matcher: [{ source: "/((?!api/|_next/static|_next/image|favicon.svg).*)" }, { source: "/api/(.*%.*)" }],
};
