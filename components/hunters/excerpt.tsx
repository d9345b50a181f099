import type { Hit } from "@/lib/hunters/hunter";
import { defanged, markedDefanged, type Piece } from "./defanged";

type Match = Hit["matches"][number];

/** Places that are shown of a hit; the others are behind its link. */
const SHOWN = 3;

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
	return pieces.map(({ text, marked }, at) =>
		marked ? (
			// biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text are known by their place
			<mark key={at} className="rounded-sm bg-accent-soft px-0.5 text-ink">
				{text}
			</mark>
		) : (
			text
		),
	);
}

/** The title, with what was found in it marked. */
export function MarkedTitle({ title, matches }: Pick<Hit, "title" | "matches">) {
	return (
		<Pieces
			pieces={markedDefanged(
				title,
				matches.filter(({ excerpt }) => excerpt === title),
			)}
		/>
	);
}

/** One place where a record holds a term, the term marked. What stands there is somebody else's text. */
function Excerpt({ match: { place, excerpt, from, to } }: { match: Match }) {
	return (
		<span className="block text-sm text-ink-2 [overflow-wrap:anywhere]">
			<span className="mr-1.5 text-xs text-ink-3">{place}</span>
			<bdi>
				{to > from ? (
					<>
						{excerpt.slice(0, from)}
						<Pieces pieces={[{ text: defanged(excerpt.slice(from, to)), marked: true }]} />
						{excerpt.slice(to)}
					</>
				) : (
					<Pieces pieces={[{ text: defanged(excerpt), marked: true }]} />
				)}
			</bdi>
		</span>
	);
}

/** Why a record is a hit, as far as its title does not show it already. */
export function Excerpts({ title, matches }: Pick<Hit, "title" | "matches">) {
	const beyond = matches.filter(({ excerpt, from, to }) => excerpt !== title || to <= from);
	const distinct = beyond.filter((match, at) => beyond.findIndex((other) => other.excerpt === match.excerpt && other.from === match.from) === at);
	return (
		<>
			{distinct.slice(0, SHOWN).map((match) => (
				<Excerpt key={`${match.place} ${match.term} ${match.from} ${match.excerpt}`} match={match} />
			))}
			{distinct.length > SHOWN && <span className="block text-xs text-ink-3">and {distinct.length - SHOWN} more</span>}
		</>
	);
}
