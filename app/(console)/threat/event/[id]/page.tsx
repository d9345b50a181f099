import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache, Suspense } from "react";
import { RecordGroups } from "@/components/records/groups";
import { RecordHead } from "@/components/records/head";
import { Sections } from "@/components/records/sections";
import { AttributeTable } from "@/components/threat/attributes";
import { Galaxies } from "@/components/threat/galaxies";
import { AttributeGroups } from "@/components/threat/groups";
import { ObjectList } from "@/components/threat/objects";
import { Correlated, MispRelated } from "@/components/threat/related";
import { Tags } from "@/components/threat/tags";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { ExistError } from "@/lib/errors";
import { namedBy, relatedTo } from "@/lib/search";
import { attributeGroups, attributePage, correlatedEvents, type EventRow, eventView, get, mispRelated, objectPage, shownGroups, tagBadge, threatEvent } from "@/lib/trackers";
import { pagePrincipal, type SearchParams, urlParams } from "../../../../guard";
import { decoded } from "../../../../indicator-page";

interface Props {
	params: Promise<{ id: string }>;
	searchParams: SearchParams;
}

const find = cache((id: string) => get(threatEvent, id));

/** Next can be asked for the head of a page alone, so this asks for the principal as the page does. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
	await pagePrincipal();
	return { title: (await find(decoded((await params).id)))?.info.slice(0, 80) ?? "Not found" };
}

/** What else names the same: it can take longer for a large event, so it comes after the rest. */
async function Others({ event }: { event: EventRow }) {
	const [correlated, named] = await Promise.all([correlatedEvents(event.id), namedBy("threat", event.id)]);
	const others = await relatedTo("threat", event.id, named);
	return (
		<>
			<Correlated {...correlated} />
			<RecordGroups groups={shownGroups(others.filter(({ tracker }) => tracker !== "threat"))} now={new Date().toISOString()} />
		</>
	);
}

/** The address of this page with other choices; places of pages that no longer fit are left out. */
function address(path: string, asked: URLSearchParams, change: Readonly<Record<string, string | undefined>>, anchor: string): string {
	const next = new URLSearchParams(asked);
	for (const [name, value] of Object.entries(change)) {
		if (value === undefined) next.delete(name);
		else next.set(name, value);
	}
	return `${path}${next.size > 0 ? `?${next}` : ""}#${anchor}`;
}

/** What was read, or why the address cannot be read: a place of an older link is a message, not a failure. */
async function orRefusal<T>(work: Promise<T>, none: T): Promise<{ value: T; refused: string | null }> {
	try {
		return { value: await work, refused: null };
	} catch (error) {
		if (error instanceof ExistError && error.code === "invalid") return { value: none, refused: error.message };
		throw error;
	}
}

async function Attributes({ event, asked, path, now }: { event: EventRow; asked: URLSearchParams; path: string; now: string }) {
	const text = (name: string) => asked.get(name) ?? undefined;
	const deleted = asked.get("deleted") === "true";
	const query = { category: text("category"), type: text("type"), holds: text("holds"), deleted, cursor: text("after") };
	const [groups, gone, { value: page, refused }] = await Promise.all([
		attributeGroups(event.id, deleted),
		attributeGroups(event.id, !deleted),
		orRefusal(attributePage(event.id, query), { rows: [], next: null }),
	]);
	const other = gone.reduce((sum, { count }) => sum + count, 0);
	const clear = { category: undefined, type: undefined, after: undefined };
	return (
		<Panel
			id="attributes"
			title={deleted ? "Deleted attributes" : "Attributes"}
			aside={
				<span className="flex flex-wrap items-center gap-3">
					<form action={path} className="flex items-center gap-1.5">
						{[...asked]
							.filter(([name]) => name !== "holds" && name !== "after")
							.map(([name, value]) => (
								<input key={name} type="hidden" name={name} value={value} />
							))}
						<input
							type="search"
							name="holds"
							defaultValue={asked.get("holds") ?? ""}
							placeholder="text in value or comment"
							aria-label="Text in value or comment"
							className="field mono w-[14rem] max-sm:w-[10rem]"
							maxLength={200}
						/>
					</form>
					{event.objectCount > 0 && (
						<a href="#objects" className="text-accent">
							{event.objectCount.toLocaleString("en")} objects
						</a>
					)}
					{other > 0 && (
						<Link href={address(path, asked, { ...clear, deleted: deleted ? undefined : "true" }, "attributes")} prefetch={false} className="text-accent">
							{deleted ? `${other.toLocaleString("en")} that are there` : `${other.toLocaleString("en")} deleted`}
						</Link>
					)}
				</span>
			}
		>
			{groups.length > 0 && <AttributeGroups groups={groups} category={query.category} type={query.type} href={(choice) => address(path, asked, { ...clear, ...choice }, "attributes")} />}
			{page.rows.length === 0 ? (
				<p className="px-4 py-3 text-ink-3">{refused ?? (event.attributeCount === 0 ? "The event has no attributes." : "No attribute fits.")}</p>
			) : (
				<div className="overflow-x-auto">
					<AttributeTable attributes={page.rows} now={now} />
				</div>
			)}
			{(page.next !== null || query.cursor !== undefined) && (
				<nav aria-label="Pages of attributes" className="flex gap-2 border-t border-line px-4 py-2">
					{query.cursor !== undefined && (
						<Link href={address(path, asked, { after: undefined }, "attributes")} prefetch={false} className={buttonClass()}>
							From the beginning
						</Link>
					)}
					{page.next !== null && (
						<Link href={address(path, asked, { after: page.next }, "attributes")} prefetch={false} className={buttonClass()} rel="next">
							Further attributes
						</Link>
					)}
				</nav>
			)}
		</Panel>
	);
}

async function Objects({ event, asked, path, now }: { event: EventRow; asked: URLSearchParams; path: string; now: string }) {
	if (event.objectCount === 0) return null;
	const {
		value: { objects, next },
		refused,
	} = await orRefusal(objectPage(event.id, asked.get("objects") ?? undefined), { objects: [], next: null });
	return (
		<Panel id="objects" title="Objects" aside={event.objectCount.toLocaleString("en")}>
			{refused !== null && <p className="px-4 py-3 text-ink-3">{refused}</p>}
			<ObjectList objects={objects} now={now} />
			{next !== null && (
				<nav aria-label="Pages of objects" className="border-t border-line px-4 py-2">
					<Link href={address(path, asked, { objects: next }, "objects")} prefetch={false} className={buttonClass()} rel="next">
						Further objects
					</Link>
				</nav>
			)}
		</Panel>
	);
}

/** One MISP event: what it is, what stands in it page by page, and what else it belongs to. */
export default async function EventPage({ params, searchParams }: Props) {
	await pagePrincipal();
	const id = decoded((await params).id);
	const event = await find(id);
	if (event === null) notFound();
	const asked = await urlParams(searchParams);
	const now = new Date().toISOString();
	const view = eventView(event);
	const path = `/threat/event/${event.id}`;
	const shownAsCluster = new Set(event.galaxies.flatMap(({ clusters }) => clusters.map(({ tag }) => tag)));
	return (
		<>
			<RecordHead view={view} back={{ href: threatEvent.path, label: threatEvent.title }} api={`/api/${threatEvent.resource}/${event.number}`} now={now} />
			{event.deletedAt !== null && (
				<Notice title="Deleted at its source">
					<p>
						{event.source.name} has this event no more since {event.deletedAt.toISOString().slice(0, 10)}. What it held is kept here, and counts in no search.
					</p>
				</Notice>
			)}
			<Sections sections={view.sections} now={now} />
			<Tags badges={event.tags.filter(({ name }) => !shownAsCluster.has(name)).map(tagBadge)} />
			<Galaxies galaxies={event.galaxies} />
			<Attributes event={event} asked={asked} path={path} now={now} />
			<Objects event={event} asked={asked} path={path} now={now} />
			<MispRelated related={await mispRelated(event.related)} />
			<Suspense
				fallback={
					<Panel title="Events with the same indicators" aside="being looked for">
						<p className="px-4 py-3 text-ink-3">Looking for what this event has in common with others.</p>
					</Panel>
				}
			>
				<Others event={event} />
			</Suspense>
		</>
	);
}
