export { canonicalise, canonicaliseFeed } from "./canonical";
export { type Classification, classify, classifyMany } from "./classify";
export { defang, refang } from "./defang";
export { type Extracted, type ExtractOptions, extractIndicators } from "./extract";
export { hostFromKey, hostKey, hostOf, registrableDomain } from "./host";
export * from "./indicator";
export { addressBytes, addressText, cidrRange, containingCidrs, rangeToCidrs } from "./range";
export { type Warning, warningFor, warningLabel } from "./warnings";
