export { advanceRun, failRun, type Progress } from "./advance-run";
export { type IngestContext, ingestContext, routeTo } from "./context";
export { followLinks } from "./follow-links";
export { housekeeping } from "./housekeeping";
export { importFile } from "./import-file";
export { type FeedPreview, previewSource } from "./preview";
export { readExploitText } from "./read-text";
export { dueSources, finishHeld, setSourceEnabled } from "./schedule";
export { findSource, type StartResult, startRun, type Trigger } from "./start-run";
