import { cache } from "react";
import { captureDays } from "@/lib/capture/days";
import { healthReading, type SourceHealth, sourcesWell } from "@/lib/health";
import { hunterCount } from "@/lib/hunters/count";
import { totals } from "@/lib/trackers";

/** One reading of sources and runs for everything that a single answer shows of them. */
const reading = cache(healthReading);

/** How the sources are doing. */
export const healthNow = cache((): Promise<SourceHealth[]> => reading().sources());

/** How far reading them is. */
export const progressNow = cache(() => reading().progress());

/** What the rail says beside its entries: some seconds old at most, the same for everybody. */
export async function railNumbers() {
	const [counts, sources, hunters] = await Promise.all([totals(), sourcesWell(healthNow), hunterCount()]);
	return { counts, sources, captureDays: captureDays(), hunters };
}
