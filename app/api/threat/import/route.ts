import { ExistError } from "@/lib/errors";
import { runDetail } from "@/lib/health";
import { handler } from "@/lib/http";
import { importFile } from "@/lib/ingest";

/** As a hosted function and its memory take it; the command line takes more. */
const MAX_BYTES = 40 * 1024 * 1024;

/** A MISP JSON file as the request's body. Answers how many events are new, changed or set aside, and why. */
export const POST = handler({ role: "analyst", scope: "run", cost: "export" }, async ({ request, url, principal }) => {
	if (request.body === null) throw new ExistError("invalid", "There is no file. Send a MISP JSON file as the body of the request.", { field: "file" });
	const name = (url.searchParams.get("name") ?? "file").replace(/[^\p{L}\p{N} ._()-]/gu, "_").slice(0, 120);
	const run = await runDetail(await importFile("misp-upload", request.body, { maxBytes: MAX_BYTES, actor: principal.user.email, name }));
	return Response.json(
		{
			run: run.run,
			state: run.state,
			reason: run.reason,
			read: run.read,
			new: run.new,
			updated: run.updated,
			unchanged: run.unchanged,
			setAside: run.setAside,
			setAsideRows: run.setAsideRows.slice(0, 50).map(({ reason }) => reason),
		},
		{ status: run.state === "ok" || run.state === "unchanged" ? 200 : 422, headers: { "cache-control": "private, no-store" } },
	);
});

/** Asked by mistake: says how it is done, to those who may. */
export const GET = handler({ role: "analyst", scope: "run" }, async () => {
	throw new ExistError("invalid", "Files are sent by POST: a MISP JSON file as the body of the request.", { field: "file" });
});
