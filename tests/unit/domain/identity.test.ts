import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressBytes, addressText, canonicalise, hostOf } from "@/lib/domain";
import { groups, indicatorOf, names, quads } from "./arbitraries";

/** Who a browser would talk to: its parser's host, IPv4 in IPv6 unwrapped, the root's dot dropped. */
function dialled(host: string): string {
	const parsed = new URL(`http://${host}/`).hostname.replace(/\.$/, "");
	return parsed.startsWith("[") ? addressText(addressBytes(parsed.slice(1, -1))) : parsed;
}

type Radix = 8 | 10 | 16;
const part = (value: number, radix: Radix, zeros: number): string => {
	if (radix === 10) return String(value);
	return (radix === 8 ? "0" : "0x") + "0".repeat(zeros) + value.toString(radix);
};

/** One address in a notation of inet_aton: one to four parts, each decimal, octal or hexadecimal. */
const spelling = fc.record({
	quad: quads,
	parts: fc.integer({ min: 1, max: 4 }),
	radixes: fc.array(fc.constantFrom<Radix>(8, 10, 16), { minLength: 4, maxLength: 4 }),
	zeros: fc.nat(3),
	dot: fc.boolean(),
});

function spell({ quad, parts, radixes, zeros, dot }: { quad: number[]; parts: number; radixes: Radix[]; zeros: number; dot: boolean }): string {
	const head = quad.slice(0, parts - 1);
	const last = quad.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0);
	return [...head, last].map((value, at) => part(value, radixes[at] as Radix, zeros)).join(".") + (dot ? "." : "");
}

const wide = (text: string): string => text.replace(/[0-9a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).replaceAll(".", "\u3002");
const percent = (text: string): string => [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

function sameInUrl(host: string, identity: string): void {
	const indicator = indicatorOf(`http://${host}/x`, "url");
	expect(hostOf(indicator)).toBe(identity);
	expect(new URL(indicator.value).pathname).toBe("/x");
}

describe("what a browser dials as the same host is the same host", () => {
	test("IPv4 in decimal, octal, hexadecimal, short, full-width and percent-encoded", () => {
		fc.assert(
			fc.property(spelling, (how) => {
				const identity = how.quad.join(".");
				const text = spell(how);
				expect(dialled(text)).toBe(identity);
				expect(indicatorOf(text, "ip").value).toBe(identity);
				expect(indicatorOf(wide(text), "ip").value).toBe(identity);
				for (const host of [text, wide(text), percent(text)]) sameInUrl(host, identity);
			}),
			{ numRuns: 1000 },
		);
	});

	test("IPv4 in every notation the generator knows", () => {
		fc.assert(
			fc.property(fc.ipV4Extended(), (text) => indicatorOf(text, "ip").value === dialled(text)),
			{ numRuns: 1000 },
		);
	});

	test("IPv6 written out, shortened, in capitals, with an IPv4 tail", () => {
		const tail = (low: number[]): string => low.map((group) => `${group >> 8}.${group & 255}`).join(".");
		fc.assert(
			fc.property(groups, fc.boolean(), (parts, mapped) => {
				const eight = mapped ? [0, 0, 0, 0, 0, 0xffff, ...parts.slice(6)] : parts;
				const out = eight.map((group) => group.toString(16).padStart(4, "0")).join(":");
				const short = new URL(`http://[${out}]/`).hostname.slice(1, -1);
				const identity = dialled(`[${out}]`);
				const spellings = [
					out,
					out.toUpperCase(),
					short,
					`${eight
						.slice(0, 6)
						.map((group) => group.toString(16))
						.join(":")}:${tail(eight.slice(6))}`,
				];
				for (const text of spellings) {
					expect(indicatorOf(text, "ip").value).toBe(identity);
					expect(indicatorOf(`[${text}]:8080`, "ip").value).toBe(identity);
					sameInUrl(`[${text}]`, identity);
				}
			}),
			{ numRuns: 500 },
		);
	});

	test("names in any case, in Unicode or Punycode, with the root's dot, percent-encoded", () => {
		fc.assert(
			fc.property(names, fc.boolean(), (name, dot) => {
				const identity = dialled(name);
				const text = dot ? `${name}.` : name;
				for (const host of [text, text.toUpperCase(), text.toLowerCase(), identity, identity.toUpperCase()]) {
					if (dialled(host) !== identity) continue;
					expect(indicatorOf(host, "domain").value).toBe(identity);
					sameInUrl(host, identity);
				}
				sameInUrl(percent(text), identity);
			}),
			{ numRuns: 1000 },
		);
	});

	test("hosts made of anything: refused, or read as the URL parser reads them", () => {
		const pieces = fc.constantFrom(
			"a",
			"B",
			"evil",
			".",
			"com",
			"127",
			"0x7f",
			"1",
			"\u3002",
			"\uff11",
			"\u00ad",
			"\u200b",
			"é",
			"ß",
			"%41",
			"%2e",
			"_",
			"-",
			"xn--",
			"\u24db",
			"0",
			"::",
			"[",
			"]",
			"ffff",
		);
		fc.assert(
			fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (parts) => {
				const host = parts.join("");
				const address = `http://${host}/`;
				const result = canonicalise(address, "url");
				// Brackets may be defanging; apart from that the parser decides.
				if (!result.ok || /[[\]]/.test(host) || !URL.canParse(address)) return;
				expect(hostOf(result.indicator)).toBe(dialled(host));
				const alone = canonicalise(host, "host");
				if (alone.ok) expect(alone.indicator.value).toBe(dialled(host));
			}),
			{ numRuns: 3000 },
		);
	});

	test("path and query stay what the URL parser makes of them", () => {
		const urls = fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ["http", "https", "ftp"] });
		fc.assert(
			fc.property(urls, (text) => {
				const parsed = new URL(text);
				const { value } = indicatorOf(text, "url");
				expect(value).toBe(`${parsed.protocol}//${dialled(parsed.hostname)}${parsed.port === "" ? "" : `:${parsed.port}`}${parsed.pathname}${parsed.search}`);
			}),
			{ numRuns: 1000 },
		);
	});
});
