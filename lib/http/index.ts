export { csvCell, csvLine, csvOf } from "./csv";
export { handler, type HandlerContext, json, openHandler } from "./handler";
export { listResponse } from "./list-response";
export { checkOrigin, publicOrigin } from "./origin";
export { streamed } from "./stream";
