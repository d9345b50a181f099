import type { Metadata } from "next";
import Link from "next/link";
import { IndicatorLink, indicatorPath } from "@/components/indicator";
import { RecordGroups } from "@/components/records/groups";
import { RecordTable } from "@/components/records/record-table";
import { Badge } from "@/components/ui/badge";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { TYPE_WORDS } from "@/lib/domain/indicator";
import { ExistError } from "@/lib/errors";
import { type CrossResult, crossSearch } from "@/lib/search";
import { anyTracker, reputation, shownGroups, shownTable } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../guard";

export const metadata: Metadata = { title: "Cross search" };

const ROWS = 50;

async function read(keyword: string): Promise<{ result: CrossResult | null; refused: string | null }> {
	if (keyword === "") return { result: null, refused: null };
	try {
		return { result: await crossSearch(keyword, { limit: ROWS }), refused: null };
	} catch (error) {
		if (error instanceof ExistError && error.code === "invalid") return { result: null, refused: error.message };
		throw error;
	}
}

const EXAMPLES = ["198.51.100.7", "hxxp://evil[.]example/login.php", "*.duckdns.org", "10.0.0.0/8", "kimsuky", "paypal login"];

function Start() {
	return (
		<Notice title="Search everything at once" heading="h1">
			<p>
				One indicator or a few words, as they come: defanged, with a port, from a report. An IP address also finds blocks that contain it and URLs on it; a domain its subdomains and URLs; a block what
				lies inside.
			</p>
			<p className="flex flex-wrap items-center gap-x-1.5 gap-y-2">
				For example
				{EXAMPLES.map((example) => (
					<Link key={example} href={`/cross?keyword=${encodeURIComponent(example)}`} className="code inline-block">
						{example}
					</Link>
				))}
			</p>
		</Notice>
	);
}

function Understood({ result }: { result: CrossResult }) {
	const count = result.counts.reduce((sum, { count }) => sum + count, 0);
	const more = result.counts.some((tracker) => tracker.more);
	const { query } = result;
	return (
		<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
			<h1 className="text-lg font-semibold">
				{more ? "More than " : ""}
				{count.toLocaleString("en")} {result.records.length > 0 ? (count === 1 ? "record" : "records") : count === 1 ? "sighting" : "sightings"}
			</h1>
			<p className="min-w-0 text-ink-3">
				{query.kind === "indicator" ? (
					<>
						of the {TYPE_WORDS[query.indicator.type]} <IndicatorLink indicator={query.indicator} />
						{query.port !== undefined && ` port ${query.port}`}
					</>
				) : (
					query.kind === "words" && (
						<>
							with the {query.words.length === 1 ? "word" : "words"}{" "}
							{query.words.map((word) => (
								<span key={word} className="mr-1">
									<Badge>{word}</Badge>
								</span>
							))}
						</>
					)
				)}{" "}
				· {result.tookMs < 10 ? result.tookMs.toFixed(1) : Math.round(result.tookMs)} ms
			</p>
			{query.kind === "indicator" && (
				<Link href={indicatorPath(query.indicator)} className={`${buttonClass("primary")} ml-auto`}>
					Everything about it
				</Link>
			)}
		</div>
	);
}

export default async function CrossPage({ searchParams }: { searchParams: SearchParams }) {
	await pagePrincipal();
	const keyword = ((await urlParams(searchParams)).get("keyword") ?? "").trim();
	const { result, refused } = await read(keyword);
	const now = new Date().toISOString();
	if (refused !== null) {
		return (
			<Notice title="This cannot be searched" heading="h1">
				<p>{refused}</p>
			</Notice>
		);
	}
	if (result === null) return <Start />;
	return (
		<>
			<Understood result={result} />
			{result.counts.length > 1 && (
				<p className="flex flex-wrap gap-x-4 text-sm text-ink-3">
					{result.counts.map((one) => (
						<a key={one.tracker} href={one.tracker === reputation.name ? `#${result.groups[0]?.kind ?? ""}` : `#${one.tracker}`} className="hover:underline">
							{result.records.find((group) => group.tracker === one.tracker)?.title ?? reputation.title}{" "}
							<span className="tabular-nums">{`${one.more ? "more than " : ""}${one.count.toLocaleString("en")}`}</span>
						</a>
					))}
				</p>
			)}
			{result.notes.map((note) => (
				<p key={note} className="text-ink-2">
					{note}
				</p>
			))}
			{result.groups.length === 0 && result.records.length === 0 && (
				<Notice title="Nothing in the index">
					<p>No source that is read here lists this. That is no verdict: it may be listed elsewhere, or tomorrow.</p>
					{result.query.kind === "indicator" && (
						<p>
							<Link href={indicatorPath(result.query.indicator)}>Open its page</Link> for links to services that may know it.
						</p>
					)}
				</Notice>
			)}
			{result.groups.map((group) => (
				<Panel
					key={group.kind}
					id={group.kind}
					title={group.title}
					aside={`${group.more ? "more than " : ""}${group.total.toLocaleString("en")}${group.total > group.rows.length ? `, ${group.more ? "" : "the newest "}${group.rows.length} are shown` : ""}`}
				>
					<RecordTable table={shownTable(anyTracker(reputation), group.rows, "subject")} now={now} />
				</Panel>
			))}
			<RecordGroups groups={shownGroups(result.records)} now={now} />
		</>
	);
}
