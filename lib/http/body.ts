import { NextRequest } from "next/server";
import type { z } from "zod";
import { ExistError } from "@/lib/errors";

/**
 * The request with its body read, at most `max` bytes of it. For handlers of packages that read any body whole before they ask who
 * sent it; the length a client states is no protection, a chunked body states none. Throws `too_large`.
 */
export async function boundedRequest(request: Request, max: number): Promise<NextRequest> {
	const { method, headers, url, body } = request;
	if (body === null) return new NextRequest(url, { method, headers });
	const chunks: Uint8Array[] = [];
	let size = 0;
	// Leaving the loop ends the stream, so nothing beyond the limit is read.
	for await (const chunk of body) {
		size += chunk.length;
		if (size > max) throw new ExistError("too_large", `The body is larger than ${max.toLocaleString("en")} bytes.`);
		chunks.push(chunk);
	}
	return new NextRequest(url, { method, headers, ...(size === 0 ? {} : { body: Buffer.concat(chunks) }) });
}

/** The JSON body of a request as the schema has it. Throws `invalid`, naming the field, and `too_large`. */
export async function jsonBody<Schema extends z.ZodType>(request: Request, schema: Schema, max = 64 * 1024): Promise<z.output<Schema>> {
	const text = await (await boundedRequest(request, max)).text();
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		throw new ExistError("invalid", text.trim() === "" ? "The request has no body. Send JSON." : "The body is no JSON.");
	}
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const field = issue?.path.join(".") ?? "";
	throw new ExistError("invalid", `${field === "" ? "The body" : `"${field}"`}: ${issue?.message ?? "is not understood"}.`, field === "" ? {} : { field });
}
