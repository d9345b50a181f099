import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ActionButton } from "@/components/console/action-button";
import { RecordGroups } from "@/components/records/groups";
import { RecordHead } from "@/components/records/head";
import { NamedIndicators } from "@/components/records/named";
import { Sections } from "@/components/records/sections";
import { roleAllows } from "@/lib/auth";
import { namedBy, relatedTo } from "@/lib/search";
import { type AnyTracker, get, shownGroups, trackerByPath } from "@/lib/trackers";
import { pagePrincipal } from "../../../guard";
import { decoded, Everything } from "../../../indicator-page";
import { actOnRecord } from "../actions";

interface Props {
	params: Promise<{ tracker: string; id: string }>;
}

/** Title and page are made of one reading. */
const find = cache(async (name: string, id: string) => {
	const tracker = trackerByPath(`/${name}`);
	if (tracker?.page === undefined) return null;
	const row = await get(tracker, decoded(id));
	return row === null ? null : { tracker: tracker as AnyTracker, view: tracker.page.view(row), id: (row as { id: string }).id };
});

/** Next can be asked for the head of a page alone, so this asks for the principal as the page does. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
	await pagePrincipal();
	const { tracker, id } = await params;
	return { title: (await find(tracker, id))?.view.title.slice(0, 80) ?? "Not found" };
}

/** One record of any tracker: what its definition says of it, what it names, and what else names the same. */
export default async function RecordPage({ params }: Props) {
	const principal = await pagePrincipal();
	const asked = await params;
	const found = await find(asked.tracker, asked.id);
	if (found === null) notFound();
	const { tracker, view, id } = found;
	const api = `/api/${tracker.resource}/${id}`;
	if (view.subject !== undefined) return <Everything role={principal.user.role} indicator={view.subject} listing={{ sections: view.sections, api }} />;
	const named = await namedBy(tracker.name, id);
	const related = await relatedTo(tracker.name, id, named);
	const now = new Date().toISOString();
	const actions = roleAllows(principal.user.role, "analyst") ? (view.actions ?? []) : [];
	return (
		<>
			<RecordHead
				view={view}
				back={{ href: tracker.path, label: tracker.title }}
				api={api}
				now={now}
				actions={actions.map(({ name, label, pendingLabel }) => <ActionButton key={name} action={actOnRecord.bind(null, tracker.name, id, name)} label={label} pendingLabel={pendingLabel} />)}
			/>
			<Sections sections={view.sections} now={now} />
			<NamedIndicators named={named.filter(({ indicator }) => view.about?.includes(indicator.value) !== true)} />
			<RecordGroups groups={shownGroups(related)} now={now} />
		</>
	);
}
