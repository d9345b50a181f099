export { boundedRequest } from "./body";
export { answering, healthEndpoint, indexEndpoint, searchEndpoint, sourcesEndpoint } from "./endpoints";
export { handler, json, methods, openHandler } from "./handler";
export { itemResponse, listCost, listResponse } from "./list-response";
export { openApiDocument } from "./openapi";
export { checkOriginHeaders, publicOrigin } from "./origin";
