import { Parser } from "htmlparser2";
import sanitize from "sanitize-html";

/** What may stand in text of others: words, structure, links. Nothing that loads, runs, or is shaped by a style. */
const ALLOWED_TAGS = [
	..."p br hr h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code samp kbd var div span section article figure figcaption".split(" "),
	..."a b strong i em u s del ins mark small sub sup abbr q cite time table caption thead tbody tfoot tr th td".split(" "),
];
/** Elements whose text is none of the article's. */
const SILENT = ["script", "style", "textarea", "option", "noscript", "template", "title", "svg", "math", "iframe", "object", "xmp", "noembed", "noframes", "select", "button"];
const BLOCK = new Set(
	"p div section article header footer aside main h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption table caption thead tbody tfoot tr hr br form fieldset address details summary".split(
		" ",
	),
);
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Marks that turn the direction of what follows: they make text read as something it is not. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
const MAX_LINK = 4096;

const MAX_DEPTH = 500;
/** Tags that never stay open. */
const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Tags that the next of their kind mostly closes: articles leave thousands of them open, and only a hostile one nests them. */
const OFTEN_OPEN = new Set("p li dt dd td th tr tbody thead tfoot option".split(" "));
const MAX_OFTEN_OPEN = 10_000;

/** HTML without tags where it is nested deeper than any article is: parsers take time with the square of the depth. */
function flattened(html: string): string {
	let depth = 0;
	let open = 0;
	for (const [, slash, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
		const tag = name.toLowerCase();
		if (VOID.has(tag)) continue;
		const by = slash === "" ? 1 : -1;
		if (OFTEN_OPEN.has(tag)) open = Math.max(0, open + by);
		else depth = Math.max(0, depth + by);
		if (depth > MAX_DEPTH || open > MAX_OFTEN_OPEN) return html.replace(/<[^<>]*>/g, " ");
	}
	return html;
}

/** Text of others made safe to store: control characters, lone surrogates and marks that turn the direction are replaced. */
export function cleanText(text: string): string {
	return text.replace(/\r\n?/g, "\n").replace(CONTROL, "\ufffd").replace(TURNING, "").toWellFormed();
}

/** An http or https address, resolved against `base`; undefined for everything else. A user name in it is left out. */
export function webLink(address: string | undefined, base?: string): string | undefined {
	const trimmed = address?.trim() ?? "";
	if (trimmed === "" || trimmed.length > MAX_LINK || !URL.canParse(trimmed, base)) return undefined;
	const url = new URL(trimmed, base);
	if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
	url.username = "";
	url.password = "";
	return url.href.length > MAX_LINK ? undefined : url.href;
}

/**
 * HTML of others as it may be shown: an allow-list of tags without styles, classes or images; links only http(s), absolute,
 * and without a way back to our page. The result is stored, so a stricter list later needs no new fetch but a new revision.
 */
export function sanitiseHtml(html: string, base?: string): string {
	const clean = sanitize(flattened(cleanText(html)), {
		allowedTags: ALLOWED_TAGS,
		allowedAttributes: { a: ["href", "rel", "target"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"], ol: ["start"], time: ["datetime"] },
		allowedSchemes: ["http", "https"],
		allowProtocolRelative: false,
		nonTextTags: SILENT,
		parseStyleAttributes: false,
		nestingLimit: 60,
		transformTags: {
			// The page has its own first and second heading.
			h1: "h3",
			h2: "h3",
			a: (tagName, { href }) => {
				// A jump within the article leads nowhere on our page.
				const link = href?.trim().startsWith("#") === true ? undefined : webLink(href, base);
				return { tagName, attribs: link === undefined ? {} : { href: link, rel: "noopener noreferrer nofollow", target: "_blank" } };
			},
			// What a picture shows is said, the picture itself is not loaded.
			img: (_tagName, { alt }) => (alt === undefined || alt.trim() === "" ? { tagName: "img", attribs: {} } : { tagName: "em", attribs: {}, text: `[picture: ${alt.trim().slice(0, 200)}]` }),
		},
		// Links around pictures only, and what a tracker leaves.
		exclusiveFilter: ({ tag, text, mediaChildren }) => (tag === "a" || tag === "span" || tag === "p" || tag === "figure") && text.trim() === "" && (mediaChildren as unknown[]).length === 0,
	});
	// A reference (`&#8;`) can stand for a control character, too.
	return cleanText(clean).trim();
}

/**
 * The text of HTML, entities decoded: blocks on lines of their own, cells apart. For search, extraction and titles; plain text
 * comes out as it went in but for blanks. Reads at most `limit` characters.
 */
export function htmlToText(html: string, limit = 2_000_000): string {
	let out = "";
	let silent = 0;
	let preformatted = 0;
	const parser = new Parser(
		{
			onopentag(name) {
				if (SILENT.includes(name)) silent++;
				if (name === "pre") preformatted++;
				if (BLOCK.has(name)) out += "\n";
				else if (name === "td" || name === "th") out += "\t";
			},
			ontext(text) {
				if (silent === 0) out += preformatted > 0 ? text : text.replace(/[\s\u00a0]+/g, " ");
			},
			onclosetag(name) {
				if (SILENT.includes(name)) silent = Math.max(0, silent - 1);
				if (name === "pre") preformatted = Math.max(0, preformatted - 1);
				if (BLOCK.has(name) && name !== "br") out += "\n";
			},
		},
		{ decodeEntities: true },
	);
	parser.write(flattened(cleanText(html.slice(0, limit))));
	parser.end();
	// Entities can stand for control characters, too.
	return cleanText(out)
		.replace(/[ \t]+/g, (blanks) => (blanks.includes("\t") ? "\t" : " "))
		.replace(/ ?\t?\n[ \t]?/g, "\n")
		.replace(/\n{3,}/g, "\n\n")
		.trim();
}
