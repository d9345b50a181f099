import type { Protocol } from "puppeteer-core";
import { VIEWS } from "./page";
import { groupMembers, heldMemory } from "./processes";
import type { CaptureResult, Part } from "./result";
import type { Scene } from "./scene";

/** CSS pixels of the longest picture. */
const MAX_HEIGHT = 8_000;
/** Pixels of the largest one, whatever its shape: 50 MB while it is drawn. */
const MAX_PIXELS = 12_500_000;
/** What drawing holds for each of its pixels: tiles, the surface, a copy of it, what is packed. */
const BYTES_A_PIXEL = 16;
const MAX_BYTES = 8_000_000;

async function shot({ session, clock, budget }: Scene, options: Protocol.Page.CaptureScreenshotRequest): Promise<Buffer | null> {
	// The same pixels in half the time, in files a third larger.
	const taken = await clock.within(session.send("Page.captureScreenshot", { format: "png", optimizeForSpeed: true, ...options }), budget.stepMs);
	return taken === null ? null : Buffer.from(taken.data, "base64");
}

function part(kind: "screenshot" | "full-page", bytes: Buffer): Part {
	return { kind, number: 0, mediaType: "image/png", bytes };
}

/** The window as a visitor sees it first; null where it could not be drawn. */
export async function windowShot(scene: Scene): Promise<Part | null> {
	const bytes = await shot(scene, {});
	return bytes === null || bytes.length > MAX_BYTES ? null : part("screenshot", bytes);
}

/** Why the browser gives no answers any more, null where it might. */
export function brokenDown({ browser }: Scene): string | null {
	return browser.ended() ?? (browser.gone.aborted || !browser.browser.connected ? "the browser broke down" : null);
}

/** Pixels that can be drawn without the browser being ended for its memory. */
async function pixelsLeft({ browser, budget }: Scene): Promise<number> {
	const held = await groupMembers(browser.pid)
		.then(heldMemory)
		.catch(() => 0);
	return Math.min(MAX_PIXELS, Math.max(0, budget.memoryBytes - held) / BYTES_A_PIXEL);
}

interface Long {
	fullPage: NonNullable<CaptureResult["fullPage"]>;
	part: Part | null;
}

/**
 * The page from its top down to what may be drawn. To draw it, the browser lays it out as high as the picture, so a page can be made
 * to break it there: it is the last thing that is asked, and what it breaks is this picture alone.
 */
export async function fullPageShot(scene: Scene, window: Part | null): Promise<Long> {
	const { session, clock, budget, profile } = scene;
	const lost = (why: string, height = 0): Long => ({ fullPage: { height, shown: 0, lost: brokenDown(scene) ?? (clock.left() === 0 ? "the time was up" : why) }, part: null });
	if (window === null) return lost("not even its window could be drawn");
	const metrics = await clock.within(session.send("Page.getLayoutMetrics"), budget.stepMs);
	if (metrics === null) return lost("the page did not say how long it is");
	const view = VIEWS[profile];
	const height = Math.ceil(metrics.cssContentSize.height);
	const width = Math.min(Math.max(Math.ceil(metrics.cssContentSize.width), view.width), view.width * 2);
	if (height <= view.height && width <= view.width) return { fullPage: { height, shown: height, lost: null }, part: part("full-page", window.bytes) };
	let shown = Math.min(height, MAX_HEIGHT, Math.floor((await pixelsLeft(scene)) / (width * view.scale ** 2)));
	if (shown < Math.min(height, view.height)) return lost("the page leaves no memory to draw it", height);
	// A picture that packs badly (noise, photographs) is tried once more, as high as its first try lets hope.
	for (let tries = 0; tries < 2; tries++) {
		const bytes = await shot(scene, { captureBeyondViewport: true, clip: { x: 0, y: 0, width, height: shown, scale: 1 } });
		if (bytes === null) return lost("it could not be drawn in time", height);
		if (bytes.length <= MAX_BYTES) return { fullPage: { height, shown, lost: null }, part: part("full-page", bytes) };
		shown = Math.floor(shown * (MAX_BYTES / bytes.length) * 0.9);
	}
	return lost(`its picture has more than ${MAX_BYTES / 1_000_000} MB`, height);
}
