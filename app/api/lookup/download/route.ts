import { Readable } from "node:stream";
import { canonicalise } from "@/lib/domain";
import { ExistError } from "@/lib/errors";
import { askerOf, checkSameSite, downloadEndpoint, handler, methods } from "@/lib/http";
import { openDownload } from "@/lib/lookup";
import { readGiven } from "@/lib/trackers";

/** Served so that no browser shows it: a file of somebody else's, under our name. */
const HEADERS = { "content-type": "application/octet-stream", "x-content-type-options": "nosniff", "content-security-policy": "sandbox; default-src 'none'", "cache-control": "private, no-store" };

/** A file that an answer offered. Its name is ours, its bytes are the provider's and pass through. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "lookup", cost: downloadEndpoint.cost }, async ({ url, request, principal }) => {
		// It spends what the provider grants us: somebody else's page must not make a browser ask for it.
		if (principal.kind === "session") checkSameSite(request);
		if (request.method === "HEAD") return new Response(null, { headers: HEADERS });
		const { enricher, id, type, value } = readGiven(downloadEndpoint.parameters, url.searchParams);
		if (enricher === undefined || id === undefined || value === undefined) throw new ExistError("invalid", "A download needs enricher, id, type and value, as an answer of the service names them.");
		const made = canonicalise(value, type?.[0] ?? "any");
		if (!made.ok) throw new ExistError("invalid", `The value is no indicator: ${made.reason}.`, { field: "value" });
		const file = await openDownload(enricher, made.indicator, id, askerOf(principal));
		return new Response(Readable.toWeb(Readable.from(file.body)) as ReadableStream<Uint8Array>, { headers: { ...HEADERS, "content-disposition": `attachment; filename="${file.name}"` } });
	}),
});
