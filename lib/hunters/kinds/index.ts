import type { HunterKind } from "../define";
import { exploitHunter } from "./exploit";
import { newsHunter } from "./news";
import { reputationHunter } from "./reputation";
import { threatHunter } from "./threat";
import { twitterHunter } from "./twitter";
import { vulnHunter } from "./vuln";

/** Every kind of hunter there is, in the order in which they are offered. */
export const hunterKinds: readonly HunterKind[] = [twitterHunter, threatHunter, newsHunter, exploitHunter, vulnHunter, reputationHunter];

/** The kind of this name; undefined where there is none. */
export function kindOf(id: string): HunterKind | undefined {
	return hunterKinds.find((kind) => kind.id === id);
}
