import type { Reach } from "@/lib/lookup";

/** The reaches as somebody chooses them. */
export const REACH_CHOICES: ReadonlyArray<{ value: Reach; label: string; says: string }> = [
	{ value: "all", label: "All services", says: "Providers see the value, and servers of its owner may notice that somebody asks." },
	{ value: "passive", label: "Passive only", says: "Providers see the value; its owner cannot notice." },
	{ value: "index", label: "Own data only", says: "Nothing leaves this installation." },
];

/** Name of the cookie that keeps somebody's choice, so that the server asks nobody else from the first moment on. */
export const REACH_COOKIE = "reach";

/** Without a choice nobody is asked whom the value's owner could hear of. */
export function readReach(text: string | undefined): Reach {
	return REACH_CHOICES.find(({ value }) => value === text)?.value ?? "passive";
}

/** The choice of this browser. */
export function keptReach(): Reach {
	return readReach(new RegExp(`(?:^|; )${REACH_COOKIE}=([a-z]+)`).exec(document.cookie)?.[1]);
}

export function keepReach(reach: Reach): void {
	// biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
	document.cookie = `${REACH_COOKIE}=${reach}; path=/; max-age=31536000; samesite=lax`;
}
