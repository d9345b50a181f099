import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { trackerByPath } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../guard";
import { TrackerList } from "../../tracker-list";

interface Props {
	params: Promise<{ tracker: string }>;
	searchParams: SearchParams;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	return { title: trackerByPath(`/${(await params).tracker}`)?.title ?? "Not found" };
}

/** The list of any tracker that is shown by its definition alone. */
export default async function TrackerListPage({ params, searchParams }: Props) {
	await pagePrincipal();
	const tracker = trackerByPath(`/${(await params).tracker}`);
	if (tracker === undefined) notFound();
	return <TrackerList tracker={tracker} asked={await urlParams(searchParams)} />;
}
