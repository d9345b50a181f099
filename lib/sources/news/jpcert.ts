import { JPCERT } from "../licences";
import { newsFeed } from "../news-feed";

/** RSS 1.0 (RDF), Japanese. `jpcert-all.rdf` would add the weekly report's parts. */
export const jpcert = newsFeed({
	id: "jpcert",
	name: "JPCERT/CC",
	number: 1406,
	homepage: "https://www.jpcert.or.jp/",
	url: "https://www.jpcert.or.jp/rss/jpcert.rdf",
	everyMinutes: 60,
	licence: JPCERT,
});
