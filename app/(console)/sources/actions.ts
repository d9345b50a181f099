"use server";

import { revalidatePath } from "next/cache";
import type { ActionResult } from "@/components/console/action-button";
import type { Role, User } from "@/lib/auth";
import { ExistError, shown, toProblem } from "@/lib/errors";
import { findSource, finishHeld, ingestContext, setSourceEnabled } from "@/lib/ingest";
import { requestRun } from "@/lib/jobs";
import { log } from "@/lib/platform/log";
import { actionPrincipal } from "../../guard";

/** Asks who it is, does one thing, and says how it went. Every action below goes through here. */
async function acting(role: Role, work: (user: User) => Promise<string>): Promise<ActionResult> {
	try {
		const { user } = await actionPrincipal(role, "run");
		const message = await work(user);
		revalidatePath("/sources", "layout");
		return { ok: true, message };
	} catch (error) {
		const problem = toProblem(error);
		if (problem.status >= 500) log.error({ err: error }, "action failed");
		return { ok: false, message: problem.body.detail };
	}
}

/** Arguments of an action are whatever a client sends: the number of a source, of the catalogue or added by somebody, or `not_found`. */
async function known(source: unknown): Promise<number> {
	if (typeof source !== "number") throw new ExistError("not_found", `There is no source "${shown(String(source), 40)}".`);
	return (await findSource(source, ingestContext())).number;
}

export async function runNow(source: number): Promise<ActionResult> {
	return acting("analyst", async (user) => {
		await requestRun(await known(source), "manual", user.email);
		return "Requested.";
	});
}

export async function enableSource(source: number, enabled: boolean): Promise<ActionResult> {
	return acting("administrator", async (user) => {
		await setSourceEnabled(await known(source), enabled === true, user.email);
		return enabled ? "Enabled." : "Disabled.";
	});
}

export async function decideHeld(source: number, decision: "accept" | "reject"): Promise<ActionResult> {
	return acting("administrator", async (user) => {
		if (decision !== "accept" && decision !== "reject") throw new ExistError("invalid", "The decision is neither accept nor reject.", { field: "decision" });
		await finishHeld(await known(source), decision, user.email);
		if (decision === "accept") await requestRun(source, "manual", user.email);
		return decision === "accept" ? "The new rows are being taken over." : "The old rows stay.";
	});
}
