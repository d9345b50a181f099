import { canonicalise } from "@/lib/domain";
import { ExistError } from "@/lib/errors";
import { answeringBody, askerOf, enrichEndpoint, methods } from "@/lib/http";
import { ask } from "@/lib/lookup";

/** Asks one service about one value. It is a POST because the value leaves this installation. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	POST: answeringBody(enrichEndpoint, async ({ enricher, type, value, reach, again }, { principal }) => {
		const made = canonicalise(value, type);
		if (!made.ok) throw new ExistError("invalid", `The value is no ${type}: ${made.reason}.`, { field: "value" });
		return ask(enricher, made.indicator, { reach, again, asker: askerOf(principal) });
	}),
});
