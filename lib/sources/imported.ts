import { SuspectBody } from "@/lib/net";
import { type AnyRecordSource, defineRecordSource, type RecordTracker } from "./record";

function imported<Tracker extends RecordTracker>(tracker: Tracker, number: number, id: string, name: string, formerNumbers: readonly number[]) {
	return defineRecordSource<Tracker>({
		id,
		name,
		number,
		tracker,
		homepage: "https://github.com/nict-csl/exist",
		everyMinutes: 1440,
		enabledByDefault: false,
		offReason: "It holds what was imported and is read no more.",
		licence: { name: "as imported", redistributable: false },
		formerNumbers,
		reading: {
			mode: "feed",
			url: "https://github.com/nict-csl/exist",
			// biome-ignore lint/correctness/useYield: there is nothing to read
			async *parse() {
				throw new SuspectBody("It holds what was imported and is read no more.");
			},
		},
	});
}

/**
 * Owners of imported records whose source is gone, or was the original as a whole. They are never run and stand in no list of
 * sources; their numbers keep a name and are never used again. The original gave its MISP server, its timeline and its news reader
 * no number: 0 stands for that.
 */
export const importedSources: readonly AnyRecordSource[] = [
	imported("threat", 1299, "imported-misp", "MISP (imported)", [0]),
	imported("twitter", 1399, "imported-twitter", "Twitter (imported)", [0]),
	imported("news", 1499, "imported-news", "News (imported)", [0]),
	imported("vuln", 1598, "imported-jvn", "JVN", [201]),
	imported("vuln", 1599, "imported-vulndb", "VulnDB", [101]),
];
