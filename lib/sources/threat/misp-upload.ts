import { defineRecordSource } from "../record";
import { readEventBody } from "./misp/document";

/** Files that people hand in: by the import page, or `exist threat import`. It is never asked by itself. */
export const mispUpload = defineRecordSource<"threat">({
	id: "misp-upload",
	name: "Imported MISP files",
	number: 1205,
	tracker: "threat",
	homepage: "https://www.misp-standard.org/rfc/misp-standard-core.html",
	everyMinutes: 1440,
	enabledByDefault: false,
	offReason: "Takes files only: by the import page, or `exist threat import <file>`.",
	licence: { name: "of the files' authors", redistributable: false },
	reading: { mode: "pull", next: async () => ({ items: [], mark: null, done: true }), parse: readEventBody },
});
