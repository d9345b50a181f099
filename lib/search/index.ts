export { type CrossResult, crossSearch, type GroupKind, type ResultGroup } from "./cross-search";
export { describeIndicator, type IndicatorDetail, type PresenceInterval } from "./indicator-detail";
export { type NamedIndicator, namedBy, relatedTo } from "./named";
export type { RecordGroup } from "./records";
