import type { Metadata } from "next";
import Link from "next/link";
import { Notice } from "@/components/ui/notice";
import { pagePrincipal } from "../../guard";

export const metadata: Metadata = { title: "Hunters" };

/** Where the addresses of the original's hunter pages lead while this release has no hunters. */
export default async function HuntersPage() {
	await pagePrincipal();
	return (
		<>
			<h1 className="text-lg font-semibold">Hunters</h1>
			<Notice title="This release has no hunters">
				<p>
					A hunter is a saved search that is run against new records. Until there are some, the same search can be asked of the API again and again: every list takes <code>search</code> and the time
					of the last answer, and the example in Python on the <Link href="/api-guide">API page</Link> does just that.
				</p>
				<p>
					The search itself: <Link href="/cross">across everything</Link>.
				</p>
			</Notice>
		</>
	);
}
