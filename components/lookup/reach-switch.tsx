"use client";

import { useRouter } from "next/navigation";
import { useId, useOptimistic, useTransition } from "react";
import type { Reach } from "@/lib/lookup";
import { keepReach, REACH_CHOICES } from "./reach";

/** Who may be asked: kept in a cookie, so that the server holds to it from the first moment of every page. */
export function ReachSwitch({ reach }: { reach: Reach }) {
	const router = useRouter();
	const name = useId();
	const [changing, change] = useTransition();
	const [shown, show] = useOptimistic(reach);
	const choose = (value: Reach) => {
		keepReach(value);
		change(() => {
			show(value);
			router.refresh();
		});
	};
	return (
		<fieldset className="flex flex-wrap gap-1 text-sm" aria-busy={changing}>
			<legend className="sr-only">Services to ask</legend>
			{REACH_CHOICES.map(({ value, label, says }) => (
				<label
					key={value}
					title={says}
					className="relative cursor-pointer rounded-md border border-line-strong px-2.5 py-1 text-ink-2 hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
				>
					<input type="radio" name={name} value={value} checked={value === shown} onChange={() => choose(value)} className="sr-only" />
					{label}
				</label>
			))}
		</fieldset>
	);
}
