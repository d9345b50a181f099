import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { SetupForm } from "@/components/console/setup-form";
import { hasUsers } from "@/lib/auth";
import { createFirst } from "./actions";

export const metadata: Metadata = { title: "Set-up" };

export default async function SetupPage() {
	if (await hasUsers()) redirect("/sign-in");
	return (
		<>
			<h1 className="mb-1 text-lg font-semibold">First administrator</h1>
			<p className="mb-4 text-sm text-ink-2">
				The token is the value of <code className="code">EXIST_SETUP_TOKEN</code>. Afterwards this page is closed.
			</p>
			<SetupForm action={createFirst} />
			<p className="mt-4 text-sm">
				<Link href="/sign-in" className="text-accent">
					Sign in
				</Link>
			</p>
		</>
	);
}
