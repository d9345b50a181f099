import { z } from "zod";
import type { Capture, CaptureDetail, PartHead } from "@/lib/capture";
import { CAPTURE_STATES, type CaptureResult, OUTCOMES, PROFILES } from "@/lib/capture/result";

/** Captures as the API describes and answers them. */

const time = z.iso.datetime();
const text = z.string();

const capture = z.object({
	id: text,
	url: text.describe("as it is visited: canonical, without name and password"),
	profile: z.enum(PROFILES),
	state: z.enum(CAPTURE_STATES),
	outcome: z.enum(OUTCOMES).nullable().describe("once it is done"),
	reason: text.nullable().describe("why there is nothing to see, in words"),
	interrupted: z.boolean().describe("the attempt under way has died; it is tried again"),
	requestedBy: text,
	requestedAt: time,
	startedAt: time.nullable(),
	finishedAt: time.nullable(),
	expiresAt: time.nullable().describe("null while somebody keeps it"),
	pinnedBy: text.nullable(),
	previous: text.nullable().describe("the capture of the same URL before this one"),
	finalUrl: text.nullable(),
	status: z.int().nullable().describe("of the last answer"),
	title: text.nullable(),
	contentSha256: text.nullable(),
	page: z.url().describe("its page"),
});

const request = z.object({
	url: text,
	method: text,
	kind: text.describe("document, script, image … as the browser calls it"),
	status: z.int().nullable(),
	mediaType: text.nullable(),
	bytes: z.number().nullable().describe("of the body on the wire"),
	address: text.nullable().describe("the address that was dialled"),
	at: z.number().describe("milliseconds after the start"),
	failure: z.object({ by: z.enum(["guard", "network", "budget"]), reason: text }).nullable(),
});

const result = z.object({
	outcome: z.enum(OUTCOMES),
	reason: text.nullable(),
	finalUrl: text,
	hops: z.array(z.object({ url: text, status: z.int(), by: z.enum(["location", "refresh", "page"]), address: text.nullable() })),
	response: z
		.object({
			status: z.int(),
			contentType: text.nullable(),
			bytes: z.number(),
			truncated: z.boolean(),
			server: text.nullable(),
			lastModified: text.nullable(),
			sha256: text.nullable(),
			headers: z.array(z.tuple([text, text])),
			address: text.nullable(),
		})
		.nullable(),
	title: text.nullable(),
	encoding: text.nullable(),
	certificate: z.object({ subject: text, issuer: text, names: z.array(text), validFrom: text, validTo: text, fingerprint: text, protocol: text, fault: text.nullable() }).nullable(),
	requests: z.array(request),
	console: z.array(z.object({ level: text, text })),
	cookies: z.array(z.object({ name: text, value: text, domain: text, path: text, expires: text.nullable(), secure: z.boolean(), httpOnly: z.boolean(), sameSite: text.nullable() })),
	favicon: z.object({ url: text, sha256: text, mmh3: z.number(), bytes: z.number() }).nullable(),
	downloads: z.array(z.object({ url: text, name: text, mediaType: text.nullable(), bytes: z.number(), sha256: text, kept: z.boolean() })),
	dialogs: z.array(z.object({ kind: text, text })),
	popups: z.array(text),
	more: z
		.object({ hops: z.int(), headers: z.int(), names: z.int(), requests: z.int(), console: z.int(), cookies: z.int(), downloads: z.int(), dialogs: z.int(), popups: z.int() })
		.describe("of each list, how many there were beyond those that are listed; headers of the response, names of the certificate"),
	fullPage: z
		.object({
			height: z.number().describe("CSS pixels from the page's top to its end"),
			shown: z.number().describe("how many of them are in the picture, from the top"),
			lost: text.nullable().describe("why there is no picture of the whole page, in words"),
		})
		.nullable()
		.describe("how the picture of the whole page came out"),
	tookMs: z.number(),
	wireBytes: z.number(),
}) satisfies z.ZodType<CaptureResult>;

const part = z.object({ kind: text, number: z.int(), mediaType: text, bytes: z.int() });

export const captureAnswer = z.object({ id: text, state: z.enum(CAPTURE_STATES), url: text, shared: z.boolean().describe("somebody asked before: this is that capture"), page: z.url() });
export const captureList = z.object({ next: z.url().nullable().describe("address of the next page"), results: z.array(capture) });
export const captureItem = capture.extend({ result: result.nullable(), parts: z.array(part).describe("bytes that are kept") });
export const captureRequests = z.object({ more: z.int().describe("requests that were counted, not listed"), requests: z.array(request) });

export type CaptureJson = z.output<typeof capture>;
export type CaptureDetailJson = z.output<typeof captureItem>;

/** A capture as the API gives it; `origin` is where this installation is. */
export function captureJson({ host: _host, ...capture }: Capture, origin: string): CaptureJson {
	const at = (date: Date | null): string | null => date?.toISOString() ?? null;
	return {
		...capture,
		requestedAt: capture.requestedAt.toISOString(),
		startedAt: at(capture.startedAt),
		finishedAt: at(capture.finishedAt),
		expiresAt: at(capture.expiresAt),
		page: `${origin}/captures/${capture.id}`,
	};
}

/** The same with its result and what bytes there are. */
export function captureDetailJson({ result: said, ...capture }: CaptureDetail, parts: readonly PartHead[], origin: string): CaptureDetailJson {
	return { ...captureJson(capture, origin), result: said, parts: parts.map(({ size, ...head }) => ({ ...head, bytes: size })) };
}
