import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";

export interface Limit {
	allowed: boolean;
	limit: number;
	remaining: number;
	resetAt: Date;
	/** the shared store did not answer: this instance alone counted, with a quarter of the limit */
	degraded: boolean;
}

/** What is shared between instances and may be lost at any time. */
export interface Cache {
	readonly kind: "upstash" | "memory";
	get<T>(key: string): Promise<T | null>;
	set(key: string, value: unknown, ttlSeconds: number): Promise<void>;
	delete(key: string): Promise<void>;
	/**
	 * Takes `key` for `holder`, in one step and for `ttlSeconds` at most: true for the first of all instances that come, and for
	 * whoever holds it already. True as well where the shared store does not answer: nobody waits for a lock that nobody can see.
	 */
	claim(key: string, holder: string, ttlSeconds: number): Promise<boolean>;
	/** Lets `key` go where `holder` still has it; somebody who took it later keeps it. */
	release(key: string, holder: string): Promise<void>;
	/**
	 * Counts a use of `key` in the current window of `windowSeconds`, as `cost` uses where it is dearer than others, and says
	 * whether the window's sum is within `max`. A refused use counts as well. When the shared store fails it goes on with a
	 * stricter local count: never open, never a wall.
	 */
	limit(name: string, key: string, max: number, windowSeconds: number, cost?: number): Promise<Limit>;
	/** whether the shared store answers */
	healthy(): Promise<boolean>;
}

/** Entries an instance keeps; the oldest go first. */
const MAX_ENTRIES = 20_000;
const TIMEOUT_MS = 800;

/** Cache of one process. */
export function memoryCache(now: () => number = Date.now): Cache {
	const entries = new Map<string, { value: unknown; until: number }>();
	const put = (key: string, value: unknown, until: number): void => {
		entries.delete(key);
		entries.set(key, { value, until });
		if (entries.size > MAX_ENTRIES) {
			const oldest = entries.keys().next().value;
			if (oldest !== undefined) entries.delete(oldest);
		}
	};
	const read = (key: string): unknown => {
		const entry = entries.get(key);
		if (entry === undefined) return null;
		if (entry.until > now()) return entry.value;
		entries.delete(key);
		return null;
	};
	return {
		kind: "memory",
		get: async <T>(key: string) => structuredClone(read(key)) as T | null,
		set: async (key, value, ttlSeconds) => put(key, structuredClone(value), now() + ttlSeconds * 1000),
		delete: async (key) => void entries.delete(key),
		async claim(key, holder, ttlSeconds) {
			const held = read(key);
			if (held !== null) return held === holder;
			put(key, holder, now() + ttlSeconds * 1000);
			return true;
		},
		release: async (key, holder) => void (read(key) === holder && entries.delete(key)),
		healthy: async () => true,
		async limit(name, key, max, windowSeconds, cost = 1) {
			const window = Math.floor(now() / (windowSeconds * 1000));
			const until = (window + 1) * windowSeconds * 1000;
			const at = `limit:${name}:${key}:${window}`;
			const used = Number(read(at) ?? 0) + cost;
			put(at, used, until);
			return { allowed: used <= max, limit: max, remaining: Math.max(0, max - used), resetAt: new Date(until), degraded: false };
		},
	};
}

function inTime<T>(promise: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error("the cache did not answer in time")), TIMEOUT_MS);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Limiters by what they allow. The package lets everything through when Redis is slow, after five seconds; its own timer is off,
 * and ours falls back.
 */
function limiters(redis: Redis, prefix: string): (name: string, max: number, windowSeconds: number) => Ratelimit {
	const known = new Map<string, Ratelimit>();
	return (name, max, windowSeconds) => {
		const at = `${name}:${max}:${windowSeconds}`;
		const limiter = known.get(at) ?? new Ratelimit({ redis, limiter: Ratelimit.fixedWindow(max, `${windowSeconds} s`), prefix: `${prefix}limit:${name}`, timeout: 0, analytics: false });
		known.set(at, limiter);
		return limiter;
	};
}

/** Deletes a key that still has the value it was given, in one step. */
const RELEASE = 'if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0';

/** Cache in Upstash Redis. Its failures are misses; limits fall back to a stricter local count. */
export function upstashCache(config: { url: string; token: string }, prefix = "exist:"): Cache {
	const redis = new Redis({ ...config, retry: { retries: 1, backoff: () => 50 }, enableTelemetry: false });
	const local = memoryCache();
	const limiter = limiters(redis, prefix);
	return {
		kind: "upstash",
		get: <T>(key: string) => inTime(redis.get<T>(prefix + key)).catch(() => null),
		set: (key, value, ttlSeconds) =>
			inTime(redis.set(prefix + key, value, { ex: Math.max(1, Math.round(ttlSeconds)) })).then(
				() => {},
				() => {},
			),
		delete: (key) =>
			inTime(redis.del(prefix + key)).then(
				() => {},
				() => {},
			),
		async claim(key, holder, ttlSeconds) {
			try {
				const taken = await inTime(redis.set(prefix + key, holder, { nx: true, px: Math.max(1, Math.round(ttlSeconds * 1000)) }));
				// A repeated request meets the key that its first try has set.
				return taken === "OK" || (await inTime(redis.get<string>(prefix + key))) === holder;
			} catch {
				return true;
			}
		},
		release: (key, holder) =>
			inTime(redis.eval(RELEASE, [prefix + key], [holder])).then(
				() => {},
				() => {},
			),
		healthy: () =>
			inTime(redis.ping()).then(
				(answer) => answer === "PONG",
				() => false,
			),
		async limit(name, key, max, windowSeconds, cost = 1) {
			try {
				const used = await inTime(limiter(name, max, windowSeconds).limit(key, { rate: cost }));
				// An answer that is no count must not compare as a small one.
				const isCount = Number.isInteger(used.remaining) && used.limit === max && (!used.success || used.remaining <= max - cost);
				if (!isCount) throw new TypeError("the cache did not count");
				return { allowed: used.success, limit: max, remaining: Math.max(0, used.remaining), resetAt: new Date(used.reset), degraded: false };
			} catch {
				const most = Math.max(1, Math.floor(max / 4));
				return { ...(await local.limit(name, key, most, windowSeconds, Math.min(cost, most))), degraded: true };
			}
		},
	};
}
