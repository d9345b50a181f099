import NextAuth from "next-auth";
import { authOptions } from "@/lib/auth";
import { ExistError } from "@/lib/errors";
import { boundedRequest, openHandler } from "@/lib/http";

type Context = { params: Promise<{ nextauth: string[] }> };

/** Forms of a few fields: whoever sends more means no good, and is not signed in yet. */
const MAX_BODY = 64 * 1024;

async function answer(request: Request, context: Context): Promise<Response> {
	const bounded = await boundedRequest(request, MAX_BODY);
	// The library's own client names the type on requests without a body as well.
	const says = bounded.method === "POST" && bounded.headers.get("content-type")?.includes("application/json") === true;
	if (says) await bounded.clone().json().catch(notJson);
	return (await NextAuth(bounded as never, context as never, authOptions())) as Response;
}

function notJson(): never {
	throw new ExistError("invalid", "The body is not JSON, as its content type says.");
}

const method = (request: Request, context: Context) => openHandler((asked) => answer(asked, context))(request);

export { method as GET, method as POST };
