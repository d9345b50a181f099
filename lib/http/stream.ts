/**
 * A body that is made while it is sent; the producer stops when the client is gone. The first part is made before the answer
 * begins: what is wrong with a request shows there and still becomes a status, not a broken download. A HEAD request starts none.
 * A reader that takes nothing for `stallMs` gets a broken body, where the producer holds what others wait for.
 */
export async function streamed(request: Request, parts: () => AsyncGenerator<string>, headers: Record<string, string>, stallMs?: number): Promise<Response> {
	const all = { "cache-control": "private, no-store", "x-content-type-options": "nosniff", vary: "accept, authorization, cookie", ...headers };
	if (request.method === "HEAD") return new Response(null, { headers: all });
	const encoder = new TextEncoder();
	const source = parts();
	let next: IteratorResult<string> | null = await source.next();
	let stalled: NodeJS.Timeout | undefined;
	const patient = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
		if (stallMs === undefined) return;
		stalled = setTimeout(() => {
			controller.error(new Error(`nobody read the answer for ${stallMs} ms`));
			void source.return(undefined);
		}, stallMs);
		stalled.unref();
	};
	const body = new ReadableStream<Uint8Array>({
		async pull(controller) {
			clearTimeout(stalled);
			const { value, done } = next ?? (await source.next());
			next = null;
			if (done === true) return controller.close();
			controller.enqueue(encoder.encode(value));
			patient(controller);
		},
		async cancel() {
			clearTimeout(stalled);
			await source.return(undefined);
		},
	});
	return new Response(body, { headers: all });
}

/** Gives a place back when what needs it has ended, however it ends. */
export async function* untilDone(parts: AsyncGenerator<string>, giveBack: () => void): AsyncGenerator<string> {
	try {
		yield* parts;
	} finally {
		giveBack();
	}
}
