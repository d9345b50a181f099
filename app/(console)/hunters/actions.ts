"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import type { ActionResult } from "@/components/console/action-button";
import type { HunterResult } from "@/components/hunters/hunter-form";
import { deliveryParts, dropAlert, resendAlert, sendTest } from "@/lib/alerts";
import type { User } from "@/lib/auth";
import { ExistError, toProblem } from "@/lib/errors";
import { createHunter, getHunter, kindOf, muteHunter, removeHunter, retrySetAside, switchHunter, updateHunter } from "@/lib/hunters";
import { log } from "@/lib/platform/log";
import { actionPrincipal } from "../../guard";
import { inputOf, placesOf } from "./read-form";

const DAY_MS = 86_400_000;

function refused(error: unknown): HunterResult {
	const problem = toProblem(error);
	if (problem.status >= 500 && !(error instanceof ExistError)) log.error({ err: error }, "action failed");
	return { ok: false, message: problem.body.detail, field: error instanceof ExistError ? (error.field ?? null) : null };
}

/** Asks who it is, does one thing, and says how it went. */
async function acting(work: (user: User) => Promise<string>): Promise<ActionResult> {
	try {
		const { user } = await actionPrincipal("analyst", "run");
		const message = await work(user);
		revalidatePath("/hunters", "layout");
		return { ok: true, message };
	} catch (error) {
		const { ok, message } = refused(error);
		return { ok, message };
	}
}

/** Sends a test to where the form says, or saves what it holds: which of the two says the button. `target`: the hunter that is changed. */
export async function submitHunter(target: { id: string; revision: number } | null, _before: HunterResult | null, form: FormData): Promise<HunterResult> {
	let id: string;
	try {
		const { user } = await actionPrincipal("analyst", "run");
		const before = target === null ? null : await getHunter(String(target.id));
		const input = inputOf(form, before);
		if (form.get("intent") !== "save") {
			const sent = await sendTest({ hunter: before?.id ?? null, name: input.name, kind: input.kind, ...placesOf(input) }, user.email, deliveryParts(kindOf));
			const places = [...(input.slack ? [sent.ok ? `#${sent.channel}` : ""] : []), ...(typeof input.webhook === "string" ? ["the webhook"] : [])];
			return { ok: sent.ok, message: sent.ok ? `A test was sent to ${places.join(" and ")}. Nothing is saved yet.` : sent.reason, field: null };
		}
		const saved = before === null ? await createHunter(input, user.email) : await updateHunter(before.id, input, Number(target?.revision), user.email);
		revalidatePath("/hunters", "layout");
		if (saved.webhookSecret !== null) return { ok: true, message: "Saved.", field: null, saved: { id: saved.id, name: saved.name, secret: saved.webhookSecret } };
		id = saved.id;
	} catch (error) {
		return refused(error);
	}
	redirect(`/hunters/${id}`);
}

/** Deletes a hunter whose name was typed. */
export async function deleteHunter(id: string, _before: ActionResult | null, form: FormData): Promise<ActionResult> {
	try {
		const { user } = await actionPrincipal("analyst", "run");
		const hunter = await getHunter(String(id));
		if (String(form.get("confirm") ?? "").trim() !== hunter.name.trim()) throw new ExistError("invalid", "That is not its name. Type it as it stands here, or leave it.", { field: "confirm" });
		await removeHunter(hunter.id, user.email);
	} catch (error) {
		const { ok, message } = refused(error);
		return { ok, message };
	}
	revalidatePath("/hunters", "layout");
	redirect("/hunters");
}

export async function enableHunter(id: string, enabled: boolean): Promise<ActionResult> {
	return acting(async ({ email }) => {
		await switchHunter(String(id), enabled === true, email);
		return enabled === true ? "Switched on." : "Switched off.";
	});
}

/** Keeps hits without telling them for a day from now, or tells them again. */
export async function muteHunterForDay(id: string, muted: boolean): Promise<ActionResult> {
	return acting(async ({ email }) => {
		await muteHunter(String(id), muted === true ? new Date(Date.now() + DAY_MS) : null, email);
		return muted === true ? "Muted for a day." : "Not muted any more.";
	});
}

export async function resendHunterAlert(id: string): Promise<ActionResult> {
	return acting(async ({ email }) => {
		await resendAlert(String(id), email);
		return "It goes out again.";
	});
}

export async function dropHunterAlert(id: string): Promise<ActionResult> {
	return acting(async ({ email }) => {
		await dropAlert(String(id), email);
		return "Dropped.";
	});
}

/** Has news that was given up looked at once more. */
export async function retryNews(id: string): Promise<ActionResult> {
	return acting(async ({ email }) => {
		await retrySetAside(String(id), email);
		return "It is looked at again.";
	});
}
