import { notFound, redirect } from "next/navigation";
import { get, threatAttribute } from "@/lib/trackers";
import { pagePrincipal } from "../../../../guard";
import { decoded } from "../../../../indicator-page";

/** An attribute is shown where it stands: in its event, among those of its type. */
export default async function AttributePage({ params }: { params: Promise<{ id: string }> }) {
	await pagePrincipal();
	const row = await get(threatAttribute, decoded((await params).id));
	if (row === null) notFound();
	const query = new URLSearchParams({ category: row.category, type: row.type, ...(row.deleted ? { deleted: "true" } : {}), ...(row.value.length <= 200 ? { holds: row.value } : {}) });
	redirect(`/threat/event/${row.event.id}?${query}#attributes`);
}
