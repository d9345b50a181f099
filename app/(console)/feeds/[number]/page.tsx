import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Notice } from "@/components/ui/notice";
import { ExistError } from "@/lib/errors";
import { customFeed } from "@/lib/feeds";
import { FeedPage } from "../../../feed-page";
import { pagePrincipal } from "../../../guard";

export const metadata: Metadata = { title: "Edit a feed" };

async function find(text: string) {
	try {
		return await customFeed(/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN);
	} catch (error) {
		if (error instanceof ExistError && error.code === "not_found") return null;
		throw error;
	}
}

export default async function EditFeedPage({ params }: { params: Promise<{ number: string }> }) {
	await pagePrincipal("analyst");
	const feed = await find((await params).number);
	if (feed === null) notFound();
	return (
		<>
			<h1 className="text-lg font-semibold">{feed.draft.name}</h1>
			<p className="text-ink-3">
				number {feed.number} · added by {feed.createdBy} ·{" "}
				<Link href={`/sources/feed-${feed.number}`} className="text-accent">
					state and runs
				</Link>
			</p>
			{feed.locked && (
				<Notice title="Its key cannot be opened any more">
					<p>NEXTAUTH_SECRET changed since it was stored. Enter key and headers again and save.</p>
				</Notice>
			)}
			<FeedPage feed={feed} />
		</>
	);
}
