import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { SourceView } from "@/components/capture/source-view";
import { bytesText, shownUrl } from "@/components/capture/words";
import { CopyButton } from "@/components/console/copy-button";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { type CaptureSource, captureSource, captureState, SOURCES, type SourceKind } from "@/lib/capture";
import { ExistError } from "@/lib/errors";
import { pagePrincipal, type SearchParams, urlParams } from "../../../../guard";

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams };

export const metadata: Metadata = { title: "Source of a capture" };

/** Bytes of a source that is copied by a button; larger ones are at hand as plain text. */
const MAX_COPIED = 100_000;

const NAMES: Readonly<Record<SourceKind, string>> = { content: "As sent", markup: "As it had run" };

async function orWords<T>(work: Promise<T>): Promise<T | string> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof ExistError && error.code === "not_found") return error.message;
		throw error;
	}
}

export default async function Page({ params, searchParams }: Props) {
	await pagePrincipal();
	const { id } = await params;
	const state = await orWords(captureState(id));
	if (typeof state === "string") notFound();
	const query = await urlParams(searchParams);
	const kind = SOURCES.find((name) => name === query.get("kind")) ?? "content";
	const page = /^\d{1,6}$/.test(query.get("page") ?? "") ? Number(query.get("page")) : 1;
	const source: CaptureSource | string = await orWords(captureSource(id, kind, page));
	const path = (to: { kind?: SourceKind; page?: number }) => `/captures/${id}/source?kind=${to.kind ?? kind}${to.page === undefined || to.page === 1 ? "" : `&page=${to.page}`}`;
	return (
		<>
			<div className="flex flex-wrap items-start gap-x-4 gap-y-2">
				<h1 className="min-w-0 font-mono text-base font-semibold break-all">Source of {shownUrl(state.capture.finalUrl ?? state.capture.url).slice(0, 300)}</h1>
				<div className="flex flex-wrap gap-2 sm:ml-auto">
					{SOURCES.map((name) => (
						<Link key={name} href={path({ kind: name })} className={buttonClass(name === kind ? "primary" : "plain")} aria-current={name === kind ? "true" : undefined}>
							{NAMES[name]}
						</Link>
					))}
					<a href={`/api/captures/${id}/source?kind=${kind}`} className={buttonClass()}>
						Plain text
					</a>
					{typeof source !== "string" && source.size <= MAX_COPIED && (
						<CopyButton text={source.lines.map(({ continued, pieces }, at) => `${continued || at === 0 ? "" : "\n"}${pieces.map(({ text }) => text).join("")}`).join("")} label="Copy" />
					)}
					<Link href={`/captures/${id}`} className={buttonClass()}>
						Capture
					</Link>
				</div>
			</div>
			{typeof source === "string" ? (
				<Notice title="There is no source to show">
					<p>{source}</p>
				</Notice>
			) : (
				<Panel
					title="Source"
					aside={`${bytesText(source.size)} · ${source.encoding} · ${source.indicators} ${source.indicators === 1 ? "indicator" : "indicators"} on this page${source.pages > 1 ? ` · page ${source.page} of ${source.pages}` : ""}`}
				>
					<SourceView source={source} />
					{source.pages > 1 && (
						<nav aria-label="Pages" className="flex gap-2 border-t border-line px-3 py-2">
							{page > 1 && (
								<Link href={path({ page: page - 1 })} className={buttonClass()} rel="prev">
									Before
								</Link>
							)}
							{page < source.pages && (
								<Link href={path({ page: page + 1 })} className={buttonClass()} rel="next">
									Next
								</Link>
							)}
						</nav>
					)}
				</Panel>
			)}
		</>
	);
}
