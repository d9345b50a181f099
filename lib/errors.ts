/**
 * Errors with a code. Services throw them, and `toProblem` is the one place that maps them to HTTP.
 * A message names the value and the way out; whatever is not an `ExistError` never leaks its text.
 */

const STATUS = {
	invalid: 400,
	unauthenticated: 401,
	forbidden: 403,
	not_found: 404,
	not_allowed: 405,
	conflict: 409,
	too_large: 413,
	unprocessable: 422,
	rate_limited: 429,
	upstream: 502,
	unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;

/** Every code and its status, for the description of the API. */
export const ERROR_STATUS: Readonly<Record<ErrorCode, number>> = STATUS;

export interface ErrorExtras {
	/** field or parameter that is at fault */
	field?: string;
	/** several faults, or places in a value, for whoever shows them there */
	details?: ReadonlyArray<Readonly<Record<string, string | number>>>;
	/** seconds after which trying again makes sense; becomes `Retry-After` */
	retryAfter?: number;
	/** methods that are possible; becomes `Allow` */
	allow?: string;
	cause?: unknown;
}

/** A failure with a code the caller can act on and a message made for people. */
export class ExistError extends Error {
	readonly code: ErrorCode;
	readonly field: string | undefined;
	readonly details: ErrorExtras["details"];
	readonly retryAfter: number | undefined;
	readonly allow: string | undefined;

	constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
		super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
		this.name = "ExistError";
		this.code = code;
		this.field = extras.field;
		this.details = extras.details;
		this.retryAfter = extras.retryAfter;
		this.allow = extras.allow;
	}
}

export interface Problem {
	status: number;
	/** `detail` is what the original's clients read; the rest is ours */
	body: { detail: string; code: ErrorCode | "internal"; field?: string; details?: NonNullable<ErrorExtras["details"]> };
	headers: Record<string, string>;
}

/** Maps any thrown value to a status and a JSON body. Unknown errors become 500 without their text. */
export function toProblem(error: unknown): Problem {
	if (error instanceof ExistError) {
		const body: Problem["body"] = { detail: error.message, code: error.code };
		if (error.field !== undefined) body.field = error.field;
		if (error.details !== undefined) body.details = error.details;
		return {
			status: STATUS[error.code],
			body,
			headers: {
				...(error.retryAfter === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(error.retryAfter))) }),
				...(error.allow === undefined ? {} : { allow: error.allow }),
			},
		};
	}
	return { status: 500, body: { detail: "Something failed on the server. It has been logged.", code: "internal" }, headers: {} };
}

/** Cuts a value for use inside a message: control characters made visible, at most `max` characters. */
export function shown(value: string, max = 80): string {
	const flat = value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "\ufffd");
	return flat.length > max ? `${flat.slice(0, max)}…` : flat;
}
