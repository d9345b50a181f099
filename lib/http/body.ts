import { NextRequest } from "next/server";
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
