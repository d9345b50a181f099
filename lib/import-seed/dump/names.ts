import type { Token } from "./tokens";

const NOT_COLUMNS = new Set(["PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX", "FULLTEXT", "SPATIAL", "FOREIGN", "CHECK", "PERIOD"]);

/** A word or mark in upper case; empty for anything else, and behind the last token. */
export function upper(token: Token | undefined): string {
	if (token === undefined) return "";
	return token.kind === "word" ? token.text.toUpperCase() : token.kind === "mark" ? token.text : "";
}

/** A name, in whatever quotes; null where the token is none. */
export function nameOf(token: Token | undefined): string | null {
	if (token === undefined) return null;
	if (token.kind === "name" || token.kind === "word") return token.text;
	return token.kind === "string" && token.double ? token.bytes.toString("utf8") : null;
}

/** `db`.`table`: the last name counts. Returns it and where the tokens go on. */
export function tableName(tokens: readonly Token[], from: number): { name: string | null; next: number } {
	let at = from;
	let name = nameOf(tokens[at++]);
	while (tokens[at]?.kind === "mark" && upper(tokens[at]) === ".") {
		name = nameOf(tokens[at + 1]);
		at += 2;
	}
	return { name, next: at };
}

/** Column names of a CREATE TABLE: the first word of each part that is no key. */
export function columnsOf(tokens: readonly Token[], from: number): string[] {
	const columns: string[] = [];
	let depth = 0;
	let first = false;
	for (let at = from; at < tokens.length; at++) {
		const token = tokens[at] as Token;
		const text = upper(token);
		if (text === "(" && token.kind === "mark") {
			if (++depth === 1) first = true;
			continue;
		}
		if (text === ")" && token.kind === "mark" && --depth === 0) break;
		if (depth === 1 && first) {
			const name = nameOf(token);
			if (name !== null && !(token.kind === "word" && NOT_COLUMNS.has(text))) columns.push(name);
			first = false;
		}
		if (depth === 1 && text === "," && token.kind === "mark") first = true;
	}
	return columns;
}
