import { randomBytes } from "node:crypto";
import type { AlertContent, ToldRecord } from "@/lib/alerts/content";
import { alertId, putAlerts } from "@/lib/alerts/outbox";
import type { DeliveryParts } from "@/lib/alerts/parts";
import { type Database, lit } from "@/lib/platform";

/** A clock that only moves when somebody waits. */
export class FakeClock {
	constructor(public at = Date.parse("2026-11-24T12:00:00Z")) {}
	now = (): Date => new Date(this.at);
	sleep = async (milliseconds: number): Promise<void> => {
		this.at += milliseconds;
	};
}

/** Numbers between 0 and 1 that are the same in every run. */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

export function testParts(database: Database, clock: FakeClock, slackUrl: string | null, more: Partial<DeliveryParts> = {}): DeliveryParts {
	return {
		database,
		slack: slackUrl === null ? null : { token: "xoxb-fake", apiUrl: slackUrl, canMute: true, timeoutMs: 300 },
		publicUrl: "https://exist.example.org",
		authSecret: "s".repeat(40),
		policy: { allowLoopback: true },
		look: () => ({ icon: ":newspaper:", sender: "EXIST news" }),
		now: clock.now,
		sleep: clock.sleep,
		random: seeded(7),
		...more,
	};
}

/** A hunter as its store would write it. */
export async function putHunter(db: Database, at: Date, more: { name?: string; digestOver?: number; webhook?: (id: string) => string } = {}): Promise<Buffer> {
	const id = randomBytes(16);
	const values: Record<string, string | number | Date | Buffer | null> = {
		id,
		kind: "news",
		name: more.name ?? "Ransomware",
		query: "ransomware",
		enabled: 1,
		slack: 1,
		channel: null,
		webhook: more.webhook?.(id.toString("hex")) ?? null,
		webhook_host: null,
		digest_over: more.digestOver ?? 10,
		muted_until: null,
		revision: 1,
		since: at,
		state: "ok",
		reason: null,
		seen_to: at,
		last_run_at: null,
		last_hit_at: null,
		hit_count: 0,
		created_by: "test",
		created_at: at,
		updated_at: at,
	};
	await db.execute(
		`INSERT INTO hunter (${Object.keys(values)
			.map((name) => `\`${name}\``)
			.join(",")}) VALUES (${Object.values(values)
			.map((value) => lit(value))
			.join(",")})`,
	);
	return id;
}

export function toldRecord(title: string, more: Partial<ToldRecord> = {}): ToldRecord {
	return {
		id: "ab".repeat(16),
		title,
		path: `/news/${"ab".repeat(16)}`,
		at: "2026-11-24T11:59:00.000Z",
		source: "The Hacker News",
		matches: [{ term: "ransomware", place: "title", excerpt: "New ransomware seen", from: 4, to: 14 }],
		indicators: [{ type: "url", value: "http://evil.example/a?b=c" }],
		...more,
	};
}

/** Puts hits of a hunter into the outbox, as the judge does: one a record. Returns their ids as hex. */
export async function putHits(
	db: Database,
	hunter: Buffer,
	titles: readonly string[],
	at: (index: number) => Date,
	to: { via?: "slack" | "webhook"; target?: string; name?: string } = {},
): Promise<string[]> {
	const { via = "slack", target = "th-ransomware", name = "Ransomware" } = to;
	const ids: string[] = [];
	for (const [index, title] of titles.entries()) {
		const id = alertId(hunter, title, via, target);
		const content: AlertContent = { kind: "hit", hunter: { id: hunter.toString("hex"), name, kind: "news" }, record: toldRecord(title) };
		await putAlerts(db, [{ id, hunter, via, target: via === "webhook" ? "" : target, content }], at(index));
		ids.push(id.toString("hex"));
	}
	return ids;
}

/** States of all alerts, with how many are in each. */
export async function states(db: Database): Promise<Record<string, number>> {
	const rows = await db.query<{ state: string; n: number }>("SELECT state, COUNT(*) AS n FROM alert GROUP BY state ORDER BY state");
	return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
}
