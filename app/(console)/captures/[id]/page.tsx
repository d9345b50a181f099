import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { CaptureButton } from "@/components/capture/capture-button";
import { ComparisonPanel } from "@/components/capture/comparison";
import { CaptureProgress } from "@/components/capture/progress";
import { RequestsPanel } from "@/components/capture/requests";
import { CertificatePanel, HopsPanel, ResponsePanel } from "@/components/capture/response";
import { Shots } from "@/components/capture/shots";
import { Traces } from "@/components/capture/traces";
import { CaptureVerdict } from "@/components/capture/verdict";
import { CaptureState, shownUrl } from "@/components/capture/words";
import { ActionButton } from "@/components/console/action-button";
import { CopyButton } from "@/components/console/copy-button";
import { Time } from "@/components/time";
import { buttonClass } from "@/components/ui/button";
import { type CaptureDetail, captureParts, compareCapture, findCapture } from "@/lib/capture";
import { ExistError } from "@/lib/errors";
import { pagePrincipal, type SearchParams, urlParams } from "../../../guard";
import { keepCapture } from "../actions";

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams };

export const metadata: Metadata = { title: "Capture" };

/** Content that is worth showing as text. */
const TEXT = /^text\/|[/+](?:json|xml|javascript)\b/;

async function found(id: string): Promise<CaptureDetail> {
	try {
		return await findCapture(id);
	} catch (error) {
		if (error instanceof ExistError && error.code === "not_found") notFound();
		throw error;
	}
}

function Head({ capture, now, analyst, downloadable, readable }: { capture: CaptureDetail; now: string; analyst: boolean; downloadable: boolean; readable: boolean }) {
	const { id, url, profile, pinnedBy, expiresAt, state } = capture;
	const shown = shownUrl(url);
	return (
		<div className="flex flex-wrap items-start gap-x-4 gap-y-2">
			<div className="min-w-0">
				<h1 data-subject="" data-copy={url} data-defanged={shown} className={`font-mono font-semibold break-all ${shown.length > 60 ? "text-base" : "text-lg"}`}>
					{shown.length > 600 ? `${shown.slice(0, 600)}…` : shown} {state === "done" && <CaptureState capture={capture} />}
				</h1>
				<p className="text-sm text-ink-3">
					as a {profile}, asked for by {capture.requestedBy} · <Time at={capture.requestedAt.toISOString()} now={now} /> ·{" "}
					{pinnedBy === null ? (
						<>
							deleted <Time at={expiresAt?.toISOString() ?? null} now={now} as="relative" />
						</>
					) : (
						`kept by ${pinnedBy}`
					)}
				</p>
			</div>
			<div className="flex flex-wrap gap-2 sm:ml-auto">
				<CopyButton text={url} label="Copy" />
				<a href={`/url/${encodeURIComponent(url)}`} className={buttonClass()}>
					Look up
				</a>
				{readable && (
					<a href={`/captures/${id}/source`} className={buttonClass()}>
						Source
					</a>
				)}
				{downloadable && (
					<a href={`/api/captures/${id}/download`} className={buttonClass()} title="A zip with the password infected">
						Zip (infected)
					</a>
				)}
				{analyst && <ActionButton action={keepCapture.bind(null, id, pinnedBy === null)} label={pinnedBy === null ? "Keep" : "Let go"} pendingLabel="…" />}
				{analyst && state === "done" && <CaptureButton url={url} profile={profile} again label="Capture again" kind="primary" />}
			</div>
		</div>
	);
}

/** Compared when everything else is there already: two pictures have to be unpacked. */
async function Changes({ capture, now }: { capture: CaptureDetail; now: string }) {
	const comparison = await compareCapture(capture);
	return comparison === null ? null : <ComparisonPanel id={capture.id} comparison={comparison} now={now} />;
}

export default async function Page({ params, searchParams }: Props) {
	const { user } = await pagePrincipal();
	const { id } = await params;
	const capture = await found(id);
	const now = new Date().toISOString();
	const parts = await captureParts(id);
	const has = (kind: string): boolean => parts.some((part) => part.kind === kind);
	const { result } = capture;
	const head = (
		<Head
			capture={capture}
			now={now}
			analyst={user.role !== "viewer"}
			downloadable={has("content") || has("download")}
			readable={has("markup") || parts.some(({ kind, mediaType }) => kind === "content" && TEXT.test(mediaType))}
		/>
	);
	if (capture.state !== "done") {
		return (
			<>
				{head}
				<CaptureProgress id={id} initial={{ state: capture.state, interrupted: capture.interrupted, requestedAt: capture.requestedAt.toISOString() }} now={now} />
			</>
		);
	}
	const pictures = (["screenshot", "full-page"] as const).filter(has);
	const pictured = pictures.length > 0 || (result?.fullPage ?? null) !== null;
	return (
		<>
			{head}
			<CaptureVerdict capture={capture} />
			{result !== null && (
				<>
					<div className={`grid items-start gap-3 ${pictured ? "lg:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)]" : ""}`}>
						{pictured && <Shots id={id} pictures={pictures} fullPage={result.fullPage} of={capture.finalUrl ?? capture.url} />}
						<div className="grid min-w-0 gap-3">
							<ResponsePanel result={result} />
							<HopsPanel result={result} />
							<CertificatePanel result={result} />
						</div>
					</div>
					<Suspense>
						<Changes capture={capture} now={now} />
					</Suspense>
					<RequestsPanel id={id} result={result} shown={(await urlParams(searchParams)).get("requests")} />
					<Traces result={result} />
				</>
			)}
		</>
	);
}
