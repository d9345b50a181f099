"use server";

import { revalidatePath } from "next/cache";
import type { ActionResult } from "@/components/console/action-button";
import { createApiKey, revokeApiKey, roleAllows } from "@/lib/auth";
import { ExistError, toProblem } from "@/lib/errors";
import { actionPrincipal } from "../../guard";

export interface NewKeyResult extends ActionResult {
	/** shown once */
	secret?: string;
}

const MAX_DAYS = 3650;

function expiry(text: FormDataEntryValue | null): Date | null {
	const days = String(text ?? "").trim();
	if (days === "") return null;
	if (!/^\d{1,4}$/.test(days) || Number(days) < 1 || Number(days) > MAX_DAYS) {
		throw new ExistError("invalid", `"${days.slice(0, 20)}" is no number of days from 1 to ${MAX_DAYS}.`, { field: "days" });
	}
	return new Date(Date.now() + Number(days) * 86_400_000);
}

export async function addKey(_before: NewKeyResult | null, form: FormData): Promise<NewKeyResult> {
	try {
		const principal = await actionPrincipal("viewer", "read");
		const scopes = ["read", ...form.getAll("scope").map(String)];
		const key = await createApiKey({ userId: principal.user.id, name: String(form.get("name") ?? ""), scopes, expiresAt: expiry(form.get("days")) }, principal.user.email);
		revalidatePath("/account");
		return { ok: true, message: "Copy the key now: it is not shown again.", secret: key.secret };
	} catch (error) {
		return { ok: false, message: toProblem(error).body.detail };
	}
}

export async function revokeKey(id: string): Promise<ActionResult> {
	try {
		const principal = await actionPrincipal("viewer", "read");
		// Arguments of an action are whatever a client sends. Administrators end anybody's key.
		await revokeApiKey(typeof id === "string" ? id : "", roleAllows(principal.user.role, "administrator") ? null : principal.user.id, principal.user.email);
		revalidatePath("/account");
		return { ok: true, message: "Revoked." };
	} catch (error) {
		return { ok: false, message: toProblem(error).body.detail };
	}
}
