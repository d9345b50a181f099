export { type FeedFormat, type FeedItem, type FeedRecord, SuspectBody } from "./formats";
export { type AddressPolicy, isPublicAddress, type Resolver } from "./guard";
export { FetchFailure, type FetchOptions, type GuardedResponse, guardedFetch, maskUrl } from "./guarded-fetch";
export { readFeed } from "./read-feed";
export { retryAfterSeconds } from "./retry-after";
export { unpack } from "./unpack";
export { readXml, type XmlElement, type XmlOptions } from "./xml";
