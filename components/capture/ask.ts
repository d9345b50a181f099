/** Asks for a capture. A refusal comes back in words. */
export async function askForCapture(asked: { url: string; profile: "desktop" | "phone"; again: boolean }): Promise<{ id: string; fault: null } | { id: null; fault: string }> {
	try {
		const response = await fetch("/api/captures", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked) });
		const body = (await response.json()) as { id?: string; detail?: string };
		if (response.ok && body.id !== undefined) return { id: body.id, fault: null };
		return { id: null, fault: body.detail ?? `The server answered ${response.status}.` };
	} catch {
		return { id: null, fault: "The server does not answer. Try again in a moment." };
	}
}
