import fc from "fast-check";
import { canonicalise, type Indicator } from "@/lib/domain";

/** The indicator of a value that must be one. */
export function indicatorOf(text: string, as: Parameters<typeof canonicalise>[1] = "any"): Indicator {
	const result = canonicalise(text, as);
	if (!result.ok) throw new Error(`${JSON.stringify(text)}: ${result.reason}`);
	return result.indicator;
}

export const quads = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
export const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });

const hexadecimal = (length: number): fc.Arbitrary<string> => fc.array(fc.constantFrom(..."0123456789abcdefABCDEF"), { minLength: length, maxLength: length }).map((digits) => digits.join(""));

const SCRIPTS = ["bücher", "BÜCHER", "例え", "пример", "ПРИМЕР", "faß", "straße", "xn--bcher-kva", "Ångström", "a_b", "münchen"] as const;

/** Host names, some in other scripts and cases. */
export const names = fc.oneof(
	fc.domain(),
	fc.tuple(fc.constantFrom(...SCRIPTS), fc.constantFrom("com", "example", "JP", "рф", "co.uk", "Org")).map(([label, ending]) => `${label}.${ending}`),
);

/** Text that is likely to be an indicator of some kind. */
export const valid = fc.oneof(
	fc.ipV4(),
	fc.ipV6(),
	fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, length]) => `${address}/${length}`),
	fc.tuple(groups, fc.nat(128)).map(([parts, length]) => `${parts.map((part) => part.toString(16)).join(":")}/${length}`),
	names,
	fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ["http", "https", "ftp"] }),
	hexadecimal(32),
	hexadecimal(40),
	hexadecimal(64),
	fc.emailAddress().filter((text) => !/[/?#]/.test(text)),
	fc.tuple(fc.integer({ min: 1999, max: 2099 }), fc.integer({ min: 1000, max: 9_999_999 })).map(([year, id]) => `cve-${year}-${id}`),
);

const MARKS = [
	"[",
	"]",
	"(",
	")",
	"{",
	"}",
	"<",
	">",
	".",
	"[.]",
	"(dot)",
	"[at]",
	"@",
	"[:]",
	"[://]",
	"[/]",
	"(//)",
	"://",
	"/",
	"\\",
	"\\.",
	"?",
	"#",
	"%41",
	"%2e",
	" ",
	" dot ",
	"http",
	"hxxps",
	"ftp",
	"meow",
	"a",
	"evil",
	"com",
	"1",
	"10",
	"255",
	"0x7f",
	"2001",
	"::",
	":80",
	"\uff11",
	"\uff0e",
	"\u3002",
	"\uff0f",
	"\uff1a",
	"é",
	"\t",
	"\n",
	"CVE-2021-",
	"44228",
];

/** Text made of the marks readers look for, in any order. */
export const marked = fc.array(fc.constantFrom(...MARKS), { maxLength: 14 }).map((parts) => parts.join(""));
export const anything = fc.oneof(
	valid,
	marked,
	fc.string({ unit: "grapheme", maxLength: 80 }),
	fc.string({ unit: "binary", maxLength: 40 }),
	marked.map((text) => `http://a.example.com/${text}`),
	marked.map((text) => `hxxp://a[.]example.com${text}`),
);
