import type { RecordSource } from "../record";
import { xHome } from "./x-home";
import { xLists } from "./x-lists";
import { xSearch } from "./x-search";

/** Every source of tweets, in the order of their numbers. A test compares this list with the folder. */
export const twitterSources: ReadonlyArray<RecordSource<"twitter">> = [xHome, xLists, xSearch];
