import { captureParts, findCapture } from "@/lib/capture";
import { answering, captureDetailJson, methods, oneCaptureEndpoint, publicOrigin } from "@/lib/http";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: answering(oneCaptureEndpoint, async (_query, { params, request }) => {
		const id = params.id ?? "";
		const capture = await findCapture(id);
		return captureDetailJson(capture, await captureParts(id), publicOrigin(request));
	}),
});
