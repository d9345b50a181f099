import { everySource, type IngestContext, ingestContext, secretOf } from "@/lib/ingest/context";
import { toRun } from "@/lib/ingest/run-store";

export interface IngestProgress {
	running: Array<{ source: number; name: string; phase: string; cursor: number; blocks: number; rows: number }>;
	/** sources that were asked at least once, of those that can be */
	done: number;
	total: number;
	/** until every source was asked once */
	firstRun: boolean;
	/** sightings stored so far */
	sightings: number;
}

/** How far reading the sources is, for the terminal and the page: two small queries. */
export async function ingestProgress(context: IngestContext = ingestContext()): Promise<IngestProgress> {
	const [sources, states, runs] = await Promise.all([
		everySource(context),
		context.database.query<{ source: number; enabled: number; last_run_at: Date | null; sighting_count: number }>("SELECT source, enabled, last_run_at, sighting_count FROM source_state"),
		context.database.query("SELECT r.* FROM source_run r JOIN source_state s ON s.lease_run = r.id WHERE r.state = 'running'"),
	]);
	const bySource = new Map(states.map((state) => [Number(state.source), state]));
	const askable = sources.filter((source) => {
		const state = bySource.get(source.number);
		const enabled = state === undefined ? source.enabledByDefault !== false : Number(state.enabled) === 1;
		return enabled && !(source.secret?.required === true && secretOf(source, context) === undefined);
	});
	const done = askable.filter((source) => (bySource.get(source.number)?.last_run_at ?? null) !== null).length;
	const names = new Map(sources.map((source) => [source.number, source.name]));
	return {
		running: runs.map(toRun).map((run) => ({
			source: run.source,
			name: names.get(run.source) ?? String(run.source),
			phase: run.phase,
			cursor: run.cursor,
			blocks: run.blocks,
			rows: run.new + run.updated + run.unchanged + run.relisted,
		})),
		done,
		total: askable.length,
		firstRun: done < askable.length,
		sightings: states.reduce((sum, state) => sum + Number(state.sighting_count), 0),
	};
}
