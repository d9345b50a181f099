import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";
import { CopyButton } from "@/components/console/copy-button";
import { TryCall } from "@/components/console/try-call";
import { buttonClass } from "@/components/ui/button";
import { DataTable } from "@/components/ui/data-table";
import { Panel } from "@/components/ui/panel";
import { apiBudget, apiExamples, apiGuide, type GuideCall, type GuideResource, publicAddress } from "@/lib/http";
import { pagePrincipal } from "../../guard";

export const metadata: Metadata = { title: "API" };

function Call({ call, origin, open = false }: { call: GuideCall; origin: string; open?: boolean }) {
	return (
		<details id={call.id} className="border-t border-line first:border-t-0" open={open}>
			<summary className="px-4 py-2 hover:bg-sunken">
				<span className="inline-flex w-[calc(100%-1.25rem)] flex-wrap items-baseline gap-x-3 align-top">
					<span className="mono break-all">
						{call.method} {call.path}
					</span>
					<span className="text-ink-2">{call.says}</span>
					<span className="ml-auto text-xs text-ink-3">{call.open ? "open to everybody" : `costs ${call.cost}`}</span>
				</span>
			</summary>
			<TryCall call={call} origin={origin} />
		</details>
	);
}

function Fields({ resource }: { resource: GuideResource }) {
	return (
		<details className="border-t border-line">
			<summary className="px-4 py-2 hover:bg-sunken">
				Fields of a record <span className="text-ink-3">{resource.fields.length}</span>
			</summary>
			<DataTable
				rows={resource.fields}
				keyOf={({ name }) => name}
				columns={[
					{ header: "Field", className: "mono", cell: ({ name }) => name },
					{ header: "Type", className: "text-ink-2 [overflow-wrap:anywhere]", cell: ({ type }) => type },
					{ header: "What it says", className: "text-ink-2", cell: ({ description }) => description },
				]}
			/>
		</details>
	);
}

function Introduction({ origin }: { origin: string }) {
	const { units, windowSeconds } = apiBudget;
	return (
		<div className="prose text-ink-2">
			<p>
				Everything the pages show is answered as JSON, with your session or with a key from the <Link href="/account">account page</Link>. A key reads; with the scope <code>lookup</code> it asks
				outside services about values, with <code>capture</code> it has URLs visited, and with <code>run</code> it asks for runs of sources and backtests of hunters. Everything else is changed in the
				console only. What you try here is asked with your session.
			</p>
			<p>
				<code>{`curl -H "Authorization: Bearer $EXIST_KEY" "${origin}/api/reputation?search=paypal"`}</code>
			</p>
			<p>
				Lists answer <code>{'{"count", "next", "previous", "results"}'}</code>, newest first; <code>next</code> is the address of the following page. Times are ISO 8601 in UTC. Above 100,000 (of words
				20,000) a filtered count is a floor and <code>X-Total-Estimated: true</code> says so. Parameters that are not named here are ignored; one that is not understood answers 400. Errors are{" "}
				<code>{'{"detail", "code", "field"}'}</code> with the right status.
			</p>
			<p>
				A key or a session may spend {units} units in {windowSeconds} seconds. <code>RateLimit</code> and <code>RateLimit-Policy</code> say what is left; beyond it the answer is 429 with{" "}
				<code>Retry-After</code>. Answers carry an <code>ETag</code>; sent back as <code>If-None-Match</code> it saves the body.
			</p>
		</div>
	);
}

export default async function ApiGuidePage() {
	await pagePrincipal();
	const origin = publicAddress((await headers()).get("host") ?? "localhost");
	const [{ resources, others }, examples] = [apiGuide(), await apiExamples()];
	return (
		<>
			<div className="flex flex-wrap items-center gap-x-3 gap-y-2">
				<h1 className="text-lg font-semibold">API</h1>
				<p className="text-ink-3">{resources.length} resources</p>
				<a href="/api/openapi.json" className={`${buttonClass()} ml-auto`}>
					OpenAPI document
				</a>
			</div>
			<Introduction origin={origin} />
			{resources.map((resource, at) => (
				<Panel key={resource.name} id={resource.name} title={resource.title} aside={resource.name}>
					{resource.calls.map((call, turn) => (
						<Call key={call.id} call={call} origin={origin} open={at === 0 && turn === 0} />
					))}
					<Fields resource={resource} />
				</Panel>
			))}
			<Panel title="Other calls">
				{others.map((call) => (
					<Call key={call.id} call={call} origin={origin} />
				))}
			</Panel>
			{examples.map(({ file, title, says, text }) => (
				<Panel key={file} title={`Example in ${title}`} aside={`docs/examples/${file}`}>
					<div className="flex flex-wrap items-center justify-between gap-3 px-4 py-2">
						<p className="text-ink-2">{says}</p>
						<CopyButton text={text} label="Copy" />
					</div>
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
					<pre tabIndex={0} role="region" aria-label={file} className="mono max-h-[26rem] overflow-auto border-t border-line bg-sunken px-4 py-3">
						{text}
					</pre>
				</Panel>
			))}
		</>
	);
}
