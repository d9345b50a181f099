import type { RecordStore } from "@/lib/records";
import { exploitStore } from "./exploit/store";
import { newsStore } from "./news/store";
import { threatStore } from "./threat/store";
import { twitterStore } from "./twitter/store";
import { vulnStore } from "./vuln/store";

/** Where the records of each tracker go. Reading sources needs this of the trackers, and housekeeping what a definition says is `counted`. */
export const recordStores: Readonly<Record<string, RecordStore<never>>> = {
	threat: threatStore,
	exploit: exploitStore,
	twitter: twitterStore,
	news: newsStore,
	vuln: vulnStore,
};
