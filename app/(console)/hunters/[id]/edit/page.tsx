import type { Metadata } from "next";
import Link from "next/link";
import { defanged } from "@/components/hunters/defanged";
import { DeleteForm } from "@/components/hunters/delete-form";
import { findHunter } from "../../../../find-hunter";
import { pagePrincipal } from "../../../../guard";
import { HunterPage } from "../../../../hunter-page";
import { deleteHunter } from "../../actions";

export const metadata: Metadata = { title: "Edit a hunter" };

export default async function EditHunterPage({ params }: { params: Promise<{ id: string }> }) {
	await pagePrincipal("analyst");
	const hunter = await findHunter((await params).id);
	return (
		<>
			<h1 className="text-lg font-semibold [overflow-wrap:anywhere]">
				<bdi>{defanged(hunter.name)}</bdi>
			</h1>
			<p className="text-ink-3">
				made by {hunter.createdBy} · a change holds for what comes from then on ·{" "}
				<Link href={`/hunters/${hunter.id}`} className="text-accent underline">
					hits and alerts
				</Link>
			</p>
			<HunterPage hunter={hunter} />
			<DeleteForm action={deleteHunter.bind(null, hunter.id)} name={hunter.name} hits={hunter.hitCount} />
		</>
	);
}
