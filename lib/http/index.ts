export { boundedRequest } from "./body";
export { handler, json, openHandler } from "./handler";
export { listResponse } from "./list-response";
export { checkOriginHeaders, publicOrigin } from "./origin";
