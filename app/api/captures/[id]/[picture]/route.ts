import { capturePicture, PICTURES } from "@/lib/capture";
import { ExistError, shown } from "@/lib/errors";
import { capturePictureEndpoint, evidence, handler, methods } from "@/lib/http";

/** What comparing two pictures costs beyond a read. */
const DIFFERENCE_UNITS = 9;

/** A picture of a capture: a PNG file that our own browser, or we, have made. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
	GET: handler({ role: "viewer", scope: "read", cost: capturePictureEndpoint.cost }, async ({ params, charge }) => {
		const picture = PICTURES.find((name) => name === params.picture);
		// Made anew for each who asks, pixel by pixel.
		if (picture === "difference") await charge(DIFFERENCE_UNITS);
		if (picture === undefined) throw new ExistError("not_found", `There is no "${shown(params.picture ?? "", 40)}" of a capture. There are ${PICTURES.join(", ")}, source, download and requests.`);
		return evidence(new Uint8Array(await capturePicture(params.id ?? "", picture)), "image/png", null);
	}),
});
