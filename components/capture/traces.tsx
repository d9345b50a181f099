import type { CaptureDetail } from "@/lib/capture/rows";
import { CopyButton } from "../console/copy-button";
import { Badge } from "../ui/badge";
import { DataTable } from "../ui/data-table";
import { Panel } from "../ui/panel";
import { Facts, hashLink } from "./response";
import { bytesText, countText, FoundUrl } from "./words";

type Result = NonNullable<CaptureDetail["result"]>;

function DownloadsPanel({ result: { downloads, more } }: { result: Result }) {
	if (downloads.length === 0) return null;
	return (
		<Panel title="Downloads" aside={`${countText(downloads.length, more.downloads)}; in the zip, password infected`}>
			<DataTable
				rows={downloads}
				columns={[
					{ header: "Called", cell: ({ name }) => <bdi className="mono break-all">{name}</bdi> },
					{ header: "From", hide: "phone", cell: ({ url }) => <FoundUrl url={url} length={50} /> },
					{ header: "Size", align: "right", cell: ({ bytes }) => bytesText(bytes) },
					{
						header: "SHA-256",
						cell: ({ sha256, kept }) => (
							<span className="inline-flex flex-wrap gap-2">
								{sha256 === "" ? <Badge>unknown</Badge> : hashLink(sha256)}
								{!kept && <Badge>not in the zip whole</Badge>}
							</span>
						),
					},
				]}
			/>
		</Panel>
	);
}

function FaviconPanel({ result: { favicon } }: { result: Result }) {
	if (favicon === null) return null;
	const query = `http.favicon.hash:${favicon.mmh3}`;
	return (
		<Panel title="Favicon" aside={bytesText(favicon.bytes)}>
			<Facts
				rows={[
					["From", <FoundUrl key="url" url={favicon.url} />],
					[
						"Shodan's hash",
						<span key="hash" className="inline-flex flex-wrap items-center gap-2">
							<span className="mono">{favicon.mmh3}</span>
							<CopyButton text={query} label="Copy query" />
						</span>,
					],
					[
						"Same icon",
						<span key="query" className="text-ink-2">
							search <span className="mono">{query}</span> at Shodan for other hosts with it
						</span>,
					],
					["SHA-256", hashLink(favicon.sha256)],
				]}
			/>
		</Panel>
	);
}

/** What the page did besides showing itself. Every text is the page's own. */
export function Traces({ result }: { result: Result }) {
	const { cookies, dialogs, popups, more } = result;
	const lines = result.console;
	return (
		<>
			<DownloadsPanel result={result} />
			<FaviconPanel result={result} />
			{(dialogs.length > 0 || popups.length > 0) && (
				<Panel title="Dialogs and windows" aside={countText(dialogs.length + popups.length, more.dialogs + more.popups)}>
					<ul className="grid gap-1 px-4 py-3">
						{dialogs.map(({ kind, text }, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: pages repeat themselves
							<li key={at}>
								<Badge tone="warn">{kind}</Badge> <bdi className="break-words">{text}</bdi>
							</li>
						))}
						{popups.map((url, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: pages repeat themselves
							<li key={at}>
								<Badge>window</Badge> <FoundUrl url={url} />
							</li>
						))}
					</ul>
				</Panel>
			)}
			{cookies.length > 0 && (
				<Panel title="Cookies" aside={countText(cookies.length, more.cookies)}>
					<DataTable
						rows={cookies}
						columns={[
							{ header: "Name", cell: ({ name }) => <span className="mono break-all">{name}</span> },
							{ header: "Value", hide: "phone", cell: ({ value }) => <span className="mono break-all">{value.slice(0, 120)}</span> },
							{ header: "Domain", cell: ({ domain }) => <span className="mono break-all">{domain.replaceAll(".", "[.]")}</span> },
							{
								header: "Flags",
								hide: "narrow",
								cell: ({ secure, httpOnly, sameSite }) => [secure ? "secure" : "", httpOnly ? "httpOnly" : "", sameSite ?? ""].filter((flag) => flag !== "").join(" "),
							},
							{ header: "Until", align: "right", hide: "phone", cell: ({ expires }) => expires?.slice(0, 10) ?? "session" },
						]}
					/>
				</Panel>
			)}
			{lines.length > 0 && (
				<Panel title="Console" aside={countText(lines.length, more.console)}>
					<ul className="mono max-h-[320px] overflow-y-auto px-4 py-2">
						{lines.map(({ level, text }, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: pages repeat themselves
							<li key={at} className={`border-b border-line py-1 break-all whitespace-pre-wrap last:border-0 ${level === "error" ? "text-bad" : level === "warning" ? "text-warn" : ""}`}>
								{text}
							</li>
						))}
					</ul>
				</Panel>
			)}
		</>
	);
}
