"use client";

import { type ReactNode, useRef } from "react";

/** A filter form that applies itself when a choice is made; typing applies on Enter. Its fields flow with what stands beside the form. Without scripts there is its button. */
export function AutoSubmit({ action, children, label }: { action: string; children: ReactNode; label: string }) {
	const form = useRef<HTMLFormElement>(null);
	return (
		<form
			ref={form}
			action={action}
			aria-label={label}
			onChange={(event) => {
				if (event.target instanceof HTMLSelectElement || (event.target instanceof HTMLInputElement && event.target.type === "checkbox")) form.current?.requestSubmit();
			}}
			onSubmit={(event) => {
				// Empty fields have no place in an address that is passed on.
				for (const field of event.currentTarget.elements) {
					if ((field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && field.value === "") field.disabled = true;
				}
			}}
			className="contents"
		>
			{children}
			<noscript>
				<button type="submit">Apply</button>
			</noscript>
		</form>
	);
}
