import { htmlToText } from "@/lib/net/html";
import { defineHunterKind } from "../define";
import { commonFields, field, oneLine } from "../read/columns";
import { tableReaders } from "../read/table";

/** Articles. Those that tell one story in several feeds are hits of their own, for each may say what another leaves out, and are told once. */
export const newsHunter = defineHunterKind({
	id: "news",
	tracker: "news",
	title: "News",
	says: "Looks into the articles of news feeds: title, text, author and categories.",
	icon: ":newspaper:",
	sender: "EXIST news hunter",
	fields: [
		{ name: "title", kind: "text", bare: true, says: "the headline", example: 'title:"supply chain"' },
		{ name: "text", kind: "text", bare: true, says: "the article, as far as its feed gives it", example: "text:ransomware" },
		{ name: "author", kind: "text", bare: true, says: "who wrote it", example: "author:krebs" },
		{ name: "category", kind: "text", bare: true, says: "categories that the feed gives it", example: "category:vulnerabilities" },
		{ name: "publisher", kind: "text", bare: false, says: "the feed as it names itself", example: "publisher:cisa" },
		{ name: "link", kind: "text", bare: false, says: "the address of the article", example: "link:/advisories/" },
		...commonFields("krebs"),
	],
	examples: [
		{ query: "ransomware hospital, ransomware clinic", says: "articles that hold both words of either pair" },
		{ query: '"zero day" -chrome', says: "the two words next to each other, in articles that do not name Chrome" },
	],
	...tableReaders({
		tracker: "news",
		from: "news n",
		alias: "n",
		time: "published_at",
		long: ["content"],
		select: "n.title, n.published_at, n.content, n.author, n.categories, n.source_title, n.link, n.created_at, n.story",
		document: (row, indicators) => ({
			at: row.published_at as Date,
			arrived: row.created_at as Date,
			story: row.story as Buffer,
			title: oneLine(String(row.title), "An article without a title"),
			path: `/news/${(row.id as Buffer).toString("hex")}`,
			fields: {
				title: field.text(row.title),
				text: htmlToText(String(row.content)),
				author: field.text(row.author),
				category: field.list(row.categories),
				publisher: field.text(row.source_title),
				link: field.text(row.link),
			},
			indicators,
		}),
	}),
});
