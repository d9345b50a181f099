/**
 * A body that is made while it is sent; the producer stops when the client is gone. The first part is made before the answer
 * begins: what is wrong with a request shows there and still becomes a status, not a broken download.
 */
export async function streamed(parts: AsyncGenerator<string>, headers: Record<string, string>): Promise<Response> {
	const encoder = new TextEncoder();
	let next: IteratorResult<string> | null = await parts.next();
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { value, done } = next ?? (await parts.next());
			next = null;
			if (done === true) controller.close();
			else controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await parts.return(undefined);
		},
	});
	return new Response(body, { headers: { "cache-control": "private, no-store", "x-content-type-options": "nosniff", ...headers } });
}
