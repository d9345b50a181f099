import { ExistError } from "@/lib/errors";
import { handler } from "@/lib/http";

/** Nothing lies this deep; programs are told so in JSON rather than by a page. */
export const GET = handler({ role: "viewer", scope: "read" }, async () => {
	throw new ExistError("not_found", "Not found.");
});
