export { handler, json, openHandler } from "./handler";
export { listResponse } from "./list-response";
export { publicOrigin } from "./origin";
