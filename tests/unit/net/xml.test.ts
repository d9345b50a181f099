import dns from "node:dns";
import fs from "node:fs";
import net from "node:net";
import { describe, expect, test, vi } from "vitest";
import { readXml, SuspectBody, type XmlElement, type XmlOptions } from "@/lib/net";
import { fixture, fixtureJson, pieces, weighed } from "./helpers";

const { files } = fixtureJson<{ files: Record<string, { verdict: string }> }>("xml-bombs/expected.json");
const NAMES = ["item", "entry"];
const MB = 1024 * 1024;

interface Parsed {
	elements: XmlElement[];
	refused: string | null;
}

async function parse(bytes: AsyncIterable<Uint8Array>, options?: XmlOptions): Promise<Parsed> {
	const elements: XmlElement[] = [];
	try {
		for await (const element of readXml(bytes, NAMES, options)) elements.push(element);
	} catch (error) {
		if (!(error instanceof SuspectBody)) throw error;
		return { elements, refused: error.message };
	}
	return { elements, refused: null };
}

const child = (element: XmlElement | undefined, name: string): XmlElement | undefined => element?.children.find((one) => one.name === name);
const title = (parsed: Parsed): string | undefined => child(parsed.elements[0], "title")?.text;
const document = (text: string, size?: number): AsyncGenerator<Uint8Array> => pieces(Buffer.from(text), size);

/** What the corpus leaves open, decided. */
const DECIDED: Readonly<Record<string, "refused" | number>> = {
	"numeric-reference-flood.xml": 1,
	"entity-name-dot.xml": "refused",
	"external-dtd.xml": 1,
	"public-dtd-rss091.xml": 1,
	"wide-attributes.xml": "refused",
	"many-namespaces.xml": "refused",
	"long-text.xml": 1,
	"long-tag-name.xml": 0,
	"encoding-lie.xml": "refused",
	"leading-space.xml": 1,
	"ctrl-inside.xml": "refused",
	"good-rss.xml": 50,
	"good-atom.xml": 20,
	"good-rdf-jvn-like.xml": 10,
};

describe("hostile XML", () => {
	test.each(Object.entries(files))("%s", async (file, { verdict }) => {
		const spies = [
			vi.spyOn(net, "connect"),
			vi.spyOn(net, "createConnection"),
			vi.spyOn(dns, "lookup"),
			vi.spyOn(fs, "open"),
			vi.spyOn(fs, "openSync"),
			vi.spyOn(fs, "readFile"),
			vi.spyOn(fs, "createReadStream"),
		];
		const bytes = fixture(`xml-bombs/${file}`);
		for (const spy of spies) spy.mockClear();
		for (const size of [bytes.length, 1000, 7]) {
			const { bytes: watched, growth } = weighed(pieces(bytes, size), 50_000);
			const { elements, refused } = await parse(watched);
			const decided = DECIDED[file] ?? (verdict === "reject" ? "refused" : 1);
			if (decided === "refused") expect([refused === null, elements.length]).toEqual([false, verdict === "reject" ? elements.length : 0]);
			else expect([refused, elements.length]).toEqual([null, decided]);
			if (verdict === "reject") expect(decided).toBe("refused");
			expect(JSON.stringify(elements)).not.toContain("root:");
			expect(growth()).toBeLessThan(64 * MB);
		}
		for (const spy of spies) {
			expect(spy).not.toHaveBeenCalled();
			spy.mockRestore();
		}
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
	});

	test("contents", async () => {
		const of = (file: string): Promise<Parsed> => parse(pieces(fixture(`xml-bombs/${file}`), 100));
		expect(title(await of("latin1.xml"))).toBe("caf\u00e9");
		expect(title(await of("double-escaped.xml"))).toBe("&lt;script&gt;alert(1)");
		expect(title(await of("cdata-script.xml"))).toBe("<script>alert(1)</script>");
		expect(title(await of("numeric-reference-flood.xml"))).toBe("A".repeat(30_000));
		expect(title(await of("xinclude.xml"))).toBe("");
		const [long] = (await of("long-text.xml")).elements;
		expect(child(long, "title")).toMatchObject({ cut: true, text: expect.stringMatching(/^A{65536}$/) as string });
		const attributes = (await of("proto-attr.xml")).elements[0]?.attributes as object;
		expect([Object.getPrototypeOf(attributes), Object.keys(attributes)]).toEqual([null, ["__proto__", "constructor"]]);
	});
});

async function* repeated(prefix: string, piece: string, times: number, suffix: string): AsyncGenerator<Uint8Array> {
	yield Buffer.from(prefix);
	const block = Buffer.from(piece.repeat(1000));
	for (let at = 0; at < times; at += 1000) yield block;
	yield Buffer.from(suffix);
}

const laughs = (levels: number): string => {
	const entities = Array.from({ length: levels }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`);
	return `<!DOCTYPE rss [<!ENTITY l0 "lol">${entities.join("")}]><rss><item><title>&l${levels};</title></item></rss>`;
};

describe("XML too big to store", () => {
	test.each<[string, () => AsyncIterable<Uint8Array>, number]>([
		["numeric references", () => repeated("<rss><item><title>", "&#65;", 1_000_000, "</title></item></rss>"), 3 * MB],
		["twelve levels of entities", () => document(laughs(12)), MB],
		["comments", () => repeated("", "<!--a-->", 5_000_000, "<rss/>"), MB],
		["malformed comments", () => repeated("", "<!--->", 5_000_000, "<rss/>"), MB],
		["one attribute", () => repeated('<rss a="', "a", 64 * MB, '"/>'), 3 * MB],
		["one name", () => repeated("<", "a", 64 * MB, "/>"), 3 * MB],
		["one comment", () => repeated("<rss><!--", "a", 64 * MB, "--></rss>"), 3 * MB],
		["one section of CDATA", () => repeated("<rss><item><![CDATA[", "a", 64 * MB, "]]></item></rss>"), 3 * MB],
		["declarations", () => repeated("<!DOCTYPE rss [", '<!ENTITY a "b">', 5_000_000, "]><rss/>"), MB],
		["blanks in a DOCTYPE", () => repeated("<!DOCTYPE rss ", " ", 64 * MB, "><rss/>"), MB],
		["one element", () => repeated("<rss><item>", "<a>bcdefgh</a>", 5_000_000, "</item></rss>"), 3 * MB],
		["many attributes", () => repeated("<rss ", "a:b='c' ", 1_000_000, "/>"), MB],
		["an entity of an object's prototype", () => document("<rss><item>&constructor;</item></rss>"), MB],
	])("%s: refused early", async (_what, make, most) => {
		const { bytes, growth, pulled } = weighed(make(), MB);
		const { elements, refused } = await parse(bytes);
		expect([refused === null, elements.length]).toEqual([false, 0]);
		expect(pulled()).toBeLessThanOrEqual(most);
		expect(growth()).toBeLessThan(64 * MB);
	});

	test("an endless feed of small items is given as it comes, in constant memory", async () => {
		const { bytes, growth } = weighed(repeated("<rss>", "<item><title>a</title></item>", 400_000, "</rss>"), 2 * MB);
		let count = 0;
		for await (const element of readXml(bytes, NAMES)) count += element.children.length;
		expect(count).toBe(400_000);
		expect(growth()).toBeLessThan(16 * MB);
	});

	test("a reader that stops early closes the body", async () => {
		let closed = false;
		async function* body(): AsyncGenerator<Uint8Array> {
			try {
				for (;;) yield Buffer.from("<rss>".padEnd(300));
			} finally {
				closed = true;
			}
		}
		for await (const _ of readXml(
			(async function* () {
				yield Buffer.from("<r><item/>");
				yield* body();
			})(),
			NAMES,
		))
			break;
		expect(closed).toBe(true);
	});
});

describe("XML that is meant well", () => {
	test("trees, own text, attributes; an element within another belongs to it", async () => {
		const { elements } = await parse(document('<f xmlns:dc="u"><entry id="1"> a <b x="y">c</b> d <item>e</item><dc:date>f</dc:date></entry><item/></f>', 5));
		expect(elements.map(({ name, text }) => [name, text])).toEqual([
			["entry", "a  d"],
			["item", ""],
		]);
		expect(elements[0]?.children.map(({ name, text }) => [name, text])).toEqual([
			["b", "c"],
			["item", "e"],
			["dc:date", "f"],
		]);
		expect({ ...elements[0]?.attributes }).toEqual({ id: "1" });
	});

	const text = '<?xml version="1.0" encoding="ENC"?><r><item><title>caf\u00e9 \u8868</title></item></r>';
	const utf16 = (order: "le" | "be", mark: boolean): Buffer => {
		const bytes = Buffer.from((mark ? "\ufeff" : "") + text.replace("ENC", "utf-16"), "utf16le");
		return order === "le" ? bytes : bytes.swap16();
	};
	test.each<[string, Buffer, string | undefined]>([
		["UTF-8", Buffer.from(text.replace("ENC", "utf-8")), undefined],
		["UTF-8 under a server's default", Buffer.from(text.replace("ENC", "utf-8")), "text/xml; charset=ISO-8859-1"],
		["UTF-16 LE, marked", utf16("le", true), undefined],
		["UTF-16 BE, marked", utf16("be", true), "text/xml; charset=utf-8"],
		["UTF-16 LE, unmarked", utf16("le", false), undefined],
		["UTF-16 BE, unmarked", utf16("be", false), undefined],
	])("%s", async (_what, bytes, contentType) => {
		for (const size of [1, 2, 3, 1000]) expect(title(await parse(pieces(bytes, size), contentType === undefined ? {} : { contentType }))).toBe("caf\u00e9 \u8868");
	});

	test("Shift_JIS by declaration and by header", async () => {
		const body = (declaration: string): Buffer => Buffer.concat([Buffer.from(`${declaration}<r><item><title>`), Buffer.from([0x95, 0x5c]), Buffer.from("</title></item></r>")]);
		expect(title(await parse(pieces(body('<?xml version="1.0" encoding="Shift_JIS"?>'))))).toBe("\u8868");
		expect(title(await parse(pieces(body("")), { contentType: "application/xml; charset=shift_jis" }))).toBe("\u8868");
		expect((await parse(pieces(body("")))).refused).not.toBeNull();
	});

	test.each(["", "  \n", "plain text", "{}", "<rss>", "<rss></rs>", "<a><b></a></b>", "<r>&nbsp;</r>", "\u0000"])("%j is no feed", async (text) => {
		expect((await parse(document(text))).refused).not.toBeNull();
	});

	test("depth is bounded where the caller says", async () => {
		const deep = (levels: number): string => `${"<a>".repeat(levels - 1)}<item/>${"</a>".repeat(levels - 1)}`;
		expect((await parse(document(deep(100)))).elements).toHaveLength(1);
		expect((await parse(document(deep(101)))).refused).toContain("deeper than 100");
		expect((await parse(document(deep(4)), { maxDepth: 3 })).refused).toContain("deeper than 3");
	});
});
