import type { RecordStore } from "@/lib/records";
import { exploitStore } from "./exploit/store";
import { newsStore } from "./news/store";
import { threatStore } from "./threat/store";
import { twitterStore } from "./twitter/store";
import { vulnStore } from "./vuln/store";

/** Where the records of each tracker go. Ingest reads this and nothing else of the trackers. */
export const recordStores: Readonly<Record<string, RecordStore<never>>> = {
	threat: threatStore,
	exploit: exploitStore,
	twitter: twitterStore,
	news: newsStore,
	vuln: vulnStore,
};
