import { createHash } from "node:crypto";
import { PNG } from "pngjs";
import type { CaptureContext, Visit } from "@/lib/capture";
import { type CaptureResult, emptyResult, type Part } from "@/lib/capture/result";
import type { Database } from "@/lib/platform";

/** A picture of one colour, with a block of another at the top. */
export function picture(width: number, height: number, colour: readonly [number, number, number], block = 0): Buffer {
	const png = new PNG({ width, height });
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const [r, g, b] = y < block ? [200, 0, 0] : colour;
			png.data.set([r, g, b, 255], (y * width + x) * 4);
		}
	}
	return PNG.sync.write(png);
}

/** What a visit says of a simple page. */
export function visitResult(extra: Partial<CaptureResult> = {}): CaptureResult {
	return {
		...emptyResult("http://shop.example.com/login", "rendered", null),
		response: {
			status: 200,
			contentType: "text/html; charset=utf-8",
			bytes: 10,
			truncated: false,
			server: "nginx",
			lastModified: null,
			sha256: createHash("sha256").update("content").digest("hex"),
			headers: [["content-type", "text/html; charset=utf-8"]],
			address: "93.184.215.14",
		},
		title: "Sign in",
		encoding: "utf-8",
		tookMs: 812,
		wireBytes: 4096,
		...extra,
	};
}

export const textPart = (kind: Part["kind"], text: string, number = 0): Part => ({ kind, number, mediaType: "text/html; charset=utf-8", bytes: Buffer.from(text, "utf8") });

/** A store of captures whose engine is scripted. */
export function captureContext(database: Database, visit: Visit, extra: Partial<CaptureContext> = {}): CaptureContext {
	return { database, visit, policy: {}, days: 7, now: () => new Date(), report: () => {}, ...extra };
}
