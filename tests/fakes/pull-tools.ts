import { type PullAnswer, PullFailure, type PullRequest, type PullTools } from "@/lib/sources/record";

/** What a faked provider says: an object is sent as JSON, a text as it is. */
export interface FakeAnswer {
	status?: number;
	headers?: Record<string, string>;
	body?: unknown;
	retryAfter?: number;
}

export interface FakeTools extends PullTools {
	/** every request that was made, in order */
	requests: PullRequest[];
	/** milliseconds slept in all */
	slept: number;
}

/** The tools a pulling source gets, in front of a provider that is a function: no socket, no clock. */
export function fakeTools(provider: (request: PullRequest) => FakeAnswer | Promise<FakeAnswer>, options: { now?: Date; secret?: string; secondsLeft?: () => number } = {}): FakeTools {
	const requests: PullRequest[] = [];
	const tools: FakeTools = {
		requests,
		slept: 0,
		secret: options.secret,
		now: options.now ?? new Date("2026-11-24T12:00:00Z"),
		secondsLeft: options.secondsLeft ?? (() => 50),
		sleep: async (milliseconds) => {
			tools.slept += milliseconds;
		},
		fetch: async (request) => {
			requests.push(structuredClone(request));
			const { status = 200, headers = {}, body, retryAfter } = await provider(request);
			if ((status < 200 || status > 299) && status !== 304) throw new PullFailure(`${new URL(request.url).host} answered ${status}`, status, retryAfter);
			const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
			const answer: PullAnswer = {
				status,
				headers,
				text: async () => text,
				json: async () => {
					try {
						return JSON.parse(text);
					} catch {
						throw new PullFailure(`${new URL(request.url).host} answered something else than JSON: ${text.slice(0, 40)}`, status);
					}
				},
				bytes: (async function* () {
					yield Buffer.from(text);
				})(),
			};
			return answer;
		},
	};
	return tools;
}
