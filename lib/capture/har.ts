import type { CaptureDetail } from "./rows";

/** The requests of a capture as an HTTP Archive (HAR 1.2): without bodies and headers, which are not kept; unknown sizes are -1. */
export function captureHar({ requestedAt, startedAt, url, title, result }: CaptureDetail): Record<string, unknown> {
	const start = startedAt ?? requestedAt;
	const page = { startedDateTime: start.toISOString(), id: "page", title: title ?? url, pageTimings: {} };
	const entries = (result?.requests ?? []).map(({ url: address, method, status, mediaType, bytes, address: remote, at, failure, kind }) => ({
		pageref: "page",
		startedDateTime: new Date(start.getTime() + at).toISOString(),
		time: 0,
		request: { method, url: address, httpVersion: "", cookies: [], headers: [], queryString: [], headersSize: -1, bodySize: -1 },
		response: {
			status: status ?? 0,
			statusText: "",
			httpVersion: "",
			cookies: [],
			headers: [],
			content: { size: bytes ?? 0, mimeType: mediaType ?? "" },
			redirectURL: "",
			headersSize: -1,
			bodySize: bytes ?? -1,
		},
		cache: {},
		timings: { send: 0, wait: 0, receive: 0 },
		_resourceType: kind,
		...(remote === null ? {} : { serverIPAddress: remote }),
		...(failure === null ? {} : { comment: `${failure.by}: ${failure.reason}` }),
	}));
	return { log: { version: "1.2", creator: { name: "EXIST", version: "1" }, pages: [page], entries } };
}
