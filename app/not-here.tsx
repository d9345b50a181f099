import Link from "next/link";

/** What a page says whose record or address does not exist. */
export function NotHere() {
	return (
		<div className="mx-auto max-w-[60ch] px-5 py-16">
			<h1 className="mb-2 text-lg font-semibold">There is nothing here</h1>
			<p className="mb-4 text-ink-2">The record or page does not exist. Records are never deleted by reading sources, so the address may be incomplete.</p>
			<p className="flex gap-4">
				<Link href="/" className="text-accent">
					Overview
				</Link>
				<Link href="/cross" className="text-accent">
					Search
				</Link>
			</p>
		</div>
	);
}
