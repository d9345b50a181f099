export { askerOf } from "./asker";
export { boundedRequest } from "./body";
export { bulkResponse } from "./bulk";
export { type CaptureDetailJson, type CaptureJson, captureDetailJson, captureJson } from "./capture-shapes";
export {
	answering,
	answeringBody,
	bulkEndpoint,
	captureDownloadEndpoint,
	captureEndpoint,
	capturePictureEndpoint,
	captureRequestsEndpoint,
	captureSourceEndpoint,
	capturesEndpoint,
	downloadEndpoint,
	enrichEndpoint,
	indexEndpoint,
	lookupEndpoint,
	oneCaptureEndpoint,
	searchEndpoint,
	sourcesEndpoint,
} from "./endpoints";
export { evidence, requestsCsv } from "./evidence";
export { apiExamples, apiGuide, type GuideCall, type GuideParameter, type GuideResource } from "./guide";
export { handler, json, methods, openHandler } from "./handler";
export { itemResponse, listCost, listResponse } from "./list-response";
export { openApiDocument } from "./openapi";
export { checkOriginHeaders, checkSameSite, publicAddress, publicOrigin } from "./origin";
export { apiBudget, checkLimit } from "./rate-headers";
