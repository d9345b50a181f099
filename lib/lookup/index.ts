export { EXPOSURES } from "@/lib/enrichers/define";
export { type AskOptions, ask } from "./ask";
export { BULK_KINDS, type BulkAnswer, type BulkKind, bulkLookup, bulkPortions, MAX_BULK } from "./bulk";
export { BULK_COLUMNS } from "./bulk-columns";
export { type LookupContext, lookupContext } from "./context";
export { type Download, openDownload } from "./download";
export { offers } from "./offers";
export { type Service, services } from "./services";
export { type Answer, type Offer, REACHES, type Reach } from "./states";
