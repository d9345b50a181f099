import { type IngestContext, ingestContext } from "@/lib/ingest/context";
import { type IngestProgress, ingestProgress } from "./progress";
import { type SourceHealth, sourceHealth } from "./sources";

/** Health and progress for one answer: the feeds that people added are read once for both. */
export function healthReading(context: IngestContext = ingestContext()): { sources: () => Promise<SourceHealth[]>; progress: () => Promise<IngestProgress> } {
	const { customSources } = context;
	let added: ReturnType<NonNullable<typeof customSources>> | undefined;
	const once: IngestContext = customSources === undefined ? context : { ...context, customSources: () => (added ??= customSources()) };
	return { sources: () => sourceHealth(once), progress: () => ingestProgress(once) };
}
