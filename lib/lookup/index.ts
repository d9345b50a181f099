export { type AskOptions, ask } from "./ask";
export { type LookupContext, lookupContext } from "./context";
export { offers } from "./offers";
export type { Answer, Offer, Reach } from "./states";
