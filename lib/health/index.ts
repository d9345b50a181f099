export { geoCredit, type InstallationHealth, installationHealth, isDemo } from "./installation";
export { type IngestProgress, ingestProgress } from "./progress";
export { type RunDetail, type RunSummary, runDetail, sourceRuns } from "./runs";
export { type SourceHealth, type SourceState, sourceHealth } from "./sources";
