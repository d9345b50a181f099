import { feedDate } from "@/lib/net";

/** Keys of the registries' texts, lower case, by what they mean. */
const KEYS = {
	registrar: ["registrar", "sponsoring registrar", "registrar name", "registrar organization"],
	created: [
		"creation date",
		"created",
		"created on",
		"created date",
		"registered",
		"registered on",
		"registered date",
		"registration date",
		"registration time",
		"domain registration date",
		"regdate",
	],
	changed: ["updated date", "last updated", "last updated on", "last update", "last-update", "last modified", "last-modified", "changed", "modified", "updated"],
	expires: ["registry expiry date", "registrar registration expiration date", "expiration date", "expiry date", "expires", "expires on", "expiration time", "expire", "paid-till", "validity"],
	nameservers: ["name server", "name servers", "nserver", "nameserver", "nameservers", "nserver name"],
	status: ["domain status", "status", "state", "registration status"],
	abuse: ["registrar abuse contact email", "orgabuseemail", "abuse-mailbox", "abuse contact"],
	registrant: ["registrant organization", "registrant name", "registrant", "organization", "orgname", "org-name", "owner", "org"],
	network: ["netname"],
	range: ["cidr", "inetnum", "inet6num", "netrange"],
	country: ["country", "registrant country"],
	description: ["descr"],
	origin: ["originas", "origin", "aut-num"],
} as const;

export type WhoisKey = keyof typeof KEYS;
export type WhoisValues = Readonly<Partial<Record<WhoisKey, readonly string[]>>>;

const MEANING = new Map<string, WhoisKey>(Object.entries(KEYS).flatMap(([meaning, keys]) => keys.map((key) => [key, meaning as WhoisKey] as const)));

/** Lines that say that there is nothing. Registries have no common words for it. */
const NOTHING =
	/^[%#>*\s]*(?:error:\d+:\s*)?(?:no match\b|not found\b|no entries found|no data found|no object found|no found|nothing found|no such domain|domain not found|domain .{1,255} (?:is available|not found|is free)|object does not exist|the queried object does not exist|.{1,255} is available for registration|status:\s*(?:free|available)\b)/im;
const TOO_OFTEN = /(?:quota|limit|rate|queries).{0,40}exceed|exceed.{0,40}(?:quota|limit|rate|queries)|too many (?:queries|requests)|try again (?:later|in)|temporarily denied|blacklisted/i;

/**
 * `key: value` lines of a registry's text, and blocks whose values stand indented below their key. The first value of a kind is the
 * object's own: contacts follow it.
 */
export function readWhois(text: string): WhoisValues {
	const found: Partial<Record<WhoisKey, string[]>> = {};
	let block: WhoisKey | undefined;
	for (const line of text.split(/\r\n|[\r\n]/)) {
		if (line.trim() === "") block = undefined;
		if (/^\s*(?:[%#]|>>>)/.test(line) || line.trim() === "") continue;
		// JPRS writes `[Name Server]  ns.example.jp`, others `Registrar: Name` or `paid-till:  2026-…`.
		const pair = /^\s*\[([^\]]{1,40})\]\s+(.*)$/.exec(line) ?? /^\s*([A-Za-z][\w /.-]{0,60}?)\s*\.*:(?:\s+(.*)|\s*)$/.exec(line);
		if (pair === null) {
			if (block !== undefined && /^\s/.test(line)) add(found, block, line.trim());
			else block = undefined;
			continue;
		}
		const meaning = MEANING.get((pair[1] ?? "").trim().toLowerCase());
		const value = (pair[2] ?? "").trim();
		block = value === "" ? meaning : undefined;
		if (meaning !== undefined && value !== "") add(found, meaning, value);
	}
	return found;
}

function add(found: Partial<Record<WhoisKey, string[]>>, key: WhoisKey, value: string): void {
	const values = found[key] ?? [];
	if (values.length < 30 && !values.includes(value)) values.push(value);
	found[key] = values;
}

/** Whether a text says that nothing is registered, or that too much was asked. Null: it says something else. */
export function whoisRefusal(text: string): "nothing" | "limited" | null {
	const known = readWhois(text);
	if (known.registrar !== undefined || known.created !== undefined || known.nameservers !== undefined || known.network !== undefined || known.range !== undefined) return null;
	if (text.trim() === "" || NOTHING.test(text)) return "nothing";
	return TOO_OFTEN.test(text) ? "limited" : null;
}

/** A registry's date as ISO 8601; days are written in a dozen ways, and what follows them is a remark. */
export function whoisDate(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	const plain = text
		.trim()
		.replace(/^(\d{4})[./](\d{2})[./](\d{2})/, "$1-$2-$3")
		.replace(/^(\d{2})[./](\d{2})[./](\d{4})/, "$3-$2-$1");
	for (const candidate of [plain, plain.split(/\s+/).slice(0, 2).join(" "), plain.split(/\s+/)[0] ?? ""]) {
		const at = feedDate(candidate);
		if (at !== undefined) return at.toISOString();
	}
	return undefined;
}

/** The server that a text refers to: IANA's `refer`, a registry's `Registrar WHOIS Server`, ARIN's `ReferralServer: whois://…`. */
export function referral(text: string): string | undefined {
	const named = /^\s*(?:refer|whois|Whois Server|Registrar WHOIS Server|ReferralServer|ResourceLink):\s*(?:whois:\/\/)?([A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,})(?::43)?\/?\s*$/im.exec(text);
	return named?.[1]?.toLowerCase();
}
