import type { Metadata } from "next";
import { FeedPage } from "../../../feed-page";
import { pagePrincipal } from "../../../guard";

export const metadata: Metadata = { title: "Add a feed" };

export default async function NewFeedPage() {
	await pagePrincipal("analyst");
	return (
		<>
			<h1 className="text-lg font-semibold">Add a feed</h1>
			<p className="max-w-[76ch] text-ink-2">A list, a table, a JSON document or a news feed becomes a source without code. Look at what it gives before it is saved; nothing is stored until then.</p>
			<FeedPage feed={null} />
		</>
	);
}
