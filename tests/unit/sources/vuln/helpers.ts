import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { AnyRecordSource, Json, PullAnswer, PullReading, PullRequest, PullTools, ReadItem, RecordBody, Slice, VulnItem } from "@/lib/sources/record";
import { PullFailure } from "@/lib/sources/record";

const FOLDER = join(import.meta.dirname, "../../../fixtures/feeds");

/** A sample, unpacked. */
export function sample(name: string): Buffer {
	const stored = readFileSync(join(FOLDER, name));
	return name.endsWith(".gz") ? gunzipSync(stored) : stored;
}

export async function* pieces(bytes: Uint8Array | string, size = 1000): AsyncGenerator<Uint8Array> {
	const buffer = Buffer.from(bytes);
	for (let at = 0; at < buffer.length; at += size) yield buffer.subarray(at, at + size);
}

export const NOW = new Date("2026-11-24T12:00:00.000Z");

export function body(bytes: Uint8Array | string, url = "sample", size?: number): RecordBody {
	return { bytes: pieces(bytes, size), contentType: undefined, url, now: NOW };
}

/** Reads a saved answer as the command line does. */
export async function readAll<Item = VulnItem>(source: AnyRecordSource, bytes: Uint8Array | string, url?: string, size?: number): Promise<Array<ReadItem<Item>>> {
	const { parse } = source.reading;
	if (parse === undefined) throw new Error(`${source.id} reads no file`);
	const items: Array<ReadItem<Item>> = [];
	for await (const item of parse(body(bytes, url, size))) items.push(item as ReadItem<Item>);
	return items;
}

/** The good ones; the test fails where one is not. */
export function good<Item>(items: ReadonlyArray<ReadItem<Item>>): Item[] {
	return items.map((item) => {
		if (!item.ok) throw new Error(`set aside: ${item.where}: ${item.reason}`);
		return item.item;
	});
}

export type Answerer = (request: PullRequest) => { status?: number; headers?: Record<string, string>; body?: string | Uint8Array } | PullFailure;

export interface Watched extends PullTools {
	asked: PullRequest[];
	slept: number[];
}

/** Tools that answer from memory, and remember what was asked and how long was waited. */
export function fakeTools(answer: Answerer, options: { now?: Date; secret?: string; since?: Date; seconds?: number } = {}): Watched {
	const asked: PullRequest[] = [];
	const slept: number[] = [];
	return {
		asked,
		slept,
		now: options.now ?? NOW,
		secret: options.secret,
		...(options.since === undefined ? {} : { since: options.since }),
		secondsLeft: () => options.seconds ?? 120,
		sleep: async (milliseconds) => void slept.push(milliseconds),
		fetch: async (request): Promise<PullAnswer> => {
			asked.push(request);
			const given = answer(request);
			if (given instanceof PullFailure) throw given;
			const bytes = Buffer.from(given.body ?? "");
			return {
				status: given.status ?? 200,
				headers: given.headers ?? {},
				bytes: pieces(bytes),
				text: async () => bytes.toString("utf8"),
				json: async () => {
					try {
						return JSON.parse(bytes.toString("utf8")) as unknown;
					} catch {
						throw new PullFailure(`${request.url} answered with something that is no JSON.`, 200);
					}
				},
			};
		},
	};
}

export function pulling(source: AnyRecordSource): PullReading<VulnItem, Json> {
	if (source.reading.mode !== "pull") throw new Error(`${source.id} does not pull`);
	return source.reading as unknown as PullReading<VulnItem, Json>;
}

export interface Run {
	slices: Array<Slice<VulnItem, Json>>;
	mark: Json | null;
	failure: PullFailure | null;
}

/** A whole run: slice after slice, each mark through JSON as the database keeps it. */
export async function run(source: AnyRecordSource, mark: Json | null, tools: PullTools): Promise<Run> {
	const out: Run = { slices: [], mark, failure: null };
	for (let turn = 0; turn < 200; turn++) {
		try {
			const slice = await pulling(source).next(out.mark, tools);
			out.slices.push(slice);
			out.mark = JSON.parse(JSON.stringify(slice.mark)) as Json;
			if (slice.done) return out;
		} catch (error) {
			if (!(error instanceof PullFailure)) throw error;
			return { ...out, failure: error };
		}
	}
	throw new Error("a run without an end");
}

export function names(done: Run): string[] {
	return done.slices.flatMap(({ items }) => items.map((item) => (item.ok ? item.item.name : `! ${item.where}`)));
}
