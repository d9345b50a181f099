import { canonicalise } from "./canonical";
import { type Classification, classify, classifyMany } from "./classify";
import { defang, refang } from "./defang";
import { hostOf } from "./host";
import type { Indicator } from "./indicator";
import { spellingOf } from "./spelling";

/** Something about a value that whoever looks it up should know; `warn` where it is a known trick. */
export interface Note {
	text: string;
	tone: "warn" | "none";
}

export type Understood =
	| { kind: "empty" }
	| { kind: "indicator"; indicator: Indicator; notes: Note[] }
	/** several values: how many, and how many of them are indicators */
	| { kind: "many"; values: number; indicators: number }
	| { kind: "words"; words: string[] }
	/** meant as an indicator and none, or nothing that can be searched */
	| { kind: "invalid"; reason: string };

/** Words of a search are a handful; what is longer is something else pasted by mistake. */
const MAX_WORDS_LENGTH = 1_000;
/** A zone names an interface of one machine (RFC 4007). Written with its `%` encoded it stands in URLs. */
const ZONE = /^(\[?[0-9a-f:.]*:[0-9a-f:.]*)%(?:25)?([^\]\s/]{1,64})(\](?::\d+)?)?$/i;
const CREDENTIALS = /^[a-z][a-z0-9+.-]*:[\\/]{2}([^/?#\\]*)@/i;
/** Digits and dots as of an address, a block, or anything with a scheme: nobody means words by these. */
const MEANT = /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/\S+|\d{1,4}(?:\.\d{1,4}){3}(?:[:/]\S*)?|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\/\d+)?)$/i;

function none(text: string): Note {
	return { text, tone: "none" };
}

/** How a host with international letters reads, with a warning where that is a trick. */
export function spellingNote(indicator: Indicator): Note | null {
	const host = hostOf(indicator);
	const spelling = host === null ? null : spellingOf(host);
	if (host === null || spelling === null) return null;
	const both = `"${host}" reads "${spelling.reads}".`;
	return spelling.trick === null ? none(both) : { text: `${both} ${spelling.trick}`, tone: "warn" };
}

/** What was left out or read otherwise than it was written. */
function notesOn(text: string, indicator: Indicator, port: number | undefined): Note[] {
	const plain = refang(text);
	const notes: Note[] = [];
	const before = indicator.type === "url" ? CREDENTIALS.exec(plain)?.[1] : undefined;
	if (before !== undefined && before !== "") {
		notes.push({
			text: `What stands before the @ is a user name, not the host, and is left out. The host is ${defang({ type: "domain", value: hostOf(indicator) as Indicator["value"] })}.`,
			tone: "warn",
		});
	}
	if (indicator.type === "ipv4" && !plain.includes(indicator.value) && !plain.includes(":")) notes.push({ text: `A browser takes this spelling for ${defang(indicator)}.`, tone: "warn" });
	if (port !== undefined) notes.push(none(`The port ${port} is no part of the value.`));
	if (indicator.type === "url" && plain.includes("#")) notes.push(none("What follows # never reaches the server and is left out."));
	const spelling = spellingNote(indicator);
	return spelling === null ? notes : [...notes, spelling];
}

function sentence(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function single(text: string): Classification & { zone?: string } {
	const zone = ZONE.exec(refang(text));
	if (zone?.[1] === undefined || zone[2] === undefined) return classify(text);
	return { ...classify(`${zone[1]}${zone[3] ?? ""}`), zone: zone[2] };
}

/**
 * What somebody means by a text that was typed or pasted, with what they should know about it: one indicator, several values,
 * words, or something that cannot be looked up and why. Never throws, never repeats a password.
 */
export function understand(input: string): Understood {
	const text = input.trim();
	const found = single(text);
	if (found.kind === "empty") return { kind: "empty" };
	const parts = found.kind === "indicator" && !/\s/.test(text) ? [] : classifyMany(input);
	if (found.kind === "indicator" && parts.length < 2) {
		const zone = found.zone === undefined ? [] : [none(`The zone %${found.zone} has a meaning on one machine only and is left out.`)];
		return { kind: "indicator", indicator: found.indicator, notes: [...zone, ...notesOn(text, found.indicator, found.port)] };
	}
	const indicators = parts.filter(({ classification }) => classification.kind === "indicator").length;
	if (parts.length > 1 && (indicators > 1 || (indicators === 1 && /[\r\n]/.test(text)) || parts.length > 20)) return { kind: "many", values: parts.length, indicators };
	if (found.kind === "invalid") return found;
	if (found.kind === "indicator") return { kind: "indicator", indicator: found.indicator, notes: [] };
	if (MEANT.test(refang(text))) {
		const result = canonicalise(text);
		if (!result.ok) return { kind: "invalid", reason: sentence(withoutPassword(result.reason)) };
	}
	if (text.length > MAX_WORDS_LENGTH)
		return { kind: "invalid", reason: `The text has ${text.length.toLocaleString("en")} characters and is no indicator; at most ${MAX_WORDS_LENGTH.toLocaleString("en")} are searched as words.` };
	return found;
}

/** A text that may hold a URL, without what stands before the host. */
export function withoutPassword(text: string): string {
	return text.replace(/([a-z][a-z0-9+.-]*:[\\/]{2})[^/?#\\\s"]*@/gi, "$1");
}
