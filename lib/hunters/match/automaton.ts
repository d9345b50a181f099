/**
 * Finds many texts in one pass (Aho and Corasick, 1975): each node is a beginning of some pattern, and knows the longest other
 * beginning that its own ending is.
 */
export class Automaton {
	readonly #next: Array<Map<number, number>> = [new Map()];
	readonly #fail: number[] = [0];
	/** the pattern that ends here, or -1 */
	readonly #ends: number[] = [-1];
	/** the nearest node on the way of failures at which a pattern ends, or 0 */
	readonly #also: number[] = [0];
	readonly #lengths: number[] = [];

	/** Patterns by their index; an empty one is found nowhere. Each should be given once. */
	constructor(patterns: readonly string[]) {
		for (const [index, pattern] of patterns.entries()) {
			this.#lengths.push(pattern.length);
			if (pattern === "") continue;
			let node = 0;
			for (let at = 0; at < pattern.length; at++) {
				const code = pattern.charCodeAt(at);
				let to = this.#next[node]?.get(code);
				if (to === undefined) {
					to = this.#next.length;
					this.#next.push(new Map());
					this.#fail.push(0);
					this.#ends.push(-1);
					this.#also.push(0);
					this.#next[node]?.set(code, to);
				}
				node = to;
			}
			this.#ends[node] = index;
		}
		this.#link();
	}

	#link(): void {
		const queue = [...(this.#next[0]?.values() ?? [])];
		for (let at = 0; at < queue.length; at++) {
			const node = queue[at] as number;
			for (const [code, to] of this.#next[node] as Map<number, number>) {
				const fail = this.#step(this.#fail[node] as number, code);
				this.#fail[to] = fail;
				this.#also[to] = (this.#ends[fail] as number) >= 0 ? fail : (this.#also[fail] as number);
				queue.push(to);
			}
		}
	}

	#step(from: number, code: number): number {
		let node = from;
		for (;;) {
			const to = (this.#next[node] as Map<number, number>).get(code);
			if (to !== undefined) return to;
			if (node === 0) return 0;
			node = this.#fail[node] as number;
		}
	}

	/** Tells every place at which a pattern stands, overlapping ones too, in the order of their ends. */
	scan(text: string, found: (pattern: number, from: number, to: number) => void): void {
		let node = 0;
		for (let at = 0; at < text.length; at++) {
			node = this.#step(node, text.charCodeAt(at));
			for (let end = node; end !== 0; end = this.#also[end] as number) {
				const pattern = this.#ends[end] as number;
				if (pattern >= 0) found(pattern, at + 1 - (this.#lengths[pattern] as number), at + 1);
			}
		}
	}
}
