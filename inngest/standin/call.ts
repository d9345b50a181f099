import { canonicalJson, type FunctionConfig, type Op, retryAfterMs, type SerializedError, type StepResult, type StoredEvent, sign, toError } from "./protocol";

/** Where the app is and what requests to it are signed with. */
export interface AppAddress {
	url: string;
	signingKey: string;
	/** milliseconds one request may take */
	timeoutMs: number;
}

export type Answer =
	| { kind: "ops"; ops: Op[]; retryAfter?: number }
	| { kind: "done"; output: unknown }
	| { kind: "error"; error: SerializedError; retriable: boolean; retryAfter?: number }
	/** the app did not take the request at all: the step did not begin */
	| { kind: "away"; reason: string };

export interface CallInput {
	fn: string;
	run: string;
	step: string;
	attempt: number;
	maxAttempts: number;
	event: StoredEvent;
	steps: Array<{ id: string; result: StepResult }>;
	/** other steps of the run wait already: a lone unfinished step may not be run at once, it would run twice */
	planOnly: boolean;
}

/** Statuses of an app that is starting, stopping or configured with another key. */
const NOT_SERVING = new Set([401, 404, 502, 503]);

/** As with Inngest: at most 4 MB a step. */
const MAX_ANSWER = 4 * 1024 * 1024;

function requestBody(input: CallInput): string {
	const stack = input.steps.map(({ id }) => id);
	return canonicalJson({
		version: 2,
		event: input.event,
		events: [input.event],
		steps: Object.fromEntries(input.steps.map(({ id, result }) => [id, result])),
		ctx: {
			run_id: input.run,
			attempt: input.attempt,
			max_attempts: input.maxAttempts,
			disable_immediate_execution: input.planOnly,
			use_api: false,
			stack: { stack, current: stack.length },
		},
	});
}

function refused(error: unknown): boolean {
	const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
	return cause?.code === "ECONNREFUSED";
}

/** Asks the app to go on with a run, and reads its answer. Never rejects. */
export async function callApp(input: CallInput, app: AppAddress, stop: AbortSignal, now: number): Promise<Answer> {
	const body = requestBody(input);
	const url = new URL("/api/inngest", app.url);
	url.searchParams.set("fnId", input.fn);
	url.searchParams.set("stepId", input.step);
	let response: Response;
	let text: string;
	try {
		response = await fetch(url, {
			method: "POST",
			body,
			redirect: "error",
			headers: { "content-type": "application/json", "x-inngest-signature": sign(body, app.signingKey, Date.now()), "x-inngest-server-kind": "cloud" },
			signal: AbortSignal.any([stop, AbortSignal.timeout(app.timeoutMs)]),
		});
		text = await response.text();
	} catch (error) {
		if (stop.aborted) return { kind: "away", reason: "The stand-in is stopping." };
		if (refused(error)) return { kind: "away", reason: "The app does not answer." };
		const timedOut = error instanceof Error && error.name === "TimeoutError";
		const message = timedOut ? `No answer within ${app.timeoutMs / 1000} s.` : "The app ended the connection within a step.";
		return { kind: "error", error: { name: "Error", message }, retriable: true };
	}
	if (NOT_SERVING.has(response.status)) return { kind: "away", reason: `The app answered ${response.status}.` };
	return readAnswer(response, text, now);
}

function readAnswer(response: Response, text: string, now: number): Answer {
	if (text.length > MAX_ANSWER) return { kind: "error", error: { name: "Error", message: "A step's output is above 4 MB." }, retriable: false };
	let value: unknown;
	try {
		value = text === "" ? null : JSON.parse(text);
	} catch {
		return { kind: "error", error: { name: "Error", message: `The app answered ${response.status} with something that is not JSON.` }, retriable: true };
	}
	const wait = retryAfterMs(response.headers.get("retry-after"), now);
	const later = wait === undefined ? {} : { retryAfter: wait };
	if (response.status === 206) return { kind: "ops", ops: (Array.isArray(value) ? value : [value]) as Op[], ...later };
	if (response.status === 200) return { kind: "done", output: value };
	return { kind: "error", error: toError(value), retriable: response.headers.get("x-inngest-no-retry") !== "true" && response.status !== 400, ...later };
}

/** Asks the app to register its functions. Resolves with an error text, or null when it did. */
export async function askToRegister(app: AppAddress, stop: AbortSignal): Promise<string | null> {
	try {
		const response = await fetch(new URL("/api/inngest", app.url), {
			method: "PUT",
			redirect: "error",
			headers: { "x-inngest-signature": sign("", app.signingKey, Date.now()), "x-inngest-server-kind": "cloud" },
			signal: AbortSignal.any([stop, AbortSignal.timeout(app.timeoutMs)]),
		});
		const text = await response.text();
		return response.ok ? null : `${response.status} ${text.slice(0, 300)}`;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/** Body of a registration, as far as it is used. Throws where it is none. */
export function readRegistration(value: unknown): FunctionConfig[] {
	const { functions } = (value ?? {}) as { functions?: unknown };
	if (!Array.isArray(functions)) throw new Error("The registration names no functions.");
	return functions as FunctionConfig[];
}
