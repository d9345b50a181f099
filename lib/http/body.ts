import { NextRequest } from "next/server";
import type { z } from "zod";
import { ExistError } from "@/lib/errors";

/**
 * The request with its body read, at most `max` bytes of it, in `withinMs` at most where that is given. For handlers of packages
 * that read any body whole before they ask who sent it; the length a client states is no protection, a chunked body states none.
 * Throws `too_large`, and `invalid` for a body that comes too slowly.
 */
export async function boundedRequest(request: Request, max: number, withinMs?: number): Promise<NextRequest> {
	const { method, headers, url, body } = request;
	if (body === null) return new NextRequest(url, { method, headers });
	const chunks: Uint8Array[] = [];
	let size = 0;
	let late = false;
	const reader = body.getReader();
	const end = (): void => {
		late = true;
		reader.cancel().catch(() => {});
	};
	const timer = withinMs === undefined ? undefined : setTimeout(end, withinMs);
	try {
		for (let read = await reader.read(); !read.done; read = await reader.read()) {
			size += read.value.length;
			if (size > max) {
				// Nothing beyond the limit is read.
				await reader.cancel();
				throw new ExistError("too_large", `The body is larger than ${max.toLocaleString("en")} bytes.`);
			}
			chunks.push(read.value);
		}
	} finally {
		clearTimeout(timer);
	}
	if (late) throw new ExistError("invalid", `The body did not arrive within ${Math.round((withinMs ?? 0) / 1000)} seconds. Pack it with gzip, or send fewer values a call.`);
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
