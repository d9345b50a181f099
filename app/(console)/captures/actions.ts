"use server";

import { revalidatePath } from "next/cache";
import type { ActionResult } from "@/components/console/action-button";
import { pinCapture } from "@/lib/capture";
import { toProblem } from "@/lib/errors";
import { log } from "@/lib/platform/log";
import { actionPrincipal } from "../../guard";

/** Keeps a capture beyond its time, or lets it go. */
export async function keepCapture(id: string, kept: boolean): Promise<ActionResult> {
	try {
		const { user } = await actionPrincipal("analyst", "capture");
		await pinCapture(String(id), kept === true, user.email);
	} catch (error) {
		const problem = toProblem(error);
		if (problem.status >= 500) log.error({ err: error }, "action failed");
		return { ok: false, message: problem.body.detail };
	}
	revalidatePath(`/captures/${id}`);
	return { ok: true, message: kept ? "Kept." : "Let go." };
}
