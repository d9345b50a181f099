import { againAt, type Told } from "../ask-service";

export interface Task {
	row: number;
	service: string;
}

interface Options {
	ask: (task: Task, signal: AbortSignal) => Promise<Told>;
	onAnswer: (task: Task, told: Told) => void;
	/** something about who is asked or waited for has changed */
	onChange: () => void;
	/** questions under way at a time, over all services and to one of them */
	inFlight?: number;
	each?: number;
}

/** Failures of a service in a row after which it is left alone until it says. */
const FAILURES = 3;
/** Longest sleep of a timer: beyond 24.8 days they fire at once. */
const MAX_SLEEP = 24 * 3600 * 1000;

interface Line {
	waiting: Task[];
	running: number;
	/** milliseconds since 1970 until which nobody asks; 0: now */
	rests: number;
	/** it rests because the asker's share is used up */
	share: boolean;
	failures: number;
}

/**
 * Asks many services about many values, a few at a time. A service that is limited keeps its place in the line and is asked again
 * when it frees; the others go on meanwhile. What failed is an answer like any other and is not repeated.
 */
export class AskQueue {
	readonly #options: Required<Options>;
	readonly #lines = new Map<string, Line>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stopper = new AbortController();
	/** when this console itself asks to wait, everybody does */
	#allRest = 0;
	#last = -1;

	constructor(options: Options) {
		this.#options = { inFlight: 4, each: 2, ...options };
	}

	add(tasks: readonly Task[]): void {
		for (const task of tasks) this.#line(task.service).waiting.push(task);
		this.#pump();
	}

	/** Nobody is asked any more; answers that are on their way are not waited for. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#stopper.abort();
		this.#stopper = new AbortController();
		this.#lines.clear();
		this.#options.onChange();
	}

	/** Questions not yet answered, of one service or of all. */
	open(service?: string): number {
		const lines = service === undefined ? [...this.#lines.values()] : [this.#lines.get(service)].filter((line) => line !== undefined);
		return lines.reduce((sum, line) => sum + line.waiting.length + line.running, 0);
	}

	/** When a service that rests is asked again, null where it does not rest. */
	restsUntil(service: string): Date | null {
		const until = Math.max(this.#allRest, this.#lines.get(service)?.rests ?? 0);
		return until > Date.now() && this.open(service) > 0 ? new Date(until) : null;
	}

	/** Whether it rests because the share of whoever looks is used up, not the service's patience. */
	isShareSpent(service: string): boolean {
		return this.#lines.get(service)?.share === true && this.restsUntil(service) !== null;
	}

	#line(service: string): Line {
		const line = this.#lines.get(service) ?? { waiting: [], running: 0, rests: 0, share: false, failures: 0 };
		this.#lines.set(service, line);
		return line;
	}

	/** The next line in turn that may be asked. */
	#next(now: number): Line | undefined {
		const lines = [...this.#lines.values()];
		for (let step = 1; step <= lines.length; step++) {
			const at = (this.#last + step) % lines.length;
			const line = lines[at];
			if (line === undefined || line.waiting.length === 0 || line.running >= this.#options.each || line.rests > now) continue;
			this.#last = at;
			return line;
		}
		return undefined;
	}

	#pump(): void {
		clearTimeout(this.#timer);
		const now = Date.now();
		const running = () => [...this.#lines.values()].reduce((sum, line) => sum + line.running, 0);
		while (this.#allRest <= now && running() < this.#options.inFlight) {
			const line = this.#next(now);
			const task = line?.waiting.shift();
			if (line === undefined || task === undefined) break;
			line.running++;
			void this.#run(task, line);
		}
		const ends = [...this.#lines.values()].filter(({ waiting }) => waiting.length > 0).map(({ rests }) => Math.max(rests, this.#allRest));
		const soonest = Math.min(...ends.filter((end) => end > now));
		if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.#pump(), Math.min(MAX_SLEEP, soonest - now + 250));
		this.#options.onChange();
	}

	async #run(task: Task, line: Line): Promise<void> {
		const { signal } = this.#stopper;
		const told = await this.#options.ask(task, signal);
		if (signal.aborted) return;
		line.running--;
		const again = againAt(told);
		const until = again === null ? 0 : Date.parse(again);
		if (told.state === "limited" || (told.state === "unasked" && again !== null)) {
			line.waiting.unshift(task);
			if (told.state === "limited") {
				if (until > line.rests) line.share = told.by === "share";
				line.rests = Math.max(line.rests, until);
			} else this.#allRest = Math.max(this.#allRest, until);
		} else {
			line.failures = told.state === "failed" || told.state === "timeout" ? line.failures + 1 : 0;
			if (line.failures >= FAILURES) {
				line.rests = Math.max(line.rests, until);
				line.failures = 0;
			}
			this.#options.onAnswer(task, told);
		}
		this.#pump();
	}
}
