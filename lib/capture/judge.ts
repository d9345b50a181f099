import { type AddressPolicy, refusal, resolvePublic } from "@/lib/net/guard";
import { turns } from "@/lib/platform";

/** Where a socket is opened for a public address. Tests and the demonstration lead it to loopback; the policy never sees that. */
export type Dial = (target: { host: string; address: string; port: number }) => { host: string; port: number };

export interface Target {
	host: string;
	port: number;
	/** what was judged and will be dialled */
	address: string;
}

export type Verdict = { ok: true; target: Target } | { ok: false; kind: "blocked" | "dns" | "network" | "budget"; reason: string };

/** Names that are looked up at once. A lookup of the system cannot be taken back: the whole process has four, and others need them too. */
const AT_ONCE = 2;
/** After so many names without an answer, what else the page names is not looked up. */
const MAX_SILENT = 8;

/** More hosts than this are no page but a scan. */
const MAX_HOSTS = 300;

/**
 * Judges where one capture may connect to. A name is resolved once in a capture: whatever its zone says later, the address that
 * was judged first is the one that is dialled.
 */
export class Judge {
	readonly #policy: AddressPolicy;
	readonly #answers = new Map<string, Promise<Verdict>>();
	readonly #inTurn = turns(AT_ONCE, MAX_HOSTS);
	#silent = 0;

	constructor(policy: AddressPolicy) {
		this.#policy = policy;
	}

	async judge(url: URL, signal?: AbortSignal): Promise<Verdict> {
		const refused = refusal(url, this.#policy);
		if (refused !== null) return { ok: false, kind: "blocked", reason: refused };
		const host = url.hostname.replace(/\.$/, "");
		let answer = this.#answers.get(host);
		if (answer === undefined) {
			if (this.#answers.size >= MAX_HOSTS) return { ok: false, kind: "budget", reason: `more than ${MAX_HOSTS} hosts were asked for` };
			answer = this.#resolve(url, host, signal);
			this.#answers.set(host, answer);
		}
		const verdict = await answer;
		if (!verdict.ok) return verdict;
		return { ok: true, target: { ...verdict.target, port: Number(url.port) || (url.protocol === "https:" ? 443 : 80) } };
	}

	async #resolve(url: URL, host: string, signal: AbortSignal | undefined): Promise<Verdict> {
		return this.#inTurn(async () => {
			if (this.#silent >= MAX_SILENT) return { ok: false, kind: "budget", reason: `${MAX_SILENT} names of the page have no address; no others are looked up` };
			const found = await resolvePublic(url, this.#policy, signal);
			if (!found.ok && found.kind === "dns") this.#silent++;
			return found.ok ? { ok: true, target: { host, port: 0, address: found.address } } : found;
		});
	}

	/** The address of a host that was judged, null where it was not or was refused. */
	async addressOf(host: string): Promise<string | null> {
		const verdict = await this.#answers.get(host.replace(/\.$/, ""));
		return verdict?.ok === true ? verdict.target.address : null;
	}
}
