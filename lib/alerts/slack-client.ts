import { type Logger, type LogLevel, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError, WebClient } from "@slack/web-api";
import { Agent, fetch as undiciFetch } from "undici";
import { shown } from "@/lib/errors";
import { LIMITED } from "./waits";

/** How Slack is reached. */
export interface SlackAccess {
	token: string;
	/** null: Slack's own */
	apiUrl: string | null;
	timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
const MAX_ANSWER = 8 * 1024 * 1024;

/** The client's own log would name addresses and bodies; what went wrong is told by what it throws. */
const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, setLevel: () => {}, getLevel: () => "error" as LogLevel, setName: () => {} };

/**
 * Slack's client with nothing of its own will: no retries, no waiting for rate limits (both are the outbox's), no method that names
 * another address. It sends `redirect: "error"`, so no answer can lead the token elsewhere; the connection is made by an agent of ours,
 * which knows no proxy of the environment.
 */
export function slackClient({ token, apiUrl, timeoutMs }: SlackAccess): { client: WebClient; close: () => Promise<void> } {
	const timeout = timeoutMs ?? TIMEOUT_MS;
	const agent = new Agent({ connect: { timeout: Math.min(timeout, 10_000) }, maxResponseSize: MAX_ANSWER, connections: 4 });
	const client = new WebClient(token, {
		...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
		timeout,
		rejectRateLimitedCalls: true,
		retryConfig: { retries: 0 },
		allowAbsoluteUrls: false,
		logger: silent,
		// undici's types of fetch are its own; the calls are the standard's.
		fetch: ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher: agent })) as unknown as typeof fetch,
	});
	return { client, close: () => agent.destroy().catch(() => {}) };
}

/**
 * What went wrong with a call. `unreached`: it surely had no effect, Slack was not there. `limited`: no effect, come later.
 * `lost`: it may have had its effect, the answer did not come. `doubtful`: an answer came that says nothing (5xx, HTML), or (`partly`)
 * Slack says itself that part may have been done. `refused`: Slack says no, with a code.
 */
export type SlackFault =
	| { kind: "unreached"; words: string }
	| { kind: "limited"; seconds: number | null; words: string }
	| { kind: "lost"; words: string }
	| { kind: "doubtful"; partly?: boolean; words: string }
	| { kind: "refused"; code: string; needed: string | null; words: string };

/** "It's possible some aspect of the operation succeeded before the error was raised": Slack's own words on these. */
const PARTLY_CODES: ReadonlySet<string> = new Set(["internal_error", "fatal_error"]);
/** Slack was not able to, or did not get all of the request. */
const DOUBTFUL_CODES: ReadonlySet<string> = new Set(["service_unavailable", "request_timeout"]);
const LIMIT_CODES: ReadonlySet<string> = new Set(["ratelimited", "rate_limited", "message_limit_exceeded"]);
/** Before a connection stands nothing is sent. */
const BEFORE_SENDING =
	/^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_\w+|SELF_SIGNED\w*|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|ESERVFAIL)$/;

function codeOf(error: unknown): string {
	let current = error as { code?: unknown; cause?: unknown; errors?: unknown[] } | undefined;
	for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth++) {
		if (typeof current.code === "string" && !current.code.startsWith("slack_")) return current.code;
		current = (current.cause ?? current.errors?.[0]) as typeof current;
	}
	return "";
}

function ofRequest(error: unknown): SlackFault {
	const code = codeOf(error);
	const dns = /^(?:ENOTFOUND|EAI_|ESERVFAIL)/.test(code);
	if (BEFORE_SENDING.test(code)) return { kind: "unreached", words: dns ? `Slack's name is not resolved (${code}).` : `Slack cannot be reached (${code}).` };
	const text = `${String((error as Error).message)} ${String(((error as Error).cause as Error | undefined)?.message ?? "")}`;
	if (/redirect/i.test(text)) return { kind: "unreached", words: "The answer leads elsewhere: something stands between us and Slack. Nothing was sent on." };
	const name = (error as Error).name;
	return { kind: "lost", words: name === "TimeoutError" || name === "AbortError" ? "Slack did not answer in time." : `The connection to Slack broke off${code === "" ? "" : ` (${code})`}.` };
}

function ofPlatform(error: WebAPIPlatformError): SlackFault {
	const { data } = error;
	const code = String(data.error ?? "");
	// What is no JSON arrives as the code of an error: the whole page of whoever answered in Slack's place.
	if (!/^[a-z][a-z0-9_]{1,60}$/.test(code)) return { kind: "doubtful", words: "The answer is not Slack's (no JSON)." };
	if (LIMIT_CODES.has(code)) return { kind: "limited", seconds: data.response_metadata?.retryAfter ?? null, words: LIMITED };
	if (PARTLY_CODES.has(code)) return { kind: "doubtful", partly: true, words: `Slack says ${code}: it may have been done all the same.` };
	if (DOUBTFUL_CODES.has(code)) return { kind: "doubtful", words: `Slack says ${code}.` };
	const { needed: scope } = data as { needed?: unknown };
	const needed = typeof scope === "string" ? scope : null;
	return { kind: "refused", code, needed, words: `Slack says ${code}${needed === null ? "" : ` (needs ${shown(needed)})`}.` };
}

/** What an error of the client means. Never holds the token: neither address nor headers are in it. */
export function slackFault(error: unknown): SlackFault {
	if (error instanceof WebAPIRateLimitedError) return { kind: "limited", seconds: error.retryAfter, words: LIMITED };
	if (error instanceof WebAPIPlatformError) return ofPlatform(error);
	if (error instanceof WebAPIRequestError) return ofRequest(error.original);
	if (error instanceof Error && "statusCode" in error) return { kind: "doubtful", words: `Slack answers with status ${String(error.statusCode)}.` };
	if (error instanceof Error && error.message.startsWith("Retry header")) return { kind: "limited", seconds: null, words: LIMITED };
	return ofRequest(error);
}
