export { buildFeed } from "./build";
export { EXPECTATIONS, FEED_FORMATS, type FeedConfig, type FeedDraft, FIELDS, trackerOf } from "./config";
export { addFeed, type CustomFeed, changeFeed, customFeed, customFeeds, customSources, readDraft } from "./store";
