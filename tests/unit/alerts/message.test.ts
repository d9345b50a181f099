import { describe, expect, it } from "vitest";
import type { AlertContent, ToldRecord } from "@/lib/alerts/content";
import { type MessageOptions, messageOf, type SlackMessage } from "@/lib/alerts/message";
import { highlighted, inert } from "@/lib/alerts/text";
import { webhookBody, webhookSignature } from "@/lib/alerts/webhook";
import { NAUGHTY } from "../../e2e/naughty";

const NOW = new Date("2026-11-24T12:00:00Z");
const ID = "ab".repeat(16);
const SITE = "https://exist.example.org";
const options: MessageOptions = { publicUrl: SITE, canMute: true, now: NOW, look: () => ({ icon: ":newspaper:", sender: "EXIST news" }) };

function record(text: string): ToldRecord {
	return {
		id: ID,
		title: text,
		path: `/news/${ID}`,
		at: NOW.toISOString(),
		source: text,
		matches: [
			{ term: text, place: text, excerpt: `${text} around ${text}`, from: text.length, to: text.length + 8 },
			{ term: "x", place: "title", excerpt: text, from: 1, to: Math.max(2, text.length - 1) },
			{ term: "y", place: "text", excerpt: text, from: 0, to: text.length },
			{ term: "z", place: "text", excerpt: text, from: 1e9, to: -5 },
		],
		indicators: [
			{ type: "url", value: text },
			{ type: "domain", value: text },
			{ type: "email", value: text },
		],
	};
}

/** The same hostile text in every field there is, in every kind of alert. */
function everywhere(text: string): AlertContent[][] {
	const hunter = { id: ID, name: text, kind: "news" };
	const operation = { kind: "operation" as const, source: 1, name: text, was: text, state: text, reason: text, since: NOW.toISOString() };
	return [
		[{ kind: "hit", hunter, record: record(text) }],
		[{ kind: "digest", hunter, total: 5000, records: Array.from({ length: 10 }, () => record(text)) }],
		[operation],
		Array.from({ length: 60 }, () => operation),
		[{ kind: "test", hunter, by: text }],
	];
}

interface Field {
	path: string;
	text: string;
}

/** Every text that Slack shows, with where it stands. Addresses and our own ids are looked at apart. */
function fields(value: unknown, path = ""): Field[] {
	if (typeof value === "string") return /\.(?:url|action_id|value|type)$/.test(path) ? [] : [{ path, text: value }];
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => fields(inner, `${path}.${key}`));
}

const urls = (message: SlackMessage): string[] => [...JSON.stringify(message.blocks).matchAll(/"url":"([^"]+)"/g)].map(([, url = ""]) => url);

/** What Slack would make something of. */
function harm({ path, text }: Field): string | null {
	if (/[<>]/.test(text)) return "an angle bracket";
	if (/&(?!(?:amp|lt|gt);)/.test(text)) return "a bare or cut &";
	if (/@(?:channel|here|everyone)/i.test(text)) return "a mention";
	if (/\b(?:https?|ftp|slack|mailto|javascript):\S/i.test(text)) return "a link";
	if (/[a-z0-9]\.(?:example|com|net|org)\b/i.test(text)) return "a name that becomes a link";
	if (/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.test(text.replaceAll("\n", ""))) return "a control character";
	if (!text.isWellFormed()) return "half a pair";
	if (/\.blocks\.\d+\.(?:text\.text|elements\.\d+\.text)$/.test(path) && text === "") return "an empty text";
	return null;
}

describe("messages of hostile text", () => {
	it.each(NAUGHTY.map((text, at) => [at, text] as const))("stay inert: %i", (_, text) => {
		for (const contents of everywhere(text)) {
			for (const cut of [false, true]) {
				const message = messageOf(
					contents.map((content) => ({ content, at: NOW })),
					{ ...options, cut },
				);
				for (const field of fields(message)) expect([field, harm(field)]).toEqual([field, null]);
				expect(message.blocks.length).toBeLessThanOrEqual(50);
				for (const { path, text: shown } of fields(message.blocks)) expect(shown.length, path).toBeLessThanOrEqual(3000);
				expect(message.text.length).toBeLessThanOrEqual(4000);
				for (const block of message.blocks) if (block.type === "header") expect(block.text.text.length).toBeLessThanOrEqual(150);
				for (const url of urls(message)) expect(url.startsWith(`${SITE}/`)).toBe(true);
				// Bold signs are ours and come in pairs; in code they are letters.
				for (const { text: shown } of fields(message.blocks)) for (const line of shown.replace(/`[^`\n]*`/g, "").split("\n")) expect([line, (line.match(/\*/g) ?? []).length % 2]).toEqual([line, 0]);
			}
		}
	});

	it("leads nowhere but to pages of ours, and has no buttons without an address", () => {
		const [content] = everywhere("x")[0] as [AlertContent];
		for (const path of ["//evil.example/a", "@evil.example/", ".evil.example/", "\\\\evil.example", "javascript:alert(1)"]) {
			const hostile = { ...content, record: { ...record("x"), path } } as AlertContent;
			for (const url of urls(messageOf([{ content: hostile, at: NOW }], options))) expect(new URL(url).origin).toBe(SITE);
		}
		expect(JSON.stringify(messageOf([{ content, at: NOW }], { ...options, publicUrl: null, canMute: false }).blocks)).not.toContain('"button"');
	});

	it("mutes by a button where Slack can tell us, else by a link to the form", () => {
		const [content] = everywhere("x")[0] as [AlertContent];
		expect(JSON.stringify(messageOf([{ content, at: NOW }], options).blocks)).toContain(`"action_id":"mute_day","value":"${ID}"`);
		expect(urls(messageOf([{ content, at: NOW }], { ...options, canMute: false }))).toContain(`${SITE}/hunters/${ID}?mute=day`);
	});

	it("sends webhooks what is stored, as JSON, signed over time and body", () => {
		for (const text of NAUGHTY) {
			const [content] = everywhere(text)[0] as [AlertContent];
			const body = webhookBody(ID, content, { at: NOW, late: false, publicUrl: SITE });
			expect((JSON.parse(body) as { records: Array<{ title: string }> }).records[0]?.title).toBe(text);
		}
		expect(webhookSignature("{}", "secret", NOW)).toBe("t=1795521600,v1=35c189809538889662afdbafadd09daf47bd1c0301263ece6ae09c92e030c251");
	});
});

describe("inert text", () => {
	it.each([
		["<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@\u2060U1&gt;"],
		["&lt;!channel&gt;", "&lt;!channel&gt;"],
		["&amp;lt;!here&amp;gt;", "&amp;lt;!here&amp;gt;"],
		["&#60;b&#x3e;", "&lt;b&gt;"],
		["see http://evil.example/a.b?c", "see hxxp://evil[.]example/a.b?c"],
		["HTTPS://EVIL.example", "HxxPS://EVIL[.]example"],
		["8.8.8.8 and version 1.2.3", "8.8.8[.]8 and version 1.2.3"],
		["mail a.b@c.example", "mail a.b[@]c[.]example"],
		["a\u0000b\n\n\nc\u200bd", "a b cd"],
		["*b* `c` ~d~", "\u2217b\u2217 \u02cbc\u02cb \u223cd\u223c"],
	])("%j", (text, expected) => {
		expect(inert(text, 500)).toBe(expected);
	});

	it("is cut between characters, never inside an entity or a pair", () => {
		for (let max = 3; max < 40; max++) {
			for (const text of ["<".repeat(50), "&".repeat(50), "😀".repeat(50), "a&b<c>".repeat(10)]) {
				const cut = inert(text, max);
				expect(cut.length).toBeLessThanOrEqual(max);
				expect(cut).toMatch(/^(?:&(?:amp|lt|gt);|[^&<>])*…$/u);
				expect(cut.isWellFormed()).toBe(true);
			}
		}
	});

	it("shows what was found in bold, in the middle of a long excerpt too", () => {
		expect(highlighted("New ransomware seen", 4, 14, 500)).toBe("New *ransomware* seen");
		expect(highlighted("preransomwarepost", 3, 13, 500)).toBe("pre\u2060*ransomware*\u2060post");
		const long = `${"a ".repeat(2000)}ransomware${" b".repeat(2000)}`;
		const shown = highlighted(long, 4000, 4010, 300);
		expect(shown).toContain("*ransomware*");
		expect(shown.length).toBeLessThanOrEqual(300);
		expect(shown.startsWith("…") && shown.endsWith("…")).toBe(true);
	});
});
