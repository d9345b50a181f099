import { type Inngest, type InngestFunction, NonRetriableError } from "inngest";
import { type AnyJob, catalogue, type JobServices, jobServices, type Steps } from "@/lib/jobs";

/** The part of Inngest's step tools that jobs use; the SDK's own types follow every return type through JSON. */
interface StepTools {
	run(id: string, work: () => Promise<unknown>): Promise<unknown>;
	sleep(id: string, time: number): Promise<void>;
	sendEvent(id: string, events: Array<{ id: string; name: string; data: Record<string, unknown> }>): Promise<unknown>;
}

function stepsOf(tools: StepTools): Steps {
	return {
		run: async <T>(id: string, work: () => Promise<T>) => (await tools.run(id, work)) as T,
		sleep: (id, milliseconds) => tools.sleep(id, milliseconds),
		sendEvent: async (id, events) => {
			await tools.sendEvent(
				id,
				events.map((event) => ({ ...event })),
			);
		},
	};
}

/** Data of the event that triggered a job. What does not fit the schema now never will, so it is not tried again. */
function dataOf(job: AnyJob, data: unknown): never {
	if (!("schema" in job)) return {} as never;
	const parsed = job.schema.safeParse(data);
	if (parsed.success) return parsed.data as never;
	const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
	throw new NonRetriableError(`The event for ${job.id} cannot be used: ${faults}`);
}

function toFunction(client: Inngest, job: AnyJob, services: JobServices): InngestFunction.Any {
	const onFailure = job.onFailure?.bind(job);
	return client.createFunction(
		{
			id: job.id,
			name: job.id,
			description: job.description,
			triggers: ["cron" in job ? { cron: job.cron } : { event: job.event }],
			retries: job.retries,
			concurrency: job.concurrency.map((limit) => ({ ...limit })) as [{ limit: number }],
			...(onFailure === undefined
				? {}
				: {
						onFailure: async ({ event, error, step }: { event: { data: { event: { data?: unknown } } }; error: Error; step: unknown }) => {
							await onFailure({ data: dataOf(job, event.data.event.data), reason: error.message, step: stepsOf(step as StepTools), services });
						},
					}),
		},
		async ({ event, step, attempt }) => job.run({ data: dataOf(job, event.data), step: stepsOf(step as unknown as StepTools), services, attempt }),
	);
}

/** The catalogue as Inngest functions. */
export function makeFunctions(client: Inngest, services: JobServices = jobServices, jobs: readonly AnyJob[] = catalogue): InngestFunction.Any[] {
	return jobs.map((job) => toFunction(client, job, services));
}
