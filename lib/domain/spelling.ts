/**
 * What a host in ASCII (`xn--…`) reads as, and whether that reading is a trick. The runtime's own decoder is Node's only, and the
 * console shows this while somebody types.
 */

const BASE = 36;
const INITIAL_N = 128;

function digitOf(code: number): number {
	if (code >= 48 && code <= 57) return code - 22;
	if (code >= 97 && code <= 122) return code - 97;
	return BASE;
}

function adapted(delta: number, points: number, first: boolean): number {
	let rest = first ? Math.floor(delta / 700) : delta >> 1;
	rest += Math.floor(rest / points);
	let k = 0;
	for (; rest > 455; k += BASE) rest = Math.floor(rest / 35);
	return k + Math.floor((36 * rest) / (rest + 38));
}

/** One label behind its `xn--` (RFC 3492, section 6.2); null where it is broken. */
function decodedLabel(text: string): string | null {
	const dash = text.lastIndexOf("-");
	const out = dash > 0 ? [...text.slice(0, dash)].map((character) => character.charCodeAt(0)) : [];
	let n = INITIAL_N;
	let i = 0;
	let bias = 72;
	for (let at = dash > 0 ? dash + 1 : 0; at < text.length; ) {
		const before = i;
		for (let weight = 1, k = BASE; ; k += BASE) {
			const digit = at < text.length ? digitOf(text.charCodeAt(at++)) : BASE;
			if (digit >= BASE) return null;
			i += digit * weight;
			if (i > 0x7fffffff) return null;
			const threshold = Math.min(26, Math.max(1, k - bias));
			if (digit < threshold) break;
			weight *= BASE - threshold;
		}
		bias = adapted(i - before, out.length + 1, before === 0);
		n += Math.floor(i / (out.length + 1));
		i %= out.length + 1;
		if (n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) return null;
		out.splice(i++, 0, n);
	}
	return String.fromCodePoint(...out);
}

const SCRIPTS = ["Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Hebrew", "Arabic", "Devanagari", "Thai", "Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Cherokee"] as const;
const TESTS = SCRIPTS.map((name) => [name as string, new RegExp(`\\p{Script=${name}}`, "u")] as const);

/** Scripts that people write together (UTS 39, "highly restrictive"). */
const TOGETHER: ReadonlyArray<ReadonlySet<string>> = [new Set(["Latin", "Han", "Hiragana", "Katakana"]), new Set(["Latin", "Han", "Bopomofo"]), new Set(["Latin", "Han", "Hangul"])];

/** Letters of other scripts that cannot be told from Latin ones in most typefaces. */
const ALIKE: Readonly<Record<string, string>> = Object.fromEntries(
	[
		"аa",
		"сc",
		"ԁd",
		"еe",
		"һh",
		"іi",
		"јj",
		"ӏl",
		"оo",
		"рp",
		"ԛq",
		"ѕs",
		"ԝw",
		"хx",
		"уy",
		"ѵv",
		"гr",
		"пn",
		"мm",
		"тt",
		"кk",
		"вb",
		"ьb",
		"αa",
		"οo",
		"ρp",
		"νv",
		"ιi",
		"κk",
		"υu",
		"τt",
		"ηn",
		"χx",
		"γy",
		"օo",
		"ոn",
		"սu",
		"հh",
	].map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

function scriptsOf(label: string): string[] {
	const found = new Set<string>();
	for (const character of label) {
		if (!/\p{L}/u.test(character)) continue;
		found.add(TESTS.find(([, test]) => test.test(character))?.[0] ?? "another script");
	}
	return [...found];
}

/** Why a label is likely made to be mistaken for another; null where nothing says so. */
function trick(label: string): string | null {
	const scripts = scriptsOf(label);
	if (scripts.length > 1 && !TOGETHER.some((set) => scripts.every((script) => set.has(script)))) return `It mixes letters of ${scripts.join(" and ")}, as a look-alike does.`;
	if (scripts.length !== 1 || scripts[0] === "Latin") return null;
	const latin = [...label].map((character) => (/[a-z0-9-]/.test(character) ? character : ALIKE[character]));
	return latin.includes(undefined) ? null : `It is written in ${scripts[0]} letters only and looks like "${latin.join("")}".`;
}

export interface Spelling {
	/** as a browser may show it */
	reads: string;
	/** why it is likely a trick, null where nothing says so */
	trick: string | null;
}

/** How a host with `xn--` labels reads; null for a host that reads as it is written, or whose labels are broken. */
export function spellingOf(host: string): Spelling | null {
	if (!/(?:^|\.)xn--/.test(host)) return null;
	const labels = host.split(".").map((label) => (label.startsWith("xn--") ? decodedLabel(label.slice(4)) : label));
	if (labels.includes(null)) return null;
	const reads = (labels as string[]).join(".");
	return { reads, trick: (labels as string[]).map(trick).find((reason) => reason !== null) ?? null };
}
