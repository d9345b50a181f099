"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";

/** Copies a text; says so for a moment. A text that takes work to make is made when it is wanted. */
export function CopyButton({ text, label }: { text: string | (() => string); label: string }) {
	const [state, setState] = useState<"idle" | "done" | "failed">("idle");
	useEffect(() => {
		if (state === "idle") return;
		const timer = setTimeout(() => setState("idle"), 1500);
		return () => clearTimeout(timer);
	}, [state]);
	const copy = () =>
		navigator.clipboard.writeText(typeof text === "string" ? text : text()).then(
			() => setState("done"),
			() => setState("failed"),
		);
	return <Button onClick={() => void copy()}>{state === "idle" ? label : state === "done" ? "Copied" : "Not allowed"}</Button>;
}
