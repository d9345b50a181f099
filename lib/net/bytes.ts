/** What was looked at ahead, then the rest. */
export async function* chain(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
	try {
		yield* head;
		for (;;) {
			const { value, done } = await rest.next();
			if (done === true) return;
			yield value;
		}
	} finally {
		await rest.return?.();
	}
}

/** Bytes that are being gathered. One buffer that grows: a body sent byte by byte must not become a million buffers. */
export class Gathered {
	#buffer: Buffer = Buffer.alloc(0);
	#length = 0;

	get length(): number {
		return this.#length;
	}

	/** The last byte, or undefined where there is none. */
	get last(): number | undefined {
		return this.#length === 0 ? undefined : this.#buffer[this.#length - 1];
	}

	append(chunk: Uint8Array): void {
		const need = this.#length + chunk.length;
		if (need > this.#buffer.length) {
			const larger = Buffer.allocUnsafeSlow(Math.max(need, this.#buffer.length * 2, 4096));
			this.#buffer.copy(larger, 0, 0, this.#length);
			this.#buffer = larger;
		}
		this.#buffer.set(chunk, this.#length);
		this.#length = need;
	}

	/** Everything so far; the next `append` begins anew. */
	take(): Buffer {
		const whole = this.#buffer.subarray(0, this.#length);
		this.#buffer = Buffer.alloc(0);
		this.#length = 0;
		return whole;
	}
}
