export { EXPOSURES } from "@/lib/enrichers/define";
export { type AskOptions, ask } from "./ask";
export { type LookupContext, lookupContext } from "./context";
export { type Download, openDownload } from "./download";
export { offers } from "./offers";
export { type Answer, type Offer, REACHES, type Reach } from "./states";
