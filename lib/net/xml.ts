import { SaxesParser, type SaxesTagPlain } from "saxes";
import { chain } from "./bytes";
import { SuspectBody } from "./formats";
import { toUtf8 } from "./lines";

/** An element with everything below it. Names are as written, prefix included; attributes have no prototype. */
export interface XmlElement {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	/** its own text and CDATA, not that of its children, without surrounding blanks */
	readonly text: string;
	readonly children: readonly XmlElement[];
	/** its text was longer than the cap; `text` holds the beginning */
	readonly cut: boolean;
}

export interface XmlOptions {
	contentType?: string;
	/** levels of nesting (default 100) */
	maxDepth?: number;
	/** characters of one element's own text that are kept (default 65,536) */
	maxText?: number;
	/** characters of all text and attributes below one yielded element (default 1,048,576) */
	maxElement?: number;
	/**
	 * For elements that hold markup instead of text (XHTML in a feed): what stands in such a one is written into its `text`, tags
	 * included, and it has no children. `escaped`: its characters are those of markup (`<` comes out as `&lt;`); `as-is`: they are
	 * markup already, and unescaped tags only stand between them.
	 */
	markup?: (name: string, attributes: Readonly<Record<string, string>>) => Markup | undefined;
	/** told of every element that stands in no yielded one, the root first (depth 1) */
	outside?: (name: string, attributes: Readonly<Record<string, string>>, depth: number) => void;
}

type Markup = "escaped" | "as-is";

interface Open {
	name: string;
	attributes: Record<string, string>;
	text: string;
	children: XmlElement[];
	cut: boolean;
	markup: Markup | undefined;
}

/** Characters that may pass without anything being recognised: one name, attribute value, comment or stretch of text. */
const MAX_TOKEN = 1024 * 1024;
/** Characters before the first element: declaration, comments, a DOCTYPE. */
const MAX_PROLOG = 64 * 1024;
const MAX_ATTRIBUTES = 256;
const MAX_NODES = 10_000;
const PIECE = 16 * 1024;
const HEAD_BYTES = 256;

function suspect(what: string): SuspectBody {
	return new SuspectBody(`Its XML ${what}.`);
}

const VOID = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]);

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Prefixes mean nothing to HTML, which is what this is read as. */
function localName(name: string): string {
	return name.slice(name.indexOf(":") + 1);
}

function startTag({ name, attributes }: SaxesTagPlain): string {
	const written = Object.entries(attributes).map(([key, value]) => ` ${localName(key)}="${escaped(value)}"`);
	return `<${localName(name)}${written.join("")}>`;
}

/** A `[` outside quotes: declarations of its own, which feeds have no use for and attacks live on. */
function hasInternalSubset(doctype: string): boolean {
	return doctype.replace(/"[^"]*"|'[^']*'/g, "").includes("[");
}

/** Collects the wanted elements while saxes reads. Entities other than XML's five stay undefined, which breaks the document. */
class Collector {
	readonly parser = new SaxesParser({ xmlns: false });
	ready: XmlElement[] = [];
	readonly #names: ReadonlySet<string>;
	readonly #options: XmlOptions & { maxDepth: number; maxText: number; maxElement: number };
	readonly #open: Open[] = [];
	/** open tags within an element that holds markup */
	#within = 0;
	#depth = 0;
	#attributes = 0;
	#nodes = 0;
	#size = 0;
	#sinceEvent = 0;
	#prolog = 0;
	#root = false;

	constructor(names: readonly string[], options: XmlOptions) {
		this.#names = new Set(names);
		this.#options = { ...options, maxDepth: options.maxDepth ?? 100, maxText: options.maxText ?? 65_536, maxElement: options.maxElement ?? 1_048_576 };
		const { parser } = this;
		parser.on("error", (error) => {
			throw suspect(`is broken (${error.message.slice(0, 120).replace(/\.$/, "")})`);
		});
		parser.on("doctype", (doctype) => {
			this.#sinceEvent = 0;
			if (hasInternalSubset(doctype)) throw suspect("declares entities of its own (a DOCTYPE with an internal subset), which is refused");
		});
		parser.on("opentagstart", () => this.#start());
		parser.on("attribute", () => {
			this.#sinceEvent = 0;
			if (++this.#attributes > MAX_ATTRIBUTES) throw suspect(`has an element with more than ${MAX_ATTRIBUTES} attributes`);
		});
		parser.on("opentag", (tag) => this.#opened(tag));
		parser.on("closetag", (tag) => this.#closed(tag));
		parser.on("text", (text) => this.#text(text));
		parser.on("cdata", (text) => this.#text(text));
		for (const event of ["comment", "processinginstruction"] as const) {
			parser.on(event, () => {
				this.#sinceEvent = 0;
			});
		}
	}

	#start(): void {
		this.#sinceEvent = 0;
		this.#attributes = 0;
		this.#root = true;
		if (++this.#depth > this.#options.maxDepth) throw suspect(`is nested deeper than ${this.#options.maxDepth} levels`);
	}

	#opened(tag: SaxesTagPlain): void {
		this.#sinceEvent = 0;
		if (this.#depth === 1 && /^(?:html|head|body)$/i.test(tag.name)) throw new SuspectBody("It is a web page, not a feed.");
		if (this.#open.length === 0) {
			if (!this.#names.has(tag.name)) {
				this.#options.outside?.(tag.name, tag.attributes, this.#depth);
				return;
			}
			this.#nodes = 0;
			this.#size = 0;
		}
		const holder = this.#open.at(-1);
		if (holder?.markup !== undefined) {
			this.#within++;
			this.#append(holder, startTag(tag));
			return;
		}
		if (++this.#nodes > MAX_NODES) throw suspect(`has an element with more than ${MAX_NODES.toLocaleString("en")} others in it`);
		const attributes = Object.assign(Object.create(null), tag.attributes) as Record<string, string>;
		let size = tag.name.length;
		for (const name in attributes) size += name.length + (attributes[name] as string).length;
		this.#grow(size);
		this.#open.push({ name: tag.name, attributes, text: "", children: [], cut: false, markup: this.#options.markup?.(tag.name, attributes) });
	}

	#grow(by: number): void {
		this.#size += by;
		if (this.#size > this.#options.maxElement) throw suspect(`has an element of more than ${this.#options.maxElement.toLocaleString("en")} characters (too large)`);
	}

	#text(text: string): void {
		this.#sinceEvent = 0;
		const at = this.#open.at(-1);
		if (at !== undefined) this.#append(at, at.markup === "escaped" ? escaped(text) : text);
	}

	#append(at: Open, text: string): void {
		const room = this.#options.maxText - at.text.length;
		at.cut ||= text.length > room;
		at.text += text.length > room ? text.slice(0, room) : text;
		this.#grow(Math.min(room, text.length));
	}

	#closed(tag: SaxesTagPlain): void {
		this.#sinceEvent = 0;
		this.#depth--;
		if (this.#within > 0) {
			this.#within--;
			const name = localName(tag.name);
			if (!VOID.has(name.toLowerCase())) this.#append(this.#open.at(-1) as Open, `</${name}>`);
			return;
		}
		const open = this.#open.pop();
		if (open === undefined) return;
		const { name, attributes, children, cut } = open;
		const element: XmlElement = { name, attributes, text: open.text.trim(), children, cut };
		const parent = this.#open.at(-1);
		if (parent === undefined) this.ready.push(element);
		else parent.children.push(element);
	}

	write(piece: string): void {
		this.#sinceEvent += piece.length;
		this.parser.write(piece);
		if (!this.#root) this.#prolog += piece.length;
		if (!this.#root && this.#prolog > MAX_PROLOG) throw suspect(`has ${MAX_PROLOG.toLocaleString("en")} characters before its first element (too large)`);
		if (this.#sinceEvent > MAX_TOKEN) throw suspect(`has a name, value or text of more than ${MAX_TOKEN.toLocaleString("en")} characters (too large)`);
	}

	close(): void {
		if (!this.#root && this.#prolog === 0) throw new SuspectBody("The body is empty.");
		this.parser.close();
	}
}

async function headOf(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
	const head: Uint8Array[] = [];
	for (let have = 0; have < HEAD_BYTES; ) {
		const { value, done } = await iterator.next();
		if (done === true) break;
		head.push(value);
		have += value.length;
	}
	return head;
}

/**
 * The encoding to read the body in, as a Content-Type: a byte order mark goes first (in `toUtf8`), then what HTTP said, then
 * the XML declaration. An encoding that is not known is refused, never guessed.
 */
function contentTypeFor(head: Buffer, contentType: string | undefined): string | undefined {
	if (/charset\s*=\s*"?(?!utf-?8|us-ascii|iso-8859-1)[\w.:-]/i.test(contentType ?? "")) return contentType;
	if (head[0] === 0 && head[1] === 0x3c) return "text/xml; charset=utf-16be";
	if (head[0] === 0x3c && head[1] === 0) return "text/xml; charset=utf-16le";
	const label = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']{1,40})["']/.exec(head.toString("latin1").replace(/^\u00ef\u00bb\u00bf/, ""))?.[1]?.trim();
	if (label === undefined || /^(?:utf-?8|utf-?16)$/i.test(label)) return undefined;
	try {
		const { encoding } = new TextDecoder(label);
		// An XML declaration that can be read byte by byte cannot stand in a two-byte encoding.
		if (encoding.startsWith("utf-16")) return undefined;
		return `text/xml; charset=${encoding}`;
	} catch {
		throw suspect(`is in an encoding that is not read ("${label.slice(0, 20).replace(/[^\w.:-]/g, "?")}")`);
	}
}

/**
 * Streams the elements with one of these names (`["item", "entry"]`), each with its subtree; one inside another belongs to
 * it. Opens nothing: a DOCTYPE's external part is ignored, one with an internal subset is refused. Throws `SuspectBody`
 * where the document is broken, cut short or too large; elements before that point have been given by then.
 */
export async function* readXml(bytes: AsyncIterable<Uint8Array>, names: readonly string[], options: XmlOptions = {}): AsyncGenerator<XmlElement> {
	const iterator = bytes[Symbol.asyncIterator]();
	try {
		const head = await headOf(iterator);
		const type = contentTypeFor(Buffer.concat(head), options.contentType);
		const decoder = new TextDecoder("utf-8", { fatal: true });
		const collector = new Collector(names, options);
		let begun = false;
		const feed = function* (text: string): Generator<XmlElement> {
			// Blanks before the declaration are an error in XML and common in feeds.
			const rest = begun ? text : text.trimStart();
			begun ||= rest !== "";
			for (let at = 0; at < rest.length; at += PIECE) {
				collector.write(rest.slice(at, at + PIECE));
				const { ready } = collector;
				collector.ready = [];
				yield* ready;
			}
		};
		for await (const chunk of toUtf8(chain(head, iterator), type)) yield* feed(decode(decoder, chunk));
		yield* feed(decode(decoder, undefined));
		collector.close();
		yield* collector.ready;
	} finally {
		await iterator.return?.();
	}
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
	try {
		return decoder.decode(chunk, { stream: chunk !== undefined });
	} catch {
		throw suspect("is not the UTF-8 text it claims to be");
	}
}
