import type { CDPSession } from "puppeteer-core";
import type { RunningBrowser } from "@/lib/capture/browser";
import { percentile } from "./random";

interface Command {
	method: string;
	/** the URL it is about, or the name of a world */
	of: string;
	from: number;
	/** when it was answered, or failed */
	to: number;
}

/** A capture from its start to its end, in the order of what is mostly waited for. What goes side by side is told by its own time. */
const STEPS = ["launch", "prepare", "navigate", "rest", "read", "window", "icon", "fullPage", "end"] as const;
type Step = (typeof STEPS)[number];

/**
 * Takes the time of captures apart by what they ask the browser, heard at the sessions of the remote control: nothing in the engine
 * knows of it.
 */
export class Steps {
	#commands: Command[] = [];
	readonly #times = new Map<Step, number[]>();

	/** Begins to listen to every session of this process; needs one running browser to find what they have in common. */
	async listen({ browser }: RunningBrowser): Promise<void> {
		const session = await browser.target().createCDPSession();
		const shared = Object.getPrototypeOf(session) as { send: (...given: unknown[]) => Promise<unknown> };
		const { send } = shared;
		const commands = (): Command[] => this.#commands;
		shared.send = function (this: CDPSession, ...given: unknown[]): Promise<unknown> {
			const [method, parameters] = given as [string, { url?: string; worldName?: string } | undefined];
			const command = { method, of: parameters?.url ?? parameters?.worldName ?? "", from: performance.now(), to: Number.NaN };
			commands().push(command);
			const answer = send.apply(this, given);
			const done = (): void => {
				command.to = performance.now();
			};
			answer.then(done, done);
			return answer;
		};
		await session.detach();
	}

	/** What was heard so far belongs to no capture. */
	forget(): void {
		this.#commands = [];
	}

	/** What was heard since the last time belongs to a capture of `url` that went from `begun` to `ended`. */
	take(url: string, begun: number, ended: number): void {
		const commands = this.#commands;
		this.#commands = [];
		const all = (method: string): Command[] => commands.filter((command) => command.method === method);
		const first = commands[0]?.from ?? begun;
		const going = all("Page.navigate").find((command) => command.of === url);
		const world = all("Page.createIsolatedWorld").findLast((command) => command.of === "exist");
		const [window, long] = all("Page.captureScreenshot");
		const icon = all("Network.loadNetworkResource")[0];
		const last = Math.max(...commands.map(({ to }) => to).filter((to) => to <= ended));
		const read = all("Runtime.evaluate").at(-1);
		const span = (from: number | undefined, to: number | undefined): number => (to ?? Number.NaN) - (from ?? Number.NaN);
		const took: Record<Step, number> = {
			launch: span(begun, first),
			prepare: span(first, going?.from),
			navigate: span(going?.from, going?.to),
			rest: span(going?.to, world?.from),
			read: span(world?.from, read?.to),
			window: span(window?.from, window?.to),
			icon: span(icon?.from, icon?.to),
			fullPage: span(long?.from, long?.to),
			end: span(last, ended),
		};
		for (const step of STEPS) {
			if (Number.isNaN(took[step])) throw new Error(`no time for "${step}": the engine asks the browser otherwise now`);
			this.#times.set(step, [...(this.#times.get(step) ?? []), took[step]]);
		}
	}

	/** Milliseconds of each step, as the median capture has them. */
	medians(): Record<string, number> {
		return Object.fromEntries([...this.#times].map(([step, times]) => [step, Math.round(percentile(times, 0.5))]));
	}
}
