/**
 * A body that is made while it is sent; the producer stops when the client is gone. The first part is made before the answer
 * begins: what is wrong with a request shows there and still becomes a status, not a broken download. A HEAD request starts none.
 */
export async function streamed(request: Request, parts: () => AsyncGenerator<string>, headers: Record<string, string>): Promise<Response> {
	const all = { "cache-control": "private, no-store", "x-content-type-options": "nosniff", vary: "accept, authorization, cookie", ...headers };
	if (request.method === "HEAD") return new Response(null, { headers: all });
	const encoder = new TextEncoder();
	const source = parts();
	let next: IteratorResult<string> | null = await source.next();
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { value, done } = next ?? (await source.next());
			next = null;
			if (done === true) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await source.return(undefined);
		},
	});
	return new Response(body, { headers: all });
}
