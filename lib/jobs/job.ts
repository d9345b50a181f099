import type { z } from "zod";
import type { JobServices } from "./services";

/**
 * What a job may ask of whoever runs it. Every call is remembered under its id: a job that is run again after a crash gets
 * the remembered answer instead of the work being done twice. Answers are JSON of references and counts, never data.
 */
export interface Steps {
	run<T>(id: string, work: () => Promise<T>): Promise<T>;
	sleep(id: string, milliseconds: number): Promise<void>;
	sendEvent(id: string, events: readonly JobEvent[]): Promise<void>;
}

/** An event: at most one effect per `id`, whoever sends it how often. */
export interface JobEvent {
	id: string;
	name: string;
	data: Record<string, string | number>;
}

export interface JobContext<Data> {
	data: Data;
	step: Steps;
	services: JobServices;
	/** 0 for the first try of the current step; above 0, an earlier try may have had its effect */
	attempt: number;
}

export interface JobFailure<Data> {
	data: Data;
	/** message of the error that ended the last attempt */
	reason: string;
	step: Steps;
	services: JobServices;
}

interface JobBase<Data> {
	id: string;
	description: string;
	/** tries after the first, for each step; the delay between them grows */
	retries: 0 | 1 | 2 | 3 | 4 | 5;
	/** how many steps of this job may be under way at once, all together or for each value of `key` (`event.data.<name>`) */
	concurrency: ReadonlyArray<{ limit: number; key?: string }>;
	run(context: JobContext<Data>): Promise<unknown>;
	/** called once when the job is given up */
	onFailure?(failure: JobFailure<Data>): Promise<void>;
}

/** A job as data. Crons are in UTC. */
export type Job<Data = unknown> = JobBase<Data> & ({ cron: string } | { event: string; schema: z.ZodType<Data> });

/** Any job: what it takes is known to its own schema only. */
export type AnyJob = JobBase<never> & ({ cron: string } | { event: string; schema: z.ZodType });

/** Checks the shape of a job; the data type comes from its schema. */
export function defineJob<Data = Record<string, never>>(job: Job<Data>): Job<Data> {
	return job;
}
