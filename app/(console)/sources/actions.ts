"use server";

import { revalidatePath } from "next/cache";
import type { ActionResult } from "@/components/console/action-button";
import { allow, type Role, sessionPrincipal, type User } from "@/lib/auth";
import { toProblem } from "@/lib/errors";
import { finishHeld, setSourceEnabled } from "@/lib/ingest";
import { requestRun } from "@/lib/jobs";
import { log } from "@/lib/platform/log";

/** Asks who it is, does one thing, and says how it went. Every action below goes through here. */
async function acting(role: Role, work: (user: User) => Promise<string>): Promise<ActionResult> {
	try {
		const principal = await sessionPrincipal();
		allow(principal, role, "run");
		const message = await work(principal.user);
		revalidatePath("/sources", "layout");
		return { ok: true, message };
	} catch (error) {
		const problem = toProblem(error);
		if (problem.status >= 500) log.error({ err: error }, "action failed");
		return { ok: false, message: problem.body.detail };
	}
}

export async function runNow(source: number): Promise<ActionResult> {
	return acting("analyst", async (user) => {
		await requestRun(source, "manual", user.email);
		return "Requested.";
	});
}

export async function enableSource(source: number, enabled: boolean): Promise<ActionResult> {
	return acting("administrator", async (user) => {
		await setSourceEnabled(source, enabled, user.email);
		return enabled ? "Enabled." : "Disabled.";
	});
}

export async function decideHeld(source: number, decision: "accept" | "reject"): Promise<ActionResult> {
	return acting("administrator", async (user) => {
		await finishHeld(source, decision, user.email);
		if (decision === "accept") await requestRun(source, "manual", user.email);
		return decision === "accept" ? "The new rows are being taken over." : "The old rows stay.";
	});
}
