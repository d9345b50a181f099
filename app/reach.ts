import { cookies } from "next/headers";
import { REACH_COOKIE, readReach } from "@/components/lookup/reach";
import type { Reach } from "@/lib/lookup";

/** Who may be asked, as whoever looks at this page has chosen. */
export async function chosenReach(): Promise<Reach> {
	return readReach((await cookies()).get(REACH_COOKIE)?.value);
}
