export { geoCredit, type InstallationHealth, installationHealth, isDemo } from "./installation";
export { type IngestProgress, ingestProgress } from "./progress";
export { healthReading } from "./reading";
export { type RunDetail, type RunSummary, runDetail, sourceRuns } from "./runs";
export { type SourceHealth, type SourceState, sourceHealth, sourcesWell } from "./sources";
export { xSearchTrouble } from "./x-search";
