import type { Metadata } from "next";
import { CaptureForm } from "@/components/capture/capture-form";
import { CaptureTable } from "@/components/capture/capture-table";
import { Pager } from "@/components/pager";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type CapturePage, listCaptures } from "@/lib/capture";
import { ExistError } from "@/lib/errors";
import { pagePrincipal, type SearchParams, urlParams } from "../../guard";

export const metadata: Metadata = { title: "Captures" };

const ROWS = 30;

/** A filter or cursor that is not understood says so in place of the list. */
async function pageOf(params: URLSearchParams): Promise<CapturePage | string> {
	try {
		return await listCaptures({ url: params.get("url") ?? undefined, cursor: params.get("cursor") ?? undefined, limit: ROWS });
	} catch (error) {
		if (error instanceof ExistError && error.code === "invalid") return error.message;
		throw error;
	}
}

export default async function CapturesPage({ searchParams }: { searchParams: SearchParams }) {
	const { user } = await pagePrincipal();
	const params = await urlParams(searchParams);
	const page = await pageOf(params);
	const filter = params.get("url") ?? "";
	return (
		<>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
				<h1 className="text-lg font-semibold">Captures</h1>
				<p className="text-ink-3">Visits to URLs by a browser of ours, newest first</p>
				<form className="ml-auto flex gap-2" role="search" action="/captures">
					<input name="url" defaultValue={filter} placeholder="URL or host" aria-label="URL or host" className="field mono w-[16rem] max-w-[60vw]" autoComplete="off" spellCheck={false} />
					<Button type="submit">Filter</Button>
				</form>
			</div>
			{user.role !== "viewer" && <CaptureForm />}
			{typeof page === "string" ? (
				<Notice title="This is not understood">
					<p>{page}</p>
				</Notice>
			) : page.captures.length === 0 ? (
				<Notice title={filter === "" ? "Nothing has been captured yet" : "Nothing of it has been captured"}>
					<p>{user.role === "viewer" ? "Analysts can have a URL visited here, or on the page of a URL or domain." : "Give a URL above, or press Capture on the page of a URL or domain."}</p>
				</Notice>
			) : (
				<>
					<CaptureTable captures={page.captures} now={new Date().toISOString()} />
					<Pager path="/captures" params={params} next={page.next} previous={null} />
				</>
			)}
		</>
	);
}
