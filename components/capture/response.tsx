import Link from "next/link";
import type { ReactNode } from "react";
import type { CaptureDetail } from "@/lib/capture/rows";
import { IndicatorLink } from "../indicator";
import { Badge } from "../ui/badge";
import { Panel } from "../ui/panel";
import { bytesText, countText, FoundUrl } from "./words";

type Result = NonNullable<CaptureDetail["result"]>;

export function Facts({ rows }: { rows: ReadonlyArray<readonly [name: string, value: ReactNode]> }) {
	return (
		<dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 px-4 py-3">
			{rows
				.filter(([, value]) => value !== null && value !== "")
				.map(([name, value]) => (
					<div key={name} className="contents">
						<dt className="text-ink-3">{name}</dt>
						<dd className="min-w-0 break-words">{value}</dd>
					</div>
				))}
		</dl>
	);
}

export function hashLink(sha256: string): ReactNode {
	return (
		<Link href={`/hash/${sha256}`} prefetch={false} className="mono break-all hover:underline">
			{sha256}
		</Link>
	);
}

/** What the server said of the original. */
export function ResponsePanel({ result }: { result: Result }) {
	const { response, title, encoding } = result;
	if (response === null) return null;
	const address = response.address;
	return (
		<Panel title="Response" aside={address === null ? undefined : <IndicatorLink indicator={{ type: address.includes(":") ? "ipv6" : "ipv4", value: address as never }} />}>
			<Facts
				rows={[
					["Final URL", <FoundUrl key="url" url={result.finalUrl} />],
					["Status", String(response.status)],
					["Title", title === null ? null : <bdi key="title">{title}</bdi>],
					["Content type", response.contentType],
					["Encoding", encoding],
					["Size", `${response.truncated ? "more than " : ""}${bytesText(response.bytes)}`],
					["Server", response.server],
					["Last modified", response.lastModified],
					["SHA-256", response.sha256 === null ? "not read whole" : hashLink(response.sha256)],
				]}
			/>
			<details className="border-t border-line px-4 py-2">
				<summary className="text-sm text-ink-2">{response.headers.length === 1 ? "1 header" : `${countText(response.headers.length, result.more.headers)} headers`}</summary>
				<dl className="mono mt-2 grid grid-cols-[minmax(6rem,14rem)_minmax(0,1fr)] gap-x-3 gap-y-1">
					{response.headers.map(([name, value], at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice
						<div key={at} className="contents">
							<dt className="break-all text-ink-3">{name}</dt>
							<dd className="break-all">{value}</dd>
						</div>
					))}
				</dl>
			</details>
		</Panel>
	);
}

const BY = { location: "redirects", refresh: "refreshes", page: "goes on by script" } as const;

/** The way from the URL that was asked to the one that answered. */
export function HopsPanel({ result }: { result: Result }) {
	if (result.hops.length === 0) return null;
	return (
		<Panel title="Redirects" aside={countText(result.hops.length, result.more.hops)}>
			<ol className="grid gap-1.5 px-4 py-3">
				{result.hops.map((hop, at) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a loop names an address twice
					<li key={at} className="flex flex-wrap items-baseline gap-x-2">
						<span className="num text-ink-3">{hop.status}</span>
						<FoundUrl url={hop.url} />
						<span className="text-sm text-ink-3">{BY[hop.by]} to</span>
					</li>
				))}
				<li>
					<FoundUrl url={result.finalUrl} />
				</li>
			</ol>
		</Panel>
	);
}

export function CertificatePanel({ result: { certificate, more } }: { result: Result }) {
	if (certificate === null) return null;
	const hidden = Math.max(0, certificate.names.length - 30) + more.names;
	return (
		<Panel title="TLS certificate" aside={certificate.protocol}>
			<Facts
				rows={[
					[
						"Trusted",
						certificate.fault === null ? (
							"yes"
						) : (
							<Badge key="fault" tone="warn">
								{certificate.fault}
							</Badge>
						),
					],
					["Subject", certificate.subject],
					["Issuer", certificate.issuer],
					["Valid", `${certificate.validFrom.slice(0, 10)} to ${certificate.validTo.slice(0, 10)}`],
					["Names", certificate.names.slice(0, 30).join(", ") + (hidden > 0 ? ` and ${hidden.toLocaleString("en")} more` : "")],
					[
						"SHA-256",
						<span key="print" className="mono break-all">
							{certificate.fingerprint}
						</span>,
					],
				]}
			/>
		</Panel>
	);
}
