import type { Quota } from "@/lib/enrichers/define";
import type { Cache } from "@/lib/platform";

/** Who asks: a person with a session or one of their keys, each with a share of its own, and the person to whom both belong. */
export interface Asker {
	/** a word of its own for the session's person and for each key */
	id: string;
	person: string;
	role: "viewer" | "analyst" | "administrator";
}

/** Windows from here on are shared out; shorter ones free again before anybody has waited for long. Seconds. */
const LONG = 86_400;

/**
 * What of a long window is one asker's in a day, and what a person's with all keys in the whole window: so nobody uses up a month
 * alone, neither day by day nor by making keys. `least`: calls that are granted where the part would be smaller.
 */
const SHARES = {
	viewer: { day: { part: 1 / 8, least: 2 }, window: { part: 1 / 4, least: 4 } },
	analyst: { day: { part: 1 / 4, least: 4 }, window: { part: 1 / 2, least: 8 } },
} as const;

/** Thrown instead of sending a request beyond the asker's share. The message is for the asker. */
export class ShareSpent extends Error {
	readonly until: number;
	constructor(message: string, until: number) {
		super(message);
		this.name = "ShareSpent";
		this.until = until;
	}
}

interface Share {
	/** whose uses are counted together */
	whose: string;
	calls: number;
	seconds: number;
	words: string;
}

function duration(seconds: number): string {
	const days = Math.round(seconds / 86_400);
	return days === 1 ? "a day" : days === 7 ? "a week" : `${days} days`;
}

/** What an asker may use of one window: nothing less than `least`, never more than the window itself. None for short windows. */
export function sharesOf({ calls, seconds }: Quota, { id, person, role }: Asker): Share[] {
	if (seconds < LONG) return [];
	const { day, window } = SHARES[role === "viewer" ? "viewer" : "analyst"];
	const most = ({ part, least }: { part: number; least: number }) => Math.min(calls, Math.max(least, Math.floor(calls * part)));
	const whole = `of the ${calls.toLocaleString("en")} that this installation has in ${duration(seconds)}`;
	return [
		{ whose: id, calls: most(day), seconds: LONG, words: `${most(day)} requests a day ${whole}` },
		{ whose: `all:${person}`, calls: most(window), seconds, words: `${most(window)} requests, those of all your keys together, ${whole}` },
	];
}

/** By role: whoever is given a larger share has it at once. */
function spentKey(account: string, { id, role }: Asker): string {
	return `lookup:share:${account}:${role}:${id}`;
}

/** Throws `ShareSpent` where it is known that the asker's share is used up, before anything is counted. */
export async function checkShare(account: string, asker: Asker, stores: readonly Cache[], now: number): Promise<void> {
	const found = await Promise.all(stores.map((store) => store.get<{ message: string; until: number }>(spentKey(account, asker))));
	for (const spent of found) if (spent !== null && spent.until > now) throw new ShareSpent(spent.message, spent.until);
}

/** Counts one request in the asker's shares of a window. Throws `ShareSpent` at the first that is used up, and remembers it until it frees. */
export async function spendShare(name: string, account: string, quota: Quota, asker: Asker, { cache }: { cache: Cache }, stores: readonly Cache[], now: number): Promise<void> {
	for (const { whose, calls, seconds, words } of sharesOf(quota, asker)) {
		const used = await cache.limit("lookup-share", `${account}:${quota.seconds}:${whose}`, calls, seconds);
		if (used.allowed) continue;
		const until = used.resetAt.getTime();
		const message = `Your share of ${name} is used up: ${words}. Others may still ask.`;
		await Promise.all(stores.map((store) => store.set(spentKey(account, asker), { message, until }, Math.max(1, Math.ceil((until - now) / 1000)))));
		throw new ShareSpent(message, until);
	}
}
