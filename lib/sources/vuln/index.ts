import type { RecordSource } from "../record";
import { epss } from "./epss";
import { jvn } from "./jvn";
import { nvd } from "./nvd";

/** Every source of vulnerabilities, in the order of their numbers. A test compares this list with the folder. */
export const vulnSources: ReadonlyArray<RecordSource<"vuln">> = [nvd, jvn, epss];
