import type { Hit } from "@/lib/hunters/hunter";
import { defanged } from "./defanged";

type Match = Hit["matches"][number];

/** Matches that are shown of a hit; the others are behind its link. */
const SHOWN = 3;

/** One place where a record holds a term, the term marked. What stands there is somebody else's text. */
function Excerpt({ match: { place, excerpt, from, to } }: { match: Match }) {
	return (
		<span className="block text-sm text-ink-2 [overflow-wrap:anywhere]">
			<span className="mr-1.5 text-xs text-ink-3">{place}</span>
			<bdi>
				{excerpt.slice(0, from)}
				<mark className="rounded-sm bg-accent-soft px-0.5 font-medium text-ink">{defanged(excerpt.slice(from, to))}</mark>
				{excerpt.slice(to)}
			</bdi>
		</span>
	);
}

/** Why a record is a hit. Places that say the same again are left out. */
export function Excerpts({ matches }: { matches: readonly Match[] }) {
	const distinct = matches.filter((match, at) => matches.findIndex((other) => other.excerpt === match.excerpt && other.from === match.from) === at);
	return (
		<>
			{distinct.slice(0, SHOWN).map((match) => (
				<Excerpt key={`${match.place} ${match.term} ${match.from} ${match.excerpt}`} match={match} />
			))}
			{distinct.length > SHOWN && <span className="block text-xs text-ink-3">and {distinct.length - SHOWN} more</span>}
		</>
	);
}
