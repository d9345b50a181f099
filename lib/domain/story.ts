/** Parameters that say how a reader came, not what is read. */
const TRACKING =
	/^(?:utm_|pk_|mtm_|hsa_|at_|wt\.|_hs)|^(?:fbclid|gclid|dclid|msclkid|yclid|igshid|twclid|mc_cid|mc_eid|mkt_tok|cmp|cmpid|ncid|icid|s_cid|trk|ref|ref_src|ref_url|src|source|rss|feed|sr_share|ocid|ito|smid|partner|amp)$/i;
/** Titles shorter than this say too little to tell a story: `Security update`. */
const LEAST_LETTERS = 24;
const LEAST_WORDS = 4;
/** The longest time between two tellings of a story, by title alone. */
export const STORY_DAYS = 4;

/**
 * What two entries of different feeds share when they tell one story: the article's address without scheme, `www.`, tracking
 * parameters and fragment, else the title without case, marks and blanks. Null where it says too little (a front page, a
 * short title). Titles count only within `STORY_DAYS` of each other.
 */
export function storyKeys(item: { title: string; link?: string | undefined }): { link: string | null; title: string | null } {
	return { link: linkKey(item.link), title: titleKey(item.title) };
}

function linkKey(link: string | undefined): string | null {
	if (link === undefined || !URL.canParse(link)) return null;
	const url = new URL(link);
	if (url.protocol !== "http:" && url.protocol !== "https:") return null;
	const kept = [...url.searchParams].filter(([name]) => !TRACKING.test(name)).sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
	const query = new URLSearchParams(kept).toString();
	const path = url.pathname.replace(/\/+$/, "");
	if (path === "" && query === "") return null;
	return `${url.host.replace(/^(?:www|m|amp)\./, "")}${path}${query === "" ? "" : `?${query}`}`;
}

function titleKey(title: string): string | null {
	const words = title
		.normalize("NFKC")
		.toLowerCase()
		.match(/[\p{L}\p{N}\p{M}]+/gu);
	if (words === null) return null;
	const key = words.join("");
	// Scripts without blanks say more in fewer characters.
	const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(key);
	if (unspaced ? key.length < 12 : key.length < LEAST_LETTERS || words.length < LEAST_WORDS) return null;
	return key;
}
