export { boundedRequest } from "./body";
export { bulkResponse } from "./bulk";
export { answering, answeringBody, bulkEndpoint, downloadEndpoint, enrichEndpoint, indexEndpoint, lookupEndpoint, searchEndpoint, sourcesEndpoint } from "./endpoints";
export { apiExamples, apiGuide, type GuideCall, type GuideParameter, type GuideResource } from "./guide";
export { handler, json, methods, openHandler } from "./handler";
export { itemResponse, listCost, listResponse } from "./list-response";
export { openApiDocument } from "./openapi";
export { checkOriginHeaders, publicAddress, publicOrigin } from "./origin";
export { apiBudget, checkLimit } from "./rate-headers";
