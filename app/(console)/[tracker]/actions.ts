"use server";

import { revalidatePath } from "next/cache";
import type { ActionResult } from "@/components/console/action-button";
import { ExistError, toProblem } from "@/lib/errors";
import { followLinks, readExploitText } from "@/lib/ingest";
import { log } from "@/lib/platform/log";
import { actionPrincipal } from "../../guard";

/** What an analyst can have done about a record, by tracker and name (`RecordView.actions`). */
const ACTIONS: Readonly<Record<string, (id: string, actor: string) => Promise<string>>> = {
	"exploit read-text": readExploitText,
	"twitter follow-links": followLinks,
};

/** Asks who it is, does it, and says how it went. */
export async function actOnRecord(tracker: string, id: string, name: string): Promise<ActionResult> {
	try {
		const principal = await actionPrincipal("analyst", "run", "search");
		const action = Object.hasOwn(ACTIONS, `${tracker} ${name}`) ? ACTIONS[`${tracker} ${name}`] : undefined;
		if (action === undefined) throw new ExistError("not_found", "This cannot be done about it.");
		const message = await action(id, principal.user.email);
		revalidatePath("/(console)/[tracker]/[id]", "page");
		return { ok: true, message };
	} catch (error) {
		const problem = toProblem(error);
		if (problem.status >= 500) log.error({ err: error }, "action failed");
		return { ok: false, message: problem.body.detail };
	}
}
