import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Slack's Web API as far as alerts need it, on loopback: channels, messages with their metadata, and whatever a script says of the
 * next posts. Bodies are what Slack's documentation shows; nothing leaves the machine.
 */

/** One answer to `chat.postMessage`, as `faults.json` writes it. */
export interface ScriptStep {
	status?: number;
	headers?: Readonly<Record<string, string>>;
	json?: Readonly<Record<string, unknown>>;
	body?: string;
	/** how often, once unless said */
	repeat?: number;
	/** the message is taken, and the answer is not sent, or says `json` all the same */
	accept?: boolean;
	then?: "hang" | "RST";
	delay_ms?: number;
}

export interface FakeMessage {
	ts: string;
	text: string;
	blocks: ReadonlyArray<Record<string, unknown>>;
	username?: string;
	metadata?: { event_type: string; event_payload: Record<string, unknown> };
	/** every argument as it came */
	args: Readonly<Record<string, string>>;
	/** milliseconds of the clock */
	at: number;
}

export interface FakeChannel {
	id: string;
	name: string;
	is_private: boolean;
	is_archived: boolean;
	is_member: boolean;
	messages: FakeMessage[];
}

export interface FakeSlackOptions {
	now?: () => number;
	token?: string;
	/** permissions of the token; all that EXIST asks for unless said */
	scopes?: readonly string[];
	script?: readonly ScriptStep[];
	port?: number;
}

export const SCOPES: readonly string[] = ["chat:write", "chat:write.customize", "channels:manage", "channels:join", "channels:read", "groups:read", "channels:history", "groups:history"];

const NEEDED: Readonly<Record<string, string>> = {
	"chat.postMessage": "chat:write",
	"chat.postEphemeral": "chat:write",
	"conversations.create": "channels:manage",
	"conversations.join": "channels:join",
	"conversations.list": "channels:read",
	"conversations.info": "channels:read",
	"conversations.history": "channels:history",
};

type Args = Record<string, string>;
type Answer = Record<string, unknown>;

const no = (error: string, extra: Answer = {}): Answer => ({ ok: false, error, ...extra });

/** A running fake. `messages` are all of all channels, in the order they were taken. */
export class FakeSlack {
	url = "";
	token: string;
	/** workspace of the token */
	team = "T00000001";
	scopes: Set<string>;
	script: ScriptStep[];
	/** methods that answer `internal_error` and do nothing */
	readonly broken = new Set<string>();
	readonly channels: FakeChannel[] = [];
	readonly calls: Array<{ method: string; args: Args; at: number }> = [];
	readonly ephemeral: Args[] = [];
	#now: () => number;
	#count = 0;
	#server = createServer((request, response) => void this.#answer(request, response));

	constructor(options: FakeSlackOptions = {}) {
		this.#now = options.now ?? Date.now;
		this.token = options.token ?? "xoxb-fake";
		this.scopes = new Set(options.scopes ?? SCOPES);
		this.script = (options.script ?? []).flatMap((step) => Array.from({ length: step.repeat ?? 1 }, () => step));
	}

	addChannel(name: string, more: Partial<Omit<FakeChannel, "id" | "name" | "messages">> = {}): FakeChannel {
		const channel: FakeChannel = { id: `C${String(++this.#count).padStart(8, "0")}`, name, is_private: false, is_archived: false, is_member: true, ...more, messages: [] };
		this.channels.push(channel);
		return channel;
	}

	get messages(): FakeMessage[] {
		return this.channels.flatMap(({ messages }) => messages).sort((a, b) => Number(a.ts) - Number(b.ts));
	}

	/** Listens on loopback, on the same port as before where it was stopped. */
	async start(port = 0): Promise<this> {
		await new Promise<void>((resolve, reject) => this.#server.once("error", reject).listen(port, "127.0.0.1", resolve));
		this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/`;
		return this;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise<void>((resolve) => this.#server.close(() => resolve()));
	}

	#find(name: string): FakeChannel | undefined {
		return this.channels.find((channel) => channel.id === name || `#${channel.name}` === name || channel.name === name);
	}

	#take(channel: FakeChannel, args: Args): FakeMessage {
		const metadata = args.metadata === undefined ? undefined : (JSON.parse(args.metadata) as NonNullable<FakeMessage["metadata"]>);
		const at = this.#now();
		const message: FakeMessage = {
			ts: `${Math.floor(at / 1000)}.${String(++this.#count).padStart(6, "0")}`,
			text: args.text ?? "",
			blocks: JSON.parse(args.blocks ?? "[]") as FakeMessage["blocks"],
			...(args.username === undefined ? {} : { username: args.username }),
			...(metadata === undefined ? {} : { metadata }),
			args,
			at,
		};
		channel.messages.push(message);
		return message;
	}

	/** What a post comes to without a script: Slack's own checks, in Slack's order. */
	#post(args: Args): Answer {
		const channel = this.#find(args.channel ?? "");
		if (channel === undefined || (channel.is_private && !channel.is_member)) return no("channel_not_found");
		if (channel.is_archived) return no("is_archived");
		if (!channel.is_member && !this.scopes.has("chat:write.public")) return no("not_in_channel");
		if (args.username !== undefined && !this.scopes.has("chat:write.customize")) return no("missing_scope", { needed: "chat:write.customize", provided: "chat:write" });
		if ((args.text ?? "") === "" && args.blocks === undefined) return no("no_text");
		if ((args.text ?? "").length > 40_000) return no("msg_too_long");
		const { ts } = this.#take(channel, args);
		return { ok: true, channel: channel.id, ts };
	}

	#list(args: Args): Answer {
		const types = (args.types ?? "public_channel").split(",");
		if (types.includes("private_channel") && !this.scopes.has("groups:read")) return no("missing_scope", { needed: "groups:read" });
		const seen = this.channels.filter((channel) => (channel.is_private ? types.includes("private_channel") && channel.is_member : types.includes("public_channel")));
		return paged(seen, args, (page) => ({ channels: page.map(({ messages: _messages, ...channel }) => channel) }));
	}

	#create(args: Args): Answer {
		const name = args.name ?? "";
		if (name === "") return no("invalid_name_required");
		if (name.length > 80) return no("invalid_name_maxlength");
		if (!/^[\p{Ll}\p{Lo}\p{M}\p{N}_-]+$/u.test(name)) return no("invalid_name_specials");
		if (this.channels.some((channel) => channel.name === name)) return no("name_taken");
		const { messages: _messages, ...channel } = this.addChannel(name);
		return { ok: true, channel };
	}

	#join(args: Args): Answer {
		const channel = this.#find(args.channel ?? "");
		if (channel === undefined) return no("channel_not_found");
		if (channel.is_archived) return no("is_archived");
		if (channel.is_private) return no("method_not_supported_for_channel_type");
		channel.is_member = true;
		return { ok: true, channel: { id: channel.id, name: channel.name } };
	}

	#history(args: Args): Answer {
		const channel = this.channels.find(({ id }) => id === args.channel);
		if (channel === undefined) return no("channel_not_found");
		if (!channel.is_member) return no("not_in_channel");
		const told = [...channel.messages]
			.reverse()
			.map(({ ts, text, metadata }) => ({ type: "message", ts, text, ...(args.include_all_metadata === "true" && metadata !== undefined ? { metadata } : {}) }));
		return paged(told, args, (messages, more) => ({ messages, has_more: more }));
	}

	#call(method: string, args: Args): Answer {
		if (this.broken.has(method)) return no("internal_error");
		switch (method) {
			case "auth.test":
				return { ok: true, team: "Fake", team_id: this.team, user: "exist", bot_id: "B1" };
			case "chat.postMessage":
				return this.#post(args);
			case "chat.postEphemeral":
				this.ephemeral.push(args);
				return { ok: true, message_ts: "1.1" };
			case "conversations.list":
				return this.#list(args);
			case "conversations.create":
				return this.#create(args);
			case "conversations.join":
				return this.#join(args);
			case "conversations.history":
				return this.#history(args);
			case "conversations.info": {
				const channel = this.#find(args.channel ?? "");
				return channel === undefined ? no("channel_not_found") : { ok: true, channel: { id: channel.id, name: channel.name, is_archived: channel.is_archived } };
			}
			default:
				return no("unknown_method");
		}
	}

	async #scripted(step: ScriptStep, args: Args, response: ServerResponse): Promise<void> {
		if (step.delay_ms !== undefined) await new Promise((resolve) => setTimeout(resolve, step.delay_ms));
		if (step.accept === true) {
			const channel = this.#find(args.channel ?? "");
			if (channel !== undefined) this.#take(channel, args);
			if (step.then === "RST") response.socket?.resetAndDestroy();
			if (step.json === undefined) return;
		}
		const status = step.status ?? 200;
		if (step.body !== undefined) response.writeHead(status, { "content-type": "text/html", ...step.headers }).end(step.body);
		else if (step.json?.ok === true) response.writeHead(status, { "content-type": "application/json", ...step.headers }).end(JSON.stringify(this.#post(args)));
		else response.writeHead(status, { "content-type": "application/json", ...step.headers }).end(step.json === undefined ? "" : JSON.stringify(step.json));
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const args: Args = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString("utf8")));
		const method = (request.url ?? "").replace(/^\/api\//, "");
		this.calls.push({ method, args, at: this.#now() });
		const step = method === "chat.postMessage" ? this.script.shift() : undefined;
		if (step !== undefined) return this.#scripted(step, args, response);
		const needed = NEEDED[method];
		const answer =
			request.headers.authorization !== `Bearer ${this.token}`
				? no("invalid_auth")
				: needed !== undefined && !this.scopes.has(needed)
					? no("missing_scope", { needed, provided: [...this.scopes].join(",") })
					: this.#call(method, args);
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
	}
}

function paged<T>(all: readonly T[], args: Args, shape: (page: T[], more: boolean) => Answer): Answer {
	const limit = Number(args.limit ?? 100);
	const from = Number(args.cursor === undefined || args.cursor === "" ? 0 : Buffer.from(args.cursor, "base64url").toString());
	const more = from + limit < all.length;
	return { ok: true, ...shape(all.slice(from, from + limit), more), response_metadata: { next_cursor: more ? Buffer.from(String(from + limit)).toString("base64url") : "" } };
}

/** A fake that listens. */
export function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
	return new FakeSlack(options).start(options.port);
}
