import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { IndicatorView } from "@/components/indicator-view";
import { indicatorDetail } from "@/lib/search";
import { get, reputation, shownGroups } from "@/lib/trackers";
import { healthNow } from "../../../frame-data";
import { pagePrincipal } from "../../../guard";

export const metadata: Metadata = { title: "Reputation record" };

export default async function ReputationRecordPage({ params }: { params: Promise<{ id: string }> }) {
	await pagePrincipal();
	const record = await get(reputation, (await params).id);
	if (record === null) notFound();
	const [detail, sources] = await Promise.all([indicatorDetail(record.indicator.id), healthNow()]);
	if (detail === null) notFound();
	return (
		<IndicatorView
			indicator={detail.indicator}
			detail={detail}
			record={record}
			records={shownGroups(detail.records)}
			asked={sources.filter(({ tracker, lastOkAt }) => tracker === "reputation" && lastOkAt !== null).length}
			now={new Date().toISOString()}
		/>
	);
}
