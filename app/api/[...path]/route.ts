import { ExistError } from "@/lib/errors";
import { handler } from "@/lib/http";

const nothing = handler({ role: "viewer", scope: "read" }, async () => {
	throw new ExistError("not_found", "Not found.");
});

/** Addresses below the API that are none: the same answer as for a record that is not there, not a page. */
export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
