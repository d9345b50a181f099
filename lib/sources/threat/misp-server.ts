import { mispServer } from "./misp/server";

/** The team's own server (`MISP_URL`, `MISP_KEY`). Its numbers are the API's, as in the original. */
export const mispServerEvents = mispServer({
	id: "misp-server",
	name: "MISP server",
	number: 1204,
	homepage: "https://www.misp-project.org/",
	secret: { name: "mispServer", required: true },
	everyMinutes: 5,
	licence: { name: "of the server's communities", redistributable: false },
});
