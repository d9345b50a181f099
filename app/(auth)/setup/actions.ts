"use server";

import { headers } from "next/headers";
import type { ActionResult } from "@/components/console/action-button";
import { createFirstAdministrator, setupTokenMatches } from "@/lib/auth";
import { ExistError, toProblem } from "@/lib/errors";
import { checkOriginHeaders } from "@/lib/http";

/** The first administrator, for whoever holds the installation's set-up token. Open to nobody else, and only once. */
export async function createFirst(_before: ActionResult | null, form: FormData): Promise<ActionResult> {
	try {
		checkOriginHeaders(await headers());
		await setupTokenMatches(String(form.get("token") ?? ""));
		const password = String(form.get("password") ?? "");
		if (password !== String(form.get("again") ?? "")) throw new ExistError("invalid", "The two passwords differ.", { field: "again" });
		await createFirstAdministrator({ email: String(form.get("email") ?? ""), name: String(form.get("name") ?? ""), password });
		return { ok: true, message: "The account is there. Sign in with it." };
	} catch (error) {
		return { ok: false, message: toProblem(error).body.detail };
	}
}
