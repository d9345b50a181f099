import type { RecordSource } from "../record";
import { botvrijEvents } from "./botvrij-events";
import { circlOsint } from "./circl-osint";
import { mispServerEvents } from "./misp-server";
import { mispUpload } from "./misp-upload";
import { threatfoxEvents } from "./threatfox-events";

/** Every source of events, in the order of their numbers. A test compares this list with the folder. */
export const threatSources: ReadonlyArray<RecordSource<"threat">> = [circlOsint, botvrijEvents, threatfoxEvents, mispServerEvents, mispUpload];
