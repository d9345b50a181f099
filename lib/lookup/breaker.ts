import type { EnricherDefinition } from "@/lib/enrichers/define";
import type { Cache } from "@/lib/platform";

/** Failures in a row, within a time, after which a provider is left alone for a while. */
const FAILURES = 5;
const WITHIN_MS = 120_000;
const OPEN_MS = 60_000;

interface Row {
	failures: number;
	since: number;
	/** left alone until then; 0: it is not */
	until: number;
}

function key(enricher: EnricherDefinition): string {
	return `lookup:breaker:${enricher.id}`;
}

function worse(a: Row | null, b: Row | null): Row | null {
	if (a === null || b === null) return a ?? b;
	return a.until > b.until || (a.until === b.until && a.failures >= b.failures) ? a : b;
}

async function read(enricher: EnricherDefinition, stores: readonly Cache[]): Promise<Row | null> {
	const rows = await Promise.all(stores.map((store) => store.get<Row>(key(enricher))));
	return rows.reduce(worse, null);
}

async function write(enricher: EnricherDefinition, row: Row, stores: readonly Cache[]): Promise<void> {
	await Promise.all(stores.map((store) => store.set(key(enricher), row, (WITHIN_MS + OPEN_MS) / 1000)));
}

/** Until when a provider is left alone, null where it may be asked. After that time one question goes through, and decides. */
export async function leftAlone(enricher: EnricherDefinition, stores: readonly Cache[], now: number): Promise<number | null> {
	if (enricher.manyServers === true) return null;
	const row = await read(enricher, stores);
	if (row === null || row.until === 0) return null;
	if (row.until > now) return row.until;
	// The probe's own end: whoever comes while it is out waits for what it finds.
	await write(enricher, { ...row, until: now + enricher.timeoutMs + 1_000 }, stores);
	return null;
}

/** Notes how a question ended. An answer, also "nothing known", ends the row of failures. */
export async function noteOutcome(enricher: EnricherDefinition, failed: boolean, stores: readonly Cache[], now: number): Promise<void> {
	if (enricher.manyServers === true) return;
	const row = await read(enricher, stores);
	if (!failed) {
		if (row !== null) await Promise.all(stores.map((store) => store.delete(key(enricher))));
		return;
	}
	const goesOn = row !== null && (row.until > 0 || now - row.since <= WITHIN_MS);
	const failures = goesOn ? row.failures + 1 : 1;
	await write(enricher, { failures, since: goesOn ? row.since : now, until: failures >= FAILURES ? now + OPEN_MS : 0 }, stores);
}
