import type { SourceBasics, SourceDefinition } from "./define";
import { exploitSources } from "./exploit";
import { FORMER_SOURCES } from "./former";
import { importedSources } from "./imported";
import { newsSources } from "./news";
import type { AnyRecordSource } from "./record";
import { reputationSources } from "./reputation";
import { threatSources } from "./threat";
import { twitterSources } from "./twitter";
import { vulnSources } from "./vuln";

export { reputationSources };

/** Sources of records, by tracker. */
export const recordSources: readonly AnyRecordSource[] = [...threatSources, ...exploitSources, ...twitterSources, ...newsSources, ...vulnSources];

/** Any source there is: of listings or of records. */
export type AnySource = SourceDefinition | AnyRecordSource;

export const allSources: readonly AnySource[] = [...reputationSources, ...recordSources];

/** By number. Throws where two sources claim the same number or slug: records of one would be taken for the other's. */
function byNumberOnce(sources: readonly AnySource[]): ReadonlyMap<number, AnySource> {
	const found = new Map<number, AnySource>();
	const slugs = new Set<string>();
	for (const source of sources) {
		const other: Pick<SourceBasics, "id"> | undefined = found.get(source.number) ?? (FORMER_SOURCES[source.number] === undefined ? undefined : { id: FORMER_SOURCES[source.number] as string });
		if (other !== undefined) throw new Error(`The sources ${source.id} and ${other.id} both have the number ${source.number}. Give the newer one the next free number.`);
		if (slugs.has(source.id)) throw new Error(`Two sources are called ${source.id}. Slugs must differ.`);
		found.set(source.number, source);
		slugs.add(source.id);
	}
	return found;
}

const byNumber = byNumberOnce([...allSources, ...importedSources]);
const reputationNames: Readonly<Record<number, string>> = {
	...FORMER_SOURCES,
	...Object.fromEntries(reputationSources.map((source) => [source.number, source.name])),
};

/** Numbers of feeds that people added: a range of their own, so that lists can be asked for them before anybody read which there are. */
export const ADDED_NUMBERS = { first: 10_001, last: 19_999 } as const;

/** Feeds that people added, as they were when somebody last asked the database; for names and choices only, never for runs. */
let added: ReadonlyMap<number, AnySource> = new Map();

/** Tells names and choices which feeds people have added. */
export function rememberAdded(sources: readonly AnySource[]): void {
	added = new Map(sources.map((source) => [source.number, source]));
}

/** The definition with this number, also of those that only own imported records; undefined for a source that is gone or never was. */
export function sourceByNumber(number: number): AnySource | undefined {
	return byNumber.get(number) ?? added.get(number);
}

/**
 * Names of reputation sources by number, those of the original's sources that died included: old links and imported data keep
 * their meaning. Added feeds among them.
 */
export function sourceNames(): Readonly<Record<number, string>> {
	const ours = [...added.values()].filter((source) => source.tracker === "reputation");
	return ours.length === 0 ? reputationNames : { ...reputationNames, ...Object.fromEntries(ours.map(({ number, name }) => [number, name])) };
}

/** Numbers and names of one tracker's sources, added ones included, in the order of their numbers. */
export function sourcesOf(tracker: AnySource["tracker"]): ReadonlyArray<{ number: number; name: string }> {
	return [...allSources, ...added.values()]
		.filter((source) => source.tracker === tracker)
		.map(({ number, name }) => ({ number, name }))
		.sort((a, b) => a.number - b.number);
}
