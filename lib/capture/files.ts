import { ExistError } from "@/lib/errors";
import { type CaptureContext, captureContext } from "./context";
import { type PartHead, partHeads, readPart, type StoredKind } from "./parts";
import { pictureDifference } from "./picture";
import { captureState, idOf } from "./store";
import type { Picture } from "./views";

/** The bytes of a part of a finished capture, null where it has none. */
export async function capturePart(id: string, kind: StoredKind, number = 0, context: CaptureContext = captureContext()): Promise<{ mediaType: string; bytes: Buffer } | null> {
	const { capture, fence } = await captureState(id, context);
	return capture.state === "done" ? readPart(context.database, idOf(id), fence, kind, number) : null;
}

/** What bytes a finished capture has. */
export async function captureParts(id: string, context: CaptureContext = captureContext()): Promise<PartHead[]> {
	const { capture, fence } = await captureState(id, context);
	return capture.state === "done" ? partHeads(context.database, idOf(id), fence) : [];
}

/** The screenshots of two captures next to each other; null where one has none. */
export async function comparedPictures(before: string, after: string, context: CaptureContext = captureContext()): Promise<{ share: number; picture: Buffer } | null> {
	const [a, b] = await Promise.all([capturePart(before, "screenshot", 0, context), capturePart(after, "screenshot", 0, context)]);
	return a === null || b === null ? null : pictureDifference(a.bytes, b.bytes);
}

/** A picture as a PNG file. Throws `not_found` where there is none, with the reason. */
export async function capturePicture(id: string, picture: Picture, context: CaptureContext = captureContext()): Promise<Buffer> {
	if (picture === "difference") {
		const { capture } = await captureState(id, context);
		const difference = capture.previous === null ? null : await comparedPictures(capture.previous, id, context).catch(notThere);
		if (difference === null) throw new ExistError("not_found", "There is nothing to compare: no capture of the same URL before this one has a picture.");
		return difference.picture;
	}
	const part = await capturePart(id, picture, 0, context);
	if (part === null) throw new ExistError("not_found", `This capture has no ${picture}.`);
	return part.bytes;
}

/** The one before may have reached its end. */
function notThere(error: unknown): null {
	if (error instanceof ExistError && error.code === "not_found") return null;
	throw error;
}
