/** What stands in an address beside the place it leads to: people type keys there instead of `{key}`. */

const KEY_NAME = /key(?!word)|token|secret|auth(?!or)|passw|pwd|^pass$|^sig$|signature|credential|session|^sid$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Shorter values are words that stand in any text; masking those there would hide more than it saves. */
const MIN_MASKED = 6;

/** Whether a text is long and mixed as only something random is. */
function looksRandom(text: string): boolean {
	if (UUID.test(text)) return true;
	if (!/^[\w~.+/=-]{20,}$/.test(text)) return false;
	return (text.match(/[A-Za-z0-9]{12,}/g) ?? []).some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Gives every value behind `?` and `#` to `change` that by its name or its look is a key. `{key}` is none: it only stands for one. */
function withKeys(url: string, change: (value: string) => string): string {
	const at = url.search(/[?#]/);
	if (at < 0) return url;
	return (
		url.slice(0, at) +
		url.slice(at).replace(/(?<=[?&;#])([^=&;#?]*)=([^&;#]*)/g, (pair, name: string, value: string) => {
			const isKey = value !== "" && !value.includes("{key}") && (KEY_NAME.test(decoded(name)) || looksRandom(decoded(value)));
			return isKey ? `${name}=${change(value)}` : pair;
		})
	);
}

/** Name and password before the host: no browser sends them any more, and every list that shows the address gives them away. */
export function hasUserinfo(url: string): boolean {
	const filled = url.replaceAll("{key}", "key");
	if (!URL.canParse(filled)) return false;
	const { username, password } = new URL(filled);
	return username !== "" || password !== "";
}

/** An address fit for those who may not edit its feed: what is or looks like a key is `…`. */
export function maskedAddress(url: string): string {
	return withKeys(
		url.replace(/^(\s*[a-z][a-z0-9+.-]*:[\\/]*)[^\\/?#]*@/i, (_whole, scheme: string) => `${scheme}…@`),
		() => "…",
	);
}

/** Keys that are typed in an address, as they stand there and as they were meant: masked in whatever is told of the feed. */
export function typedKeys(url: string): string[] {
	const found = new Set<string>();
	withKeys(url, (value) => {
		found.add(value).add(decoded(value));
		return value;
	});
	// An earlier release took these.
	if (hasUserinfo(url)) found.add(decoded(new URL(url.replaceAll("{key}", "key")).password));
	return [...found].filter((key) => key.length >= MIN_MASKED);
}
