import { createReadStream } from "node:fs";
import { readFeed, unpack } from "@/lib/net";
import { SuspectBody } from "@/lib/net/formats";
import { lit } from "@/lib/platform";
import type { SourceDefinition } from "@/lib/sources/define";
import { judge } from "./check";
import { type IngestContext, secretMask } from "./context";
import { bodyFromFile, type FetchedBody, fetchBody, SourceFailure } from "./fetch-body";
import { finishBad, finishUnchanged, holdForOperator, retireHeld } from "./finish-run";
import { dropBlocks, holdRun, type RunOutcome, type RunRow, readRun, readState, renewLease, runLit, type StateRow, Superseded } from "./run-store";
import { type StagedBlock, type StageResult, Stager, type StageState } from "./stage";
import { forgetStage, keepStage, resumedStage } from "./stage-resume";

/** Most bytes a body may unpack to. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
const RENEW_EVERY_MS = 20_000;
/** A commit waits for the disk, so several blocks share one. */
const BLOCKS_A_COMMIT = 4;

type Body = Extract<FetchedBody, { kind: "body" }>;

/**
 * Staging of one step ends this long after the step began. Serverless functions end after 60 s; the block that is under way and
 * the answer must still fit.
 */
const STEP_MS = 48_000;
/** A list that is another one at each fetch would be begun for ever. */
const MAX_RESTARTS = 3;

/** Makes this worker the only one that may stage for the run, and clears what an attempt left that never came to note its place. */
async function claim(run: RunRow, context: IngestContext): Promise<RunRow> {
	const claimed = await context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(`UPDATE source_run SET fence = fence + 1 WHERE id = ${runLit(run.id)}`);
		return readRun(tx, run.id);
	});
	if (claimed.cursor === 0) await dropBlocks(context.database, run.id);
	return claimed;
}

/** Writes blocks only while the run is still ours: the fence is part of each statement. `replace`: a step before may have written them. */
async function writeBlocks(context: IngestContext, run: RunRow, blocks: readonly StagedBlock[], replace: boolean): Promise<void> {
	await context.database.transaction(async (tx) => {
		for (const block of blocks) {
			if (replace) await tx.execute(`DELETE FROM run_block WHERE run = ${runLit(run.id)} AND seq = ${block.seq}`);
			const { affected } = await tx.execute(
				`INSERT INTO run_block (run, seq, row_count, ids, data) SELECT id, ${block.seq}, ${block.rows}, ${lit(block.ids)}, ${lit(block.data)} FROM source_run WHERE id = ${runLit(run.id)} AND fence = ${run.fence} AND state = 'running'`,
			);
			if (affected !== 1) throw new Superseded();
		}
	});
}

async function stage(source: SourceDefinition, run: RunRow, body: Body, context: IngestContext, until: number): Promise<StageResult | StageState> {
	const resumed = await resumedStage(run, body, context);
	let pending: Promise<void> = Promise.resolve();
	let renewed = Date.now();
	let waiting: StagedBlock[] = [];
	const send = async (): Promise<void> => {
		await pending;
		if (waiting.length === 0) return;
		// Some blocks travel while the next ones are parsed. A failure surfaces at the next `await pending`.
		pending = writeBlocks(context, run, waiting, resumed !== null);
		pending.catch(() => {});
		waiting = [];
	};
	const write = async (block: StagedBlock): Promise<void> => {
		waiting.push(block);
		if (waiting.length >= BLOCKS_A_COMMIT) await send();
		if (Date.now() - renewed > RENEW_EVERY_MS) {
			renewed = Date.now();
			await renewLease(context.database, run, context.now());
		}
	};
	const stager = new Stager({ source, now: run.startedAt.getTime(), country: context.country, ownDomains: context.ownDomains }, write, context.blockRows, resumed ?? undefined);
	const bytes = createReadStream(body.path, { highWaterMark: 256 * 1024 });
	try {
		const plain = unpack(bytes, { name: body.name, maxBytes: MAX_UNPACKED_BYTES, ...(body.contentType === undefined ? {} : { contentType: body.contentType }) });
		const items = readFeed(plain, source.format, {
			...(body.contentType === undefined ? {} : { contentType: body.contentType }),
			...(source.marker === undefined ? {} : { marker: source.marker }),
		});
		const result = await stager.runUntil(items, () => Date.now() >= until);
		await send();
		await pending;
		return result;
	} finally {
		bytes.destroy();
		// Nothing of this attempt may be under way when its caller decides what comes next; its failure was reported above.
		await pending.catch(() => {});
	}
}

/** Notes what was staged, in one transaction with the step to the next phase. */
async function record(run: RunRow, body: Body, result: StageResult, next: "apply" | "fetch", context: IngestContext): Promise<void> {
	const outcome: RunOutcome = { bodyDigest: body.digest.toString("hex") };
	if (body.etag !== undefined) outcome.etag = body.etag;
	if (body.lastModified !== undefined) outcome.lastModified = body.lastModified;
	await context.database.transaction(async (tx) => {
		await holdRun(tx, run, context.now());
		await tx.execute(`DELETE FROM set_aside WHERE run = ${runLit(run.id)}`);
		for (let at = 0; at < result.setAsideRows.length; at += 500) {
			const values = result.setAsideRows.slice(at, at + 500).map((row, index) => `(${runLit(run.id)},${at + index},${run.source},${row.line},${lit(row.reason)},${lit(row.excerpt)})`);
			await tx.execute(`INSERT INTO set_aside (run, seq, source, line, reason, excerpt) VALUES ${values.join(",")}`);
		}
		await tx.execute(
			`UPDATE source_run SET phase = ${lit(next)}, \`cursor\` = 0, blocks = ${result.blocks}, http_status = ${body.status ?? "NULL"}, bytes = ${body.bytes}, rows_read = ${result.read}, rows_duplicate = ${result.duplicates}, rows_set_aside = ${result.setAside}, shape = ${lit(JSON.stringify(result.shape))}, outcome = ${lit(JSON.stringify(outcome))} WHERE id = ${runLit(run.id)}`,
		);
	});
}

async function fetchOrFail(source: SourceDefinition, run: RunRow, state: StateRow, context: IngestContext, file: string | undefined): Promise<FetchedBody | null> {
	try {
		if (file !== undefined) return await bodyFromFile(source, file);
		return await fetchBody(source, context, {
			known: state.lastOkAt !== null,
			...(state.lastOkAt === null ? {} : { etag: state.etag ?? undefined, lastModified: state.lastModified ?? undefined }),
		});
	} catch (error) {
		if (!(error instanceof SourceFailure)) throw error;
		// 204 and 206 are answers, yet not the list: something is wrong with what came rather than with the way to it.
		const suspect = error.status === 204 || error.status === 206;
		await finishBad(run, source, context, { state: suspect ? "suspect" : "failing", reason: error.message, retryAfter: error.retryAfter, status: error.status });
		return null;
	}
}

async function stageBody(run: RunRow, source: SourceDefinition, state: StateRow, body: Body, context: IngestContext, until: number): Promise<void> {
	let result: StageResult | StageState;
	try {
		result = await stage(source, run, body, context, until);
		const masked = secretMask(source, context);
		result.setAsideRows = result.setAsideRows.map((row) => ({ ...row, reason: masked(row.reason), excerpt: masked(row.excerpt) }));
	} catch (error) {
		if (!(error instanceof SuspectBody)) throw error;
		const kept = state.presentCount > 0 ? ` The ${state.presentCount.toLocaleString("en")} rows from before are kept.` : "";
		await finishBad(run, source, context, { state: "suspect", reason: `${error.message}${kept}`, status: body.status });
		return;
	}
	if ("unfinished" in result) {
		await keepStage(run, body, result, context);
		return;
	}
	await context.onPoint?.("after-fetch-before-store", run.id);
	const judgement = judge(source, result, state.presentCount);
	if (state.heldRun !== null) await retireHeld(context, source.number, state.heldRun);
	if (judgement.verdict === "suspect") {
		await record(run, body, result, "fetch", context);
		await finishBad({ ...run, cursor: 0 }, source, context, { state: "suspect", reason: judgement.reason });
		return;
	}
	await record(run, body, result, "apply", context);
	if (judgement.verdict === "hold") await holdForOperator({ ...run, phase: "apply", cursor: 0, blocks: result.blocks }, source, context, judgement.reason);
}

/**
 * First phase of a run: fetch, compare with the last body, parse and stage, judge. Ends with the run in phase `apply`, or
 * closed (unchanged, suspect, failed, held); or still in this phase, with its place noted, where the list is too long for one step.
 */
export async function fetchPhase(run: RunRow, source: SourceDefinition, context: IngestContext, file: string | undefined): Promise<void> {
	const until = Date.now() + (context.stageMilliseconds ?? STEP_MS);
	let claimed = await claim(run, context);
	const state = await readState(context.database, run.source);
	if (state === null) throw new Superseded();
	const body = await fetchOrFail(source, claimed, state, context, file);
	if (body === null) return;
	if (body.kind === "not-modified") {
		await context.database.execute(`UPDATE source_run SET http_status = 304 WHERE id = ${runLit(run.id)}`);
		await finishUnchanged(claimed, source, context, "Not modified since the last run.", null);
		return;
	}
	try {
		const same = state.lastOkAt !== null && state.bodyDigest?.equals(body.digest) === true;
		if (same) {
			await context.database.execute(`UPDATE source_run SET http_status = ${body.status ?? "NULL"}, bytes = ${body.bytes} WHERE id = ${runLit(run.id)}`);
			const outcome: RunOutcome = {};
			if (body.etag !== undefined) outcome.etag = body.etag;
			if (body.lastModified !== undefined) outcome.lastModified = body.lastModified;
			await finishUnchanged(claimed, source, context, "The same bytes as at the last run.", outcome);
			return;
		}
		// A first step has nothing to forget: `claim` cleared what was left.
		if (claimed.cursor > 0 && claimed.outcome?.bodyDigest !== body.digest.toString("hex")) {
			if ((claimed.outcome?.restarts ?? 0) >= MAX_RESTARTS) {
				const reason = `The list is too long for one step and another one at each: it changes faster than it can be read. The rows from before are kept.`;
				await finishBad(claimed, source, context, { state: "suspect", reason, status: body.status });
				return;
			}
			claimed = await forgetStage(claimed, context);
			await dropBlocks(context.database, run.id);
		}
		await stageBody(claimed, source, state, body, context, until);
	} finally {
		await body.dispose();
	}
}
