"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { askForCapture } from "./ask";

/** A URL to be visited, defanged or not. */
export function CaptureForm() {
	const router = useRouter();
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const submit = async (form: FormData) => {
		setBusy(true);
		const profile = form.get("profile") === "phone" ? "phone" : "desktop";
		const { id, fault: said } = await askForCapture({ url: String(form.get("url") ?? ""), profile, again: false });
		setFault(said);
		setBusy(id !== null);
		if (id !== null) router.push(`/captures/${id}`);
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				void submit(new FormData(event.currentTarget));
			}}
			className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-panel px-4 py-3"
		>
			<label className="sr-only" htmlFor="capture-url">
				URL to capture
			</label>
			<input id="capture-url" name="url" required placeholder="hxxp://example[.]com/login" className="field mono min-w-[16rem] flex-1" autoComplete="off" spellCheck={false} />
			<select name="profile" className="field" aria-label="As whom the browser comes">
				<option value="desktop">as a desktop</option>
				<option value="phone">as a phone</option>
			</select>
			<Button type="submit" kind="primary" disabled={busy}>
				{busy ? "Requested…" : "Capture"}
			</Button>
			<p role="status" className={`w-full text-sm ${fault === null ? "text-ink-3" : "text-bad"}`}>
				{fault ?? "A browser here visits the URL on your behalf; the site sees a visitor, and nothing of you."}
			</p>
		</form>
	);
}
