import type { Indicator } from "@/lib/domain/indicator";
import type { Answer, Reach } from "@/lib/lookup";

/** What is known of asking a service: its answer, or why this console itself did not ask. */
export type Told = Answer | { state: "unasked"; reason: string; again: string | null };

/** Seconds after which it is tried anew where nobody said for how long to wait. */
const RETRY_SECONDS = 30;

function inSeconds(seconds: number): string {
	return new Date(Date.now() + seconds * 1000).toISOString();
}

async function refusal(response: Response): Promise<Told> {
	if (response.status === 401) return { state: "unasked", reason: "You are signed out. Sign in again to ask.", again: null };
	const wait = Number(response.headers.get("retry-after"));
	const body = (await response.json().catch(() => ({}))) as { detail?: unknown };
	const reason = typeof body.detail === "string" ? body.detail : `This console answered with status ${response.status}.`;
	return { state: "unasked", reason, again: response.status === 429 || response.status >= 500 ? inSeconds(wait > 0 ? wait : RETRY_SECONDS) : null };
}

/** Asks one service through the Web API. Never throws: what goes wrong on the way is a state as well. */
export async function askService(enricher: string, { type, value }: Indicator, reach: Reach, again = false, signal?: AbortSignal): Promise<Told> {
	try {
		const response = await fetch("/api/lookup/enrich", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ enricher, type, value, reach, again }),
			...(signal === undefined ? {} : { signal }),
		});
		return response.ok ? ((await response.json()) as Answer) : await refusal(response);
	} catch {
		return { state: "unasked", reason: "This console did not answer. Is the network there?", again: inSeconds(RETRY_SECONDS) };
	}
}

/** When it may be asked again, null where nothing is waited for. */
export function againAt(told: Told): string | null {
	if (told.state === "limited") return told.until;
	return told.state === "failed" || told.state === "timeout" || told.state === "unasked" ? told.again : null;
}
