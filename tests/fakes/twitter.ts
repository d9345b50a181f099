import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** A tweet as version 2 of the API gives it; what a test does not say is left out, as X does. */
export interface FakeTweet {
	id: string;
	text: string;
	author_id: string;
	created_at?: string;
	[field: string]: unknown;
}

export interface FakeUser {
	id: string;
	name: string;
	username: string;
}

/** One account or app as X knows it. */
export interface FakeCredential {
	/** bearer token, or access token of an account */
	token: string;
	/** of an account: what requests are signed with */
	signing?: { appSecret: string; accessSecret: string };
	/** of an account */
	userId?: string;
	/** requests that are left in the window, for all endpoints together */
	remaining?: number;
	/** what every request is refused with */
	refusal?: { status: number; body: unknown };
}

export interface FakeX {
	credentials: FakeCredential[];
	/** newest first, by account number */
	home: Record<string, FakeTweet[]>;
	/** newest first, by list */
	lists: Record<string, FakeTweet[]>;
	/** what a search looks through, newest first */
	posts: FakeTweet[];
	/** a search with one of these is refused, whatever else it says */
	refusedWords: string[];
	users: FakeUser[];
	/** tweets that others refer to */
	referenced: FakeTweet[];
	/** seconds since 1970 when limits are lifted */
	resetAt: number;
	/** paths with query that were asked, with the credential's token */
	asked: Array<{ token: string; path: string; query: URLSearchParams }>;
	/** answers instead of this path once */
	faults: Map<string, { status: number; body: string; headers?: Record<string, string> }>;
}

const LIMIT = 15;
const problem = (status: number, title: string, detail: string) => ({ title, detail, type: "about:blank", status });

function encode(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The signature of RFC 5849 over a request, computed anew from what the request says. */
function isSigned(header: string, method: string, url: URL, secrets: { appSecret: string; accessSecret: string }): boolean {
	const fields = new Map([...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name, value]) => [name as string, decodeURIComponent(value as string)]));
	const signature = fields.get("oauth_signature");
	fields.delete("oauth_signature");
	const pairs = [...fields, ...url.searchParams].map(([name, value]) => [encode(name), encode(value)] as const).sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
	const base = [method, encode(`${url.origin}${url.pathname}`), encode(pairs.map(([name, value]) => `${name}=${value}`).join("&"))].join("&");
	return (
		signature ===
		createHmac("sha1", `${encode(secrets.appSecret)}&${encode(secrets.accessSecret)}`)
			.update(base)
			.digest("base64")
	);
}

function credentialOf(fake: FakeX, request: IncomingMessage, url: URL): FakeCredential | null {
	const header = request.headers.authorization ?? "";
	if (header.startsWith("Bearer ")) return fake.credentials.find(({ token, signing }) => signing === undefined && token === header.slice(7)) ?? null;
	const token = /oauth_token="([^"]*)"/.exec(header)?.[1];
	const found = fake.credentials.find((one) => one.token === decodeURIComponent(token ?? ""));
	return found?.signing !== undefined && isSigned(header, request.method ?? "GET", url, found.signing) ? found : null;
}

/** A page of a timeline, with what it refers to, as X lays it out. */
function timeline(fake: FakeX, tweets: readonly FakeTweet[], query: URLSearchParams): unknown {
	const since = query.get("since_id");
	const fresh = since === null ? tweets : tweets.filter(({ id }) => BigInt(id) > BigInt(since));
	const at = Number(query.get("pagination_token")?.slice(1) ?? 0);
	const page = fresh.slice(at, at + Number(query.get("max_results") ?? 10));
	const last = at + page.length >= fresh.length;
	const meta = { result_count: page.length, ...(page.length === 0 ? {} : { newest_id: page[0]?.id, oldest_id: page.at(-1)?.id }), ...(last ? {} : { next_token: `t${at + page.length}` }) };
	if (page.length === 0) return { meta };
	const named = new Set(page.flatMap((tweet) => ((tweet.referenced_tweets as Array<{ id: string }> | undefined) ?? []).map(({ id }) => id)));
	const referenced = fake.referenced.filter(({ id }) => named.has(id));
	const authors = new Set([...page, ...referenced].map((tweet) => tweet.author_id));
	return { data: page, includes: { users: fake.users.filter(({ id }) => authors.has(id)), ...(referenced.length === 0 ? {} : { tweets: referenced }) }, meta };
}

/** X's query language as far as we ask it: words, phrases, `from:`, `lang:`, `-`, `OR` and parentheses; a blank binds closer than `OR`. Null: X refuses it. */
function searching(text: string, users: readonly FakeUser[]): ((tweet: FakeTweet) => boolean) | null {
	const tokens = text.match(/-?"[^"]*"|-?\(|\)|[^\s()]+/g) ?? [];
	let at = 0;
	type Test = (tweet: FakeTweet) => boolean;
	const one = (token: string): Test => {
		if (token.startsWith("-") && token.length > 1) {
			const test = one(token.slice(1));
			return (tweet) => !test(tweet);
		}
		const from = /^from:@?(\w{1,15})$/i.exec(token)?.[1]?.toLowerCase();
		if (from !== undefined) return (tweet) => users.find(({ id }) => id === tweet.author_id)?.username.toLowerCase() === from;
		if (token.startsWith("lang:")) return (tweet) => tweet.lang === token.slice(5);
		const words = token.replace(/^"|"$/g, "").toLowerCase();
		return (tweet) => `${tweet.text} ${JSON.stringify(tweet.entities ?? "")}`.toLowerCase().includes(words);
	};
	const any = (): Test => {
		const clauses: Test[] = [all()];
		while (tokens[at] === "OR") {
			at++;
			clauses.push(all());
		}
		return (tweet) => clauses.some((clause) => clause(tweet));
	};
	const all = (): Test => {
		const terms: Test[] = [];
		for (let token = tokens[at]; token !== undefined && token !== "OR" && token !== ")"; token = tokens[at]) {
			at++;
			if (token !== "(" && token !== "-(") terms.push(one(token));
			else {
				const inner = any();
				if (tokens[at++] !== ")") throw new SyntaxError("missing )");
				terms.push(token === "(" ? inner : (tweet) => !inner(tweet));
			}
		}
		if (terms.length === 0) throw new SyntaxError("nothing to search for");
		return (tweet) => terms.every((term) => term(tweet));
	};
	try {
		const test = any();
		return at === tokens.length ? test : null;
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

const MAX_QUERY = 512;

/** Recent search: a page of what matches, at most seven days old. */
function search(fake: FakeX, query: URLSearchParams): { status: number; body: unknown } {
	const text = query.get("query") ?? "";
	const refuse = (message: string) => ({
		status: 400,
		body: { errors: [{ parameters: { query: [text] }, message }], title: "Invalid Request", detail: "One or more parameters to your request was invalid.", type: "about:blank" },
	});
	if (text.length > MAX_QUERY) return refuse(`There were errors processing your request: Your query must be ${MAX_QUERY} characters or less.`);
	const since = query.get("since_id");
	if (since !== null && Number((BigInt(since) >> 22n) + 1_288_834_974_657n) < Date.now() - 7 * 86_400_000) return refuse("'since_id' must be a tweet id created after a week ago.");
	const test = searching(text, fake.users);
	if (test === null || fake.refusedWords.some((word) => text.includes(word))) return refuse("There were errors processing your request: no viable alternative at input");
	const token = query.get("next_token");
	if (token !== null) query.set("pagination_token", token);
	return { status: 200, body: timeline(fake, fake.posts.filter(test), query) };
}

/** What X answers to a path of version 2, without limits and credentials. */
function answer(fake: FakeX, credential: FakeCredential, path: string, query: URLSearchParams): { status: number; body: unknown } {
	if (path === "/2/users/me") {
		return credential.userId === undefined
			? { status: 403, body: problem(403, "Unsupported Authentication", "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.") }
			: { status: 200, body: { data: { id: credential.userId, name: "Me", username: "me" } } };
	}
	const home = /^\/2\/users\/(\d+)\/timelines\/reverse_chronological$/.exec(path)?.[1];
	if (home !== undefined) {
		if (home !== credential.userId) return { status: 403, body: problem(403, "Forbidden", "The id must be that of the authenticated user.") };
		return { status: 200, body: timeline(fake, fake.home[home] ?? [], query) };
	}
	if (path === "/2/tweets/search/recent") return search(fake, query);
	const list = /^\/2\/lists\/(\d+)\/tweets$/.exec(path)?.[1];
	if (list !== undefined) {
		const tweets = fake.lists[list];
		if (query.has("since_id"))
			return { status: 400, body: { errors: [{ message: "The query parameter [since_id] is not one of [id,max_results,pagination_token,expansions]" }], title: "Invalid Request" } };
		if (tweets === undefined) return { status: 200, body: { errors: [{ value: list, detail: `Could not find list with id: [${list}].`, title: "Not Found Error", resource_type: "list" }] } };
		return { status: 200, body: timeline(fake, tweets, query) };
	}
	return { status: 404, body: problem(404, "Not Found", "Not Found") };
}

interface Reply {
	status: number;
	body: unknown;
	headers?: Record<string, string> | undefined;
}

function reply(fake: FakeX, request: IncomingMessage, url: URL): Reply {
	const { pathname: path, searchParams: query } = url;
	const credential = credentialOf(fake, request, url);
	if (credential === null) return { status: 401, body: problem(401, "Unauthorized", "Unauthorized") };
	fake.asked.push({ token: credential.token, path, query });
	const fault = fake.faults.get(path);
	if (fault !== undefined) {
		fake.faults.delete(path);
		return fault;
	}
	if (credential.refusal !== undefined) return credential.refusal;
	const limits = { "x-rate-limit-limit": String(LIMIT), "x-rate-limit-reset": String(fake.resetAt) };
	const left = credential.remaining ?? LIMIT;
	if (left <= 0) return { status: 429, body: problem(429, "Too Many Requests", "Too Many Requests"), headers: { ...limits, "x-rate-limit-remaining": "0" } };
	credential.remaining = left - 1;
	return { ...answer(fake, credential, path, query), headers: { ...limits, "x-rate-limit-remaining": String(credential.remaining) } };
}

/** Answers as api.x.com does: credentials, signatures, limits in headers, pages. `url` is the one that was asked for and signed. */
export function answerX(fake: FakeX, request: IncomingMessage, response: ServerResponse, url: URL): void {
	const { status, body, headers = {} } = reply(fake, request, url);
	response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(typeof body === "string" ? body : JSON.stringify(body));
}

/** A fake with nothing in it. */
export function fakeX(part: Partial<FakeX> = {}): FakeX {
	return { credentials: [], home: {}, lists: {}, posts: [], refusedWords: [], users: [], referenced: [], resetAt: Math.floor(Date.now() / 1000) + 600, asked: [], faults: new Map(), ...part };
}
