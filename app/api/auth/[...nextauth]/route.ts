import NextAuth from "next-auth";
import { authOptions } from "@/lib/auth";

type Context = { params: Promise<{ nextauth: string[] }> };

async function answer(request: Request, context: Context): Promise<Response> {
	return (await NextAuth(request as never, context as never, authOptions())) as Response;
}

export { answer as GET, answer as POST };
