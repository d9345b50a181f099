import { env } from "@/lib/env";

/** Days that a capture is kept unless somebody pins it. */
export function captureDays(): number {
	return env().capture.days;
}
