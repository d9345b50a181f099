"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, type ButtonKind } from "@/components/ui/button";
import { askForCapture } from "./ask";

/** Has a URL visited and leads to the capture: the one of the last minutes, or a new one. */
export function CaptureButton({ url, label, again = false, profile = "desktop", kind = "plain" }: { url: string; label: string; again?: boolean; profile?: "desktop" | "phone"; kind?: ButtonKind }) {
	const router = useRouter();
	const [state, setState] = useState<{ busy: boolean; fault: string | null }>({ busy: false, fault: null });
	const ask = async () => {
		setState({ busy: true, fault: null });
		const { id, fault } = await askForCapture({ url, profile, again });
		setState({ busy: id !== null, fault });
		if (id !== null) router.push(`/captures/${id}`);
	};
	return (
		<span className="inline-flex flex-wrap items-center gap-2">
			<Button kind={kind} disabled={state.busy} onClick={() => void ask()} title="A browser here visits it; the site sees a visitor">
				{state.busy ? "Requested…" : label}
			</Button>
			{state.fault !== null && (
				<span role="alert" className="max-w-[40ch] text-sm text-bad">
					{state.fault}
				</span>
			)}
		</span>
	);
}
