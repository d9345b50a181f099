import { z } from "zod";
import { PROFILES } from "@/lib/capture/result";
import { PICTURES, SOURCES } from "@/lib/capture/views";
import { integerParameter, listParameter, textParameter } from "@/lib/trackers";
import { captureAnswer, captureItem, captureList, captureRequests } from "./capture-shapes";
import { defineEndpoint, definePost } from "./endpoint";

const capture = { id: "`id` of a capture" };

export const captureEndpoint = definePost({
	path: "/api/captures",
	title: "Capture a URL",
	says: "Has a browser visit a URL. Who asks for the same within ten minutes gets the same capture. The answer is where to look: the visit takes up to a minute.",
	parameters: {},
	body: z.object({
		url: z.string().min(1).max(10_000).describe("http or https, defanged or not"),
		profile: z.enum(PROFILES).default("desktop").describe("as whom the browser comes"),
		again: z.boolean().default(false).describe("a new visit although there is one of the last minutes, unless it is still under way"),
	}),
	answer: captureAnswer,
	role: "analyst",
	scope: "capture",
	cost: "capture",
	status: 202,
});

export const capturesEndpoint = defineEndpoint({
	path: "/api/captures",
	title: "Captures",
	says: "Visits to URLs, newest first.",
	parameters: {
		url: textParameter("url", { description: "a URL, or a host for everything captured there; defanged or not", example: "example.com" }),
		most: { ...integerParameter("limit", { min: 1, max: 100 }, { description: "captures of a page, 50 unless given", example: "10" }), fallback: 50 },
		from: textParameter("cursor", { description: "where the page begins: opaque, from `next` of another answer", example: "amhq3zk0.0f8fad5bd9cb469fa165708677289501" }),
	},
	answer: captureList,
	cost: "read",
});

export const oneCaptureEndpoint = defineEndpoint({
	path: "/api/captures/{id}",
	title: "One capture",
	says: "How far a capture is, and when it is over everything the visit said. Texts are the target's own.",
	parameters: {},
	segments: capture,
	answer: captureItem,
	cost: "read",
});

export const capturePictureEndpoint = defineEndpoint({
	path: "/api/captures/{id}/{picture}",
	title: "Capture picture",
	says: `A PNG file: ${PICTURES.join(", ")} (from the capture before).`,
	parameters: {},
	segments: { ...capture, picture: PICTURES.join(" | ") },
	answer: z.string(),
	file: "image/png",
	cost: "read",
});

export const captureSourceEndpoint = defineEndpoint({
	path: "/api/captures/{id}/source",
	title: "Capture source",
	says: "The source as plain text: as the server sent it, or as it was when the page had run.",
	parameters: { kind: listParameter("kind", SOURCES, { description: "content unless given", example: "markup" }) },
	segments: capture,
	answer: z.string(),
	file: "text/plain",
	cost: "read",
});

export const captureDownloadEndpoint = defineEndpoint({
	path: "/api/captures/{id}/download",
	title: "Capture download",
	says: "Content and downloads as a zip with the password `infected`, under names of ours; `manifest.json` says what they are.",
	parameters: {},
	segments: capture,
	answer: z.string(),
	file: "application/zip",
	cost: "export",
});

export const captureRequestsEndpoint = defineEndpoint({
	path: "/api/captures/{id}/requests",
	title: "Capture requests",
	says: "Every request the page made. As `csv` or as an HTTP Archive (`har`) as well.",
	parameters: { format: listParameter("format", ["json", "csv", "har"], { description: "json unless given", example: "har" }) },
	segments: capture,
	answer: captureRequests,
	cost: "read",
});

/** Calls about captures, in the order they are documented. */
export const captureEndpoints = [captureEndpoint, capturesEndpoint, oneCaptureEndpoint, capturePictureEndpoint, captureSourceEndpoint, captureDownloadEndpoint, captureRequestsEndpoint];
