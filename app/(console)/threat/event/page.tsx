import type { Metadata } from "next";
import { anyTracker, threatEvent } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { TrackerList } from "../../../tracker-list";

export const metadata: Metadata = { title: "Threat events" };

export default async function EventsPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	return <TrackerList tracker={anyTracker(threatEvent)} asked={await urlParams(searchParams)} />;
}
