import { isTooBig } from "./errors";

/**
 * Does `work` with all items, in one transaction of its own; where that is too much for the database, with each half, down to
 * single ones. The order is kept, and what was done before a failure stays done.
 */
export async function inHalves<T>(items: readonly T[], work: (part: readonly T[]) => Promise<void>): Promise<void> {
	try {
		await work(items);
	} catch (error) {
		if (items.length < 2 || !isTooBig(error)) throw error;
		const middle = Math.ceil(items.length / 2);
		await inHalves(items.slice(0, middle), work);
		await inHalves(items.slice(middle), work);
	}
}
