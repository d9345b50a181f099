"use client";

import type { ReactNode } from "react";
import type { Indicator, IndicatorType } from "@/lib/domain/indicator";
import type { Enrichment } from "@/lib/enrichers/define";
import { IndicatorLink } from "../indicator";
import { isAsked, useAnswers } from "./answers";

/** A part of the line: the services that can say it, the first that knows first, and how. */
interface Part {
	/** what is missing where none of them knows it */
	what: string;
	from: readonly string[];
	say: (enrichment: Enrichment) => ReactNode | null;
}

const summary = ({ summary: text }: Enrichment): string => text.replace(/\.$/, "");

function text(enrichment: Enrichment, label: string): string | null {
	const fact = enrichment.facts.find((one) => one.label === label && one.kind === "text");
	return fact?.kind === "text" ? fact.text : null;
}

/** The first address that a name has, and how many there are besides. */
function addresses({ facts }: Enrichment): ReactNode | null {
	const all = facts.flatMap((fact) => (fact.kind === "indicators" ? fact.indicators : [])).filter(({ type }) => type === "ipv4" || type === "ipv6");
	const first = all[0];
	if (first === undefined) return "resolves to no address";
	return (
		<>
			resolves to <IndicatorLink indicator={first} />
			{all.length > 1 && ` and ${all.length - 1} more`}
		</>
	);
}

const DOMAIN: readonly Part[] = [
	{ what: "registration", from: ["rdap", "whois"], say: summary },
	{ what: "addresses", from: ["dns"], say: addresses },
];
const ADDRESS: readonly Part[] = [
	{ what: "autonomous system", from: ["asn"], say: summary },
	{ what: "country", from: ["geo"], say: summary },
	{ what: "name", from: ["reverse-dns"], say: (enrichment) => `calls itself ${summary(enrichment)}` },
];
const FILE: readonly Part[] = [
	{ what: "file name", from: ["malwarebazaar", "virustotal"], say: (enrichment) => text(enrichment, "Name") },
	{ what: "file type", from: ["malwarebazaar", "virustotal"], say: (enrichment) => text(enrichment, "Type") },
];
const PARTS: Partial<Record<IndicatorType, readonly Part[]>> = { domain: DOMAIN, ipv4: ADDRESS, ipv6: ADDRESS, md5: FILE, sha1: FILE, sha256: FILE };

/**
 * What the thing is, in one line under its name, out of what the panels' services say as they answer. Nobody is asked for it. What
 * nobody says is called unknown; what nobody is asked is left out.
 */
export function TitleLine({ indicator }: { indicator: Indicator }) {
	const { offers, told, pressed } = useAnswers();
	const parts = (PARTS[indicator.type] ?? []).filter(({ from }) => offers.some((offer) => from.includes(offer.id) && isAsked(offer, pressed)));
	if (parts.length === 0) return null;
	const said = parts.map(({ what, from, say }) => {
		for (const id of from) {
			const one = told[id];
			const words = one?.state === "found" ? say(one.enrichment) : null;
			if (words !== null) return { what, words };
		}
		const isWaiting = offers.some((offer) => from.includes(offer.id) && isAsked(offer, pressed) && told[offer.id] === undefined);
		return { what, words: <span className="text-ink-3">{`${what} ${isWaiting ? "…" : "unknown"}`}</span> };
	});
	return (
		<p className="min-h-5 text-sm break-words text-ink-2" aria-live="polite">
			{said.map(({ what, words }, at) => (
				<span key={what}>
					{at > 0 && <span className="text-ink-3"> · </span>}
					{words}
				</span>
			))}
		</p>
	);
}
