import type { RecordSource } from "../record";
import { bleepingcomputer } from "./bleepingcomputer";
import { checkpointResearch } from "./checkpoint-research";
import { cisaAdvisories } from "./cisa-advisories";
import { crowdstrike } from "./crowdstrike";
import { databreaches } from "./databreaches";
import { dfirReport } from "./dfir-report";
import { googleSecurity } from "./google-security";
import { helpnetsecurity } from "./helpnetsecurity";
import { jpcert } from "./jpcert";
import { krebs } from "./krebs";
import { microsoftSecurity } from "./microsoft-security";
import { ncscUk } from "./ncsc-uk";
import { sansIsc } from "./sans-isc";
import { schneier } from "./schneier";
import { securelist } from "./securelist";
import { securityweek } from "./securityweek";
import { sentinellabs } from "./sentinellabs";
import { talos } from "./talos";
import { theRecord } from "./the-record";
import { thehackernews } from "./thehackernews";
import { unit42 } from "./unit42";

/** Every news source, in the order of their numbers. A test compares this list with the folder. */
export const newsSources: ReadonlyArray<RecordSource<"news">> = [
	bleepingcomputer,
	krebs,
	thehackernews,
	sansIsc,
	cisaAdvisories,
	jpcert,
	crowdstrike,
	databreaches,
	microsoftSecurity,
	securelist,
	talos,
	unit42,
	ncscUk,
	dfirReport,
	checkpointResearch,
	securityweek,
	schneier,
	sentinellabs,
	googleSecurity,
	theRecord,
	helpnetsecurity,
];
