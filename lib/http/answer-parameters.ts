import { z } from "zod";
import { type AnyTracker, listParameter, type Parameter, readParameter } from "@/lib/trackers";

export const FORMATS = ["json", "csv", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

/** How a list is answered; without it the `Accept` header decides. */
export const FORMAT_PARAMETER: Parameter<Format> = {
	names: ["format"],
	many: false,
	schema: z.enum(FORMATS, `one of ${FORMATS.join(", ")}`),
	description: "json, or all matches from the cursor on as csv or ndjson; the Accept header says the same",
	example: "json",
};

/** Which fields are answered, in this order. */
export function fieldsParameter(names: readonly string[]): Parameter<string[]> {
	return listParameter("fields", names, { description: "only these fields, in this order", example: names.slice(0, 2).join(",") });
}

/** What a request wants its list as. Throws `invalid`. */
export function wantedFormat(request: Request): Format {
	const asked = readParameter(FORMAT_PARAMETER, new URL(request.url).searchParams);
	if (asked !== undefined) return asked;
	const accept = request.headers.get("accept") ?? "";
	if (accept.includes("text/csv")) return "csv";
	return accept.includes("application/x-ndjson") ? "ndjson" : "json";
}

/** Cuts an item to the fields that are asked for. Throws `invalid` for one that the resource lacks. */
export function fieldPicker(tracker: AnyTracker, params: URLSearchParams): (item: Record<string, unknown>) => Record<string, unknown> {
	const fields = readParameter(fieldsParameter(Object.keys(tracker.item.shape)), params);
	return fields === undefined ? (item) => item : (item) => Object.fromEntries(fields.map((name) => [name, item[name]]));
}
