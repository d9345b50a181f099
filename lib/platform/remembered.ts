/** What is known for a while, by whom it was asked of: another database is another installation. */
const known = new WeakMap<object, Map<string, { answer: Promise<unknown>; until: number }>>();

/** How long others wait for a question that somebody else has asked. */
const PENDING_MS = 20_000;

/** Entries of one owner; the oldest go first. */
const MAX_ENTRIES = 500;

/**
 * An answer that may be `seconds` old: asked once for everybody who wants it in that time, in this process alone. It is the
 * same for all users, so nothing that depends on who asks belongs here. A failure is told to those who waited and forgotten.
 */
export function remembered<T>(owner: object, key: string, seconds: number, ask: () => Promise<T>, now: () => number = Date.now): Promise<T> {
	const entries = known.get(owner) ?? new Map<string, { answer: Promise<unknown>; until: number }>();
	known.set(owner, entries);
	const entry = entries.get(key);
	if (entry !== undefined && entry.until > now()) return entry.answer as Promise<T>;
	const answer = ask();
	// Time runs from the answer: a question that takes longer than it is remembered is still asked once. One that never comes back
	// (a connection that is half open) must not be waited for by everybody for good.
	const made = { answer, until: now() + PENDING_MS };
	entries.delete(key);
	entries.set(key, made);
	if (entries.size > MAX_ENTRIES) {
		const oldest = entries.keys().next().value;
		if (oldest !== undefined) entries.delete(oldest);
	}
	answer.then(
		() => {
			made.until = now() + seconds * 1000;
		},
		() => {
			if (entries.get(key) === made) entries.delete(key);
		},
	);
	return answer;
}
