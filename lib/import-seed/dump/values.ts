import { nameOf, upper } from "./names";
import type { Token } from "./tokens";

/** A value as it stands in the dump: text (numbers too), bytes of a hexadecimal or binary literal, or NULL. */
export type DumpValue = string | Buffer | null;

/** How a dump's text is encoded. What MySQL calls latin1 is Windows-1252. */
export type Charset = "utf8" | "latin1";

/** A value that cannot be read; its row is set aside with this message. */
export class UnreadableValue extends Error {}

function textOf(bytes: Buffer, charset: Charset): string {
	return charset === "utf8" ? bytes.toString("utf8") : new TextDecoder("windows-1252").decode(bytes);
}

/** One value of a row, out of its tokens. Throws `UnreadableValue`. */
export function readValue(tokens: readonly Token[], charset: Charset): DumpValue {
	const only = tokens[0];
	return tokens.length === 1 && only?.kind === "string" ? textOf(only.bytes, charset) : odd(tokens, charset);
}

/** Every value that is not one plain string. */
function odd(tokens: readonly Token[], charset: Charset): DumpValue {
	const [first, second] = tokens;
	if (first === undefined) throw new UnreadableValue("a value is missing");
	if (tokens.length === 1) {
		if (first.kind === "hex") return Buffer.from(first.bytes);
		if (first.kind === "word") {
			const word = first.text.toUpperCase();
			if (word === "NULL") return null;
			if (word === "TRUE" || word === "FALSE") return word === "TRUE" ? "1" : "0";
			if (/^\d/.test(word)) return first.text;
		}
		throw new UnreadableValue(`"${(nameOf(first) ?? "").slice(0, 40)}" is no value`);
	}
	if (first.kind === "mark" && (first.text === "-" || first.text === "+") && tokens.length === 2 && second?.kind === "word") return `${first.text === "-" ? "-" : ""}${second.text}`;
	if (tokens.every((token) => token.kind === "string")) return tokens.map((token) => textOf(token.kind === "string" ? token.bytes : Buffer.alloc(0), charset)).join("");
	if (first.kind === "word" && tokens.length === 2 && second !== undefined) return introduced(first.text.toLowerCase(), second);
	throw new UnreadableValue(
		`it holds an expression (${tokens
			.map((token) => nameOf(token) ?? upper(token))
			.join(" ")
			.slice(0, 60)}), only plain values are read`,
	);
}

/** `_binary 'x'`, `_utf8mb4 x'00'`, `N'x'`, `b'01'`. */
function introduced(word: string, value: Token): DumpValue {
	if (value.kind !== "string" && value.kind !== "hex") throw new UnreadableValue(`"${word.slice(0, 40)}" stands before something that is no text`);
	if (word === "_binary") return Buffer.from(value.bytes);
	if (word === "b" && /^[01]{1,53}$/.test(value.bytes.toString("latin1"))) return String(Number.parseInt(value.bytes.toString("latin1"), 2));
	if (word === "n" || /^_utf8(?:mb3|mb4)?$/.test(word)) return value.bytes.toString("utf8");
	if (word === "_latin1") return new TextDecoder("windows-1252").decode(value.bytes);
	throw new UnreadableValue(`"${word.slice(0, 40)}" before a value is not known`);
}
