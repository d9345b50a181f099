import { randomBytes } from "node:crypto";
import type { Queryable } from "@/lib/platform";
import type { OperationContent } from "./content";
import { alertId, putAlerts } from "./outbox";

/**
 * Tells the operators' channel that a source is in trouble or well again, in the transaction that notes that it was told: so it is
 * said once.
 */
export async function operationAlert(tx: Queryable, channel: string, content: Omit<OperationContent, "kind">, at: Date): Promise<void> {
	const id = alertId("operation", String(content.source), content.state, at.toISOString(), randomBytes(8));
	await putAlerts(tx, [{ id, hunter: null, via: "slack", target: channel, content: { kind: "operation", ...content } }], at);
}
