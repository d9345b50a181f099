import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const THUMBNAIL_WIDTH = 240;
/** Of the original's shape at most: a phone's picture is taller than a list has room for. */
const THUMBNAIL_HEIGHT = 150;
/** Pixels of a picture that is still decoded; the engine's are far below. */
const MAX_PIXELS = 40_000_000;
/** Rows that are compared: a viewport (a phone's has 844 points of two pixels), not a page of any length. */
const COMPARED_HEIGHT = 1700;

/** A PNG of our own browser, or null where it is none or too large to be decoded here. */
function decoded(bytes: Buffer): PNG | null {
	// Width and height stand in the first chunk: nothing is unpacked before they are known.
	if (bytes.length < 33 || bytes.readUInt32BE(0) !== 0x89504e47) return null;
	if (bytes.readUInt32BE(16) * bytes.readUInt32BE(20) > MAX_PIXELS) return null;
	try {
		return PNG.sync.read(bytes);
	} catch {
		return null;
	}
}

/** The upper part of a screenshot, made small by averaging: a PNG, or null where the picture cannot be read. */
export function thumbnail(bytes: Buffer): Buffer | null {
	const source = decoded(bytes);
	if (source === null || source.width === 0 || source.height === 0) return null;
	const scale = Math.max(1, source.width / THUMBNAIL_WIDTH);
	const width = Math.max(1, Math.floor(source.width / scale));
	const height = Math.max(1, Math.min(THUMBNAIL_HEIGHT, Math.floor(source.height / scale)));
	const small = new PNG({ width, height });
	for (let y = 0; y < height; y++) {
		const [top, bottom] = [Math.floor(y * scale), Math.max(Math.floor(y * scale) + 1, Math.floor((y + 1) * scale))];
		for (let x = 0; x < width; x++) {
			const [left, right] = [Math.floor(x * scale), Math.max(Math.floor(x * scale) + 1, Math.floor((x + 1) * scale))];
			average(source, { left, right, top, bottom }, small, (y * width + x) * 4);
		}
	}
	return PNG.sync.write(small, { deflateLevel: 6 });
}

function average(source: PNG, { left, right, top, bottom }: Record<"left" | "right" | "top" | "bottom", number>, target: PNG, at: number): void {
	const sums = [0, 0, 0, 0];
	let count = 0;
	for (let y = top; y < Math.min(bottom, source.height); y++) {
		for (let x = left; x < Math.min(right, source.width); x++) {
			const from = (y * source.width + x) * 4;
			for (let channel = 0; channel < 4; channel++) sums[channel] = (sums[channel] ?? 0) + (source.data[from + channel] ?? 0);
			count++;
		}
	}
	for (let channel = 0; channel < 4; channel++) target.data[at + channel] = Math.round((sums[channel] ?? 0) / Math.max(1, count));
}

/** A picture on white, cut or filled up to a size. */
function onCanvas(source: PNG, width: number, height: number): Buffer {
	const canvas = Buffer.alloc(width * height * 4, 0xff);
	for (let y = 0; y < Math.min(height, source.height); y++) {
		source.data.copy(canvas, y * width * 4, y * source.width * 4, (y * source.width + Math.min(width, source.width)) * 4);
	}
	return canvas;
}

/**
 * Two screenshots pixel by pixel: the share of pixels that differ (0 to 1; where one is larger, what it has more counts as
 * different) and a picture of it, in which they are red. Null where one cannot be read.
 */
export function pictureDifference(before: Buffer, after: Buffer): { share: number; picture: Buffer } | null {
	const [a, b] = [decoded(before), decoded(after)];
	if (a === null || b === null) return null;
	const width = Math.max(a.width, b.width);
	const height = Math.min(COMPARED_HEIGHT, Math.max(a.height, b.height));
	const out = new PNG({ width, height });
	const different = pixelmatch(onCanvas(a, width, height), onCanvas(b, width, height), out.data, width, height, { threshold: 0.1, alpha: 0.25 });
	return { share: different / (width * height), picture: PNG.sync.write(out, { deflateLevel: 6 }) };
}
