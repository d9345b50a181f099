import type { z } from "zod";
import type { captureRequests } from "./capture-shapes";
import { csvOf } from "./csv";

const SAFE = {
	"x-content-type-options": "nosniff",
	"cross-origin-resource-policy": "same-origin",
	"cache-control": "private, no-store",
} as const;

/** What somebody else's page left, so that no browser takes it for one of ours: `type` and `name` are ours, never the target's. The policy with `sandbox` is put on by `next.config.ts`. */
export function evidence(
	bytes: Uint8Array<ArrayBuffer> | string,
	type: "image/png" | "text/plain; charset=utf-8" | "text/csv; charset=utf-8" | "application/zip" | "application/json",
	name: string | null,
): Response {
	return new Response(bytes, { headers: { ...SAFE, "content-type": type, "content-disposition": name === null ? "inline" : `attachment; filename="${name}"` } });
}

type Requests = z.output<typeof captureRequests>["requests"];

/** Requests as a table for spreadsheets, inert. */
export async function requestsCsv(requests: Requests): Promise<string> {
	async function* rows() {
		yield* requests;
	}
	const columns = [
		{ header: "at ms", value: ({ at }: Requests[number]) => at },
		{ header: "method", value: ({ method }: Requests[number]) => method },
		{ header: "url", value: ({ url }: Requests[number]) => url },
		{ header: "kind", value: ({ kind }: Requests[number]) => kind },
		{ header: "status", value: ({ status }: Requests[number]) => status },
		{ header: "media type", value: ({ mediaType }: Requests[number]) => mediaType },
		{ header: "bytes", value: ({ bytes }: Requests[number]) => bytes },
		{ header: "address", value: ({ address }: Requests[number]) => address },
		{ header: "failure", value: ({ failure }: Requests[number]) => (failure === null ? null : `${failure.by}: ${failure.reason}`) },
	];
	let text = "";
	for await (const chunk of csvOf(columns, rows())) text += chunk;
	return text;
}
