import type { Metadata } from "next";
import Link from "next/link";
import { ForAnalysts } from "@/components/hunters/for-analysts";
import { roleAllows } from "@/lib/auth";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { HunterPage } from "../../../hunter-page";

export const metadata: Metadata = { title: "New hunter" };

function Head() {
	return (
		<>
			<h1 className="text-lg font-semibold">New hunter</h1>
			<p className="max-w-[76ch] text-ink-2">
				A query that every new or changed record is held against. Try it on the last 30 days before it is saved; what it finds from then on is kept and told once.
			</p>
		</>
	);
}

export default async function NewHunterPage({ searchParams }: { searchParams: SearchParams }) {
	const { user } = await pagePrincipal();
	if (!roleAllows(user.role, "analyst")) {
		return (
			<ForAnalysts title="Only analysts make hunters">
				<Link href="/hunters">The hunters there are</Link>
			</ForAnalysts>
		);
	}
	const params = await urlParams(searchParams);
	return <HunterPage head={<Head />} hunter={null} kind={params.get("kind")} query={params.get("query")} name={params.get("name")} />;
}
