import type { Metadata } from "next";
import Link from "next/link";
import { defanged } from "@/components/hunters/defanged";
import { DeleteForm } from "@/components/hunters/delete-form";
import { ForAnalysts } from "@/components/hunters/for-analysts";
import { roleAllows } from "@/lib/auth";
import type { Hunter } from "@/lib/hunters/hunter";
import { findHunter } from "../../../../find-hunter";
import { pagePrincipal } from "../../../../guard";
import { HunterPage } from "../../../../hunter-page";
import { deleteHunter } from "../../actions";

export const metadata: Metadata = { title: "Edit a hunter" };

function Head({ hunter }: { hunter: Hunter }) {
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
		</>
	);
}

export default async function EditHunterPage({ params }: { params: Promise<{ id: string }> }) {
	const { user } = await pagePrincipal();
	const hunter = await findHunter((await params).id);
	if (!roleAllows(user.role, "analyst")) {
		return (
			<ForAnalysts title="Only analysts change hunters">
				<Link href={`/hunters/${hunter.id}`}>Its hits and alerts</Link>
			</ForAnalysts>
		);
	}
	return (
		<>
			<HunterPage head={<Head hunter={hunter} />} hunter={hunter} />
			<DeleteForm action={deleteHunter.bind(null, hunter.id)} name={hunter.name} hits={hunter.hitCount} />
		</>
	);
}
