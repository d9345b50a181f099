import type { Queryable } from "@/lib/platform";
import { type PreparedRecord, type RecordStore, type SetAsideItem, type StoreContext, UnusableItem } from "./define";
import { writeRecords } from "./write";

/** The store of a tracker whose records are one row each: `prepare` is all that is peculiar to it, and pure. `also` is told which were written. */
export function tableStore<Item>(
	target: { tracker: string; table: string },
	prepare: (item: Item, context: StoreContext) => PreparedRecord,
	also: (tx: Queryable, written: readonly Buffer[], context: StoreContext) => Promise<void> = async () => {},
): RecordStore<Item> {
	return {
		async store(tx, items, context) {
			const records: PreparedRecord[] = [];
			const setAside: SetAsideItem[] = [];
			for (const { item, where } of items) {
				try {
					records.push(prepare(item, context));
				} catch (error) {
					if (!(error instanceof UnusableItem)) throw error;
					setAside.push({ where, reason: error.message, excerpt: JSON.stringify(item).slice(0, 480) });
				}
			}
			const counts = await writeRecords(tx, target, records, context, (fresh, changed) =>
				also(
					tx,
					[...fresh, ...changed].map(({ id }) => id),
					context,
				),
			);
			return { ...counts, setAside };
		},
	};
}
