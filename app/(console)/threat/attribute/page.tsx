import type { Metadata } from "next";
import { anyTracker, threatAttribute } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { TrackerList } from "../../../tracker-list";

export const metadata: Metadata = { title: "Attributes of threat events" };

export default async function AttributesPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	return <TrackerList tracker={anyTracker(threatAttribute)} asked={await urlParams(searchParams)} />;
}
