import { type AnyTracker, anyTracker } from "./define";
import { exploit } from "./exploit";
import { news } from "./news";
import { reputation } from "./reputation";
import { threatEvent } from "./threat";
import { threatAttribute } from "./threat/attribute";
import { twitter } from "./twitter";
import { vuln } from "./vuln";

/** Every tracker there is, in the order of navigation and API. */
export const trackers: readonly AnyTracker[] = [reputation, threatEvent, threatAttribute, exploit, twitter, news, vuln].map(anyTracker);

/** The tracker that the API calls so, undefined where there is none. */
export function trackerByResource(resource: string): AnyTracker | undefined {
	return trackers.find((tracker) => tracker.resource === resource);
}

/** The tracker whose pages are at this path (`/exploit`), where the generic pages show it. */
export function trackerByPath(path: string): AnyTracker | undefined {
	return trackers.find((tracker) => tracker.path === path && tracker.page !== undefined);
}
