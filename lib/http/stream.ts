/** A body that is made while it is sent; the producer stops when the client is gone. */
export function streamed(parts: AsyncGenerator<string>, headers: Record<string, string>): Response {
	const encoder = new TextEncoder();
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { value, done } = await parts.next();
			if (done === true) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await parts.return(undefined);
		},
	});
	return new Response(body, { headers: { "cache-control": "private, no-store", "x-content-type-options": "nosniff", ...headers } });
}
