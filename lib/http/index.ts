export { csvCell, csvLine, csvOf } from "./csv";
export { type HandlerContext, handler, json, openHandler } from "./handler";
export { listResponse } from "./list-response";
export { checkOrigin, publicOrigin } from "./origin";
export { streamed } from "./stream";
