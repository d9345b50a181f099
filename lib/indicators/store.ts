import { hostKey } from "@/lib/domain/host";
import { type CanonicalValue, type Indicator, TYPE_NUMBERS, typeFromNumber } from "@/lib/domain/indicator";
import { addressBytes, cidrRange } from "@/lib/domain/range";
import { warningFor } from "@/lib/domain/warnings";
import { lit, type Queryable } from "@/lib/platform";

/** First and last address of an address or block, null for anything else. */
export function addressRange(indicator: Indicator): { from: Uint8Array; to: Uint8Array } | null {
	if (indicator.type === "cidr") return cidrRange(indicator.value);
	if (indicator.type !== "ipv4" && indicator.type !== "ipv6") return null;
	const bytes = addressBytes(indicator.value);
	return { from: bytes, to: bytes };
}

export const INDICATOR_COLUMNS = "id,type,value,host_key,ip_from,ip_to,warning,created_at";

/** The VALUES tuple of one indicator, in the order of `INDICATOR_COLUMNS`. */
export function indicatorTuple(id: Buffer, row: { type: number; value: string; warning: string | null }, at: Date): string {
	const indicator: Indicator = { type: typeFromNumber(row.type), value: row.value as CanonicalValue };
	const range = addressRange(indicator);
	const host = hostKey(indicator);
	return `(${lit(id)},${row.type},${lit(row.value)},${lit(host)},${range === null ? "NULL,NULL" : `${lit(range.from)},${lit(range.to)}`},${lit(row.warning)},${lit(at)})`;
}

export interface NewIndicator {
	id: Buffer;
	indicator: Indicator;
}

const STATEMENT_ROWS = 500;

/** Stores indicators that records name, where they are new. Returns how many were. Ascending by id, so that two writers do not deadlock. */
export async function storeIndicators(tx: Queryable, indicators: readonly NewIndicator[], at: Date, ownDomains: readonly string[]): Promise<number> {
	const sorted = [...indicators].sort((a, b) => a.id.compare(b.id));
	let stored = 0;
	for (let from = 0; from < sorted.length; from += STATEMENT_ROWS) {
		const tuples = sorted
			.slice(from, from + STATEMENT_ROWS)
			.map(({ id, indicator }) => indicatorTuple(id, { type: TYPE_NUMBERS[indicator.type], value: indicator.value, warning: warningFor(indicator, ownDomains)?.list ?? null }, at));
		stored += (await tx.execute(`INSERT INTO indicator (${INDICATOR_COLUMNS}) VALUES ${tuples.join(",")} ON DUPLICATE KEY UPDATE id = id`)).affected;
	}
	return stored;
}
