"use client";

import { Button } from "@/components/ui/button";

/** A page that failed: what can be done, and the number under which the log has it. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
	return (
		<div role="alert" className="mx-auto max-w-[60ch] px-5 py-16">
			<h1 className="mb-2 text-lg font-semibold">This page could not be made</h1>
			<p className="mb-4 text-ink-2">
				Most often the database does not answer for a moment. Nothing was lost. The server's log has the details
				{error.digest === undefined ? "" : ` under ${error.digest}`}.
			</p>
			<Button kind="primary" onClick={reset}>
				Ask again
			</Button>
		</div>
	);
}
