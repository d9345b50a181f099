export { buildFeed } from "./build";
export { EXPECTATIONS, FEED_FORMATS, type FeedConfig, type FeedDraft, FIELDS } from "./config";
export { addFeed, type CustomFeed, changeFeed, customFeed, customSources, knowAddedFeeds, readDraft } from "./store";
