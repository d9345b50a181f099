import { randomBytes } from "node:crypto";
import { database, lit, type Queryable } from "@/lib/platform";

/**
 * Notes who changed what. Pass the transaction of the change, so that neither exists without the other. `actor` is a user's
 * e-mail address, `system` or `cli`. `id`: where the same cause must be noted once.
 */
export async function audit(actor: string, action: string, subject: string, detail: Readonly<Record<string, unknown>> = {}, tx: Queryable = database(), id: Buffer = randomBytes(16)): Promise<void> {
	await tx.execute(
		`INSERT INTO audit_entry (id, at, actor, action, subject, detail) VALUES (${lit(id)},${lit(new Date())},${lit(actor.slice(0, 254))},${lit(action)},${lit(subject.slice(0, 255))},${lit(JSON.stringify(detail))})`,
	);
}
