import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { request as rawRequest } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUser } from "@/lib/auth/users";
import { reputationSources } from "@/lib/sources";
import { trackers } from "@/lib/trackers";
import { type RunningApp, startApp } from "./app";
import { HEADERS } from "./naughty";

const SOURCE = reputationSources[0]?.number;
const PASSWORD = "correct horse battery staple";

/** Every server action of the tree: the exported functions of files that begin with "use server". */
function actionsOfTree(): string[] {
	return readdirSync("app", { recursive: true, encoding: "utf8" })
		.filter((file) => /\.tsx?$/.test(file))
		.map((file) => readFileSync(join("app", file), "utf8"))
		.filter((text) => /^"use server"/.test(text))
		.flatMap((text) => [...text.matchAll(/export async function (\w+)/g)].map(([, name]) => name ?? ""));
}

/** A page whose bundle holds the action, and valid arguments that would change something. */
const CALLS: Readonly<Record<string, { page: string; args: readonly unknown[] }>> = {
	createFirst: { page: "/setup", args: [null, "$K1"] },
	addKey: { page: "/account", args: [null, "$K1"] },
	revokeKey: { page: "/account", args: ["0".repeat(32)] },
	runNow: { page: "/sources", args: [SOURCE] },
	enableSource: { page: "/sources", args: [SOURCE, false] },
	decideHeld: { page: "/sources", args: [SOURCE, "reject"] },
	submitFeed: { page: "/feeds/new", args: [null, null, "$K1"] },
	submitHunter: { page: "/hunters/new", args: [null, null, "$K1"] },
	deleteHunter: { page: `/hunters/${"0".repeat(32)}/edit`, args: ["0".repeat(32), null, "$K1"] },
	enableHunter: { page: "/hunters", args: ["0".repeat(32), false] },
	muteHunterForDay: { page: "/hunters", args: ["0".repeat(32), true] },
	resendHunterAlert: { page: "/hunters/alerts", args: ["0".repeat(32)] },
	dropHunterAlert: { page: "/hunters/alerts", args: ["0".repeat(32)] },
	retryNews: { page: "/hunters/alerts", args: ["0".repeat(32)] },
	keepCapture: { page: "/captures", args: ["0".repeat(32), true] },
	actOnRecord: { page: `/twitter/${"0".repeat(32)}`, args: ["twitter", "0".repeat(32), "follow-links"] },
};

describe("attacks on the console", () => {
	let app: RunningApp;
	let cookie = "";
	let viewer = "";
	const ids: Record<string, string> = {};
	const stored = async () =>
		JSON.stringify(
			await Promise.all(["user", "api_key", "audit_entry", "source_state", "setting", "capture", "hunter", "alert"].map((table) => app.fresh.database.query(`SELECT COUNT(*) AS n FROM ${table}`))),
		);

	beforeAll(async () => {
		app = await startApp({ EXIST_SETUP_TOKEN: "a-set-up-token-of-the-test" });
		for (const role of ["viewer", "administrator"] as const) {
			await createUser({ email: `${role}@example.com`, name: role, role, password: PASSWORD }, "test", app.fresh.database);
		}
		cookie = (await app.signIn("administrator@example.com", PASSWORD)) ?? "";
		viewer = (await app.signIn("viewer@example.com", PASSWORD)) ?? "";
		const manifest = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as { node: Record<string, { exportedName: string }> };
		for (const [id, { exportedName }] of Object.entries(manifest.node)) ids[exportedName] = id;
	}, 240_000);
	afterAll(() => app.stop());

	const act = async (name: string, headers: Record<string, string>, given: { args?: readonly unknown[]; fields?: Readonly<Record<string, string>> } = {}): Promise<string> => {
		const { page, args } = CALLS[name] ?? { page: "/", args: [] };
		const form = new FormData();
		// As React sends them: the fields of a form that is an argument, then the arguments.
		for (const [field, value] of Object.entries(given.fields ?? { name: "stolen" })) form.set(`_1_${field}`, value);
		form.set("0", JSON.stringify(given.args ?? args));
		const response = await fetch(`${app.url}${page}`, { method: "POST", redirect: "manual", headers: { "next-action": ids[name] ?? "", ...headers }, body: form });
		return `${response.status} ${await response.text()}`;
	};

	it("knows every action of the tree", () => {
		expect(actionsOfTree().sort()).toEqual(Object.keys(CALLS).sort());
		expect(Object.keys(ids).sort()).toEqual(Object.keys(CALLS).sort());
	});

	it.each(Object.keys(CALLS))("changes nothing by %s for a stranger, from another site or without an origin", async (name) => {
		const before = await stored();
		const own = app.url;
		for (const [who, headers] of [
			["a stranger", { origin: own }],
			["a made-up session", { origin: own, cookie: "next-auth.session-token=eyJhbGciOiJub25lIn0..e30." }],
			["another site", { cookie, origin: "https://evil.example" }],
			["a sandboxed frame", { cookie, origin: "null" }],
			["no origin", { cookie }],
			["a forged host", { cookie, origin: "https://evil.example", "x-forwarded-host": "evil.example" }],
			["a browser that says so", { cookie, origin: own, "sec-fetch-site": "cross-site" }],
		] as ReadonlyArray<readonly [string, Record<string, string>]>) {
			const said = await act(name, headers);
			expect([who, name, /"ok":true/.test(said)]).toEqual([who, name, false]);
			expect([who, name, await stored()]).toEqual([who, name, before]);
		}
	});

	it.each([
		"runNow",
		"enableSource",
		"decideHeld",
		"submitFeed",
		"actOnRecord",
		"keepCapture",
		"submitHunter",
		"deleteHunter",
		"enableHunter",
		"muteHunterForDay",
		"resendHunterAlert",
		"dropHunterAlert",
		"retryNews",
	])("does not do %s for a viewer", async (name) => {
		const before = await stored();
		expect(await act(name, { origin: app.url, cookie: viewer })).toMatch(/"ok":false,"message":"This needs the role/);
		expect(await stored()).toBe(before);
	});

	it("does what its own page asks", async () => {
		expect(await act("enableSource", { origin: app.url, cookie })).not.toContain('"ok":false');
		expect(await app.fresh.database.query("SELECT actor, action FROM audit_entry WHERE action = 'source.disable'")).toEqual([{ actor: "administrator@example.com", action: "source.disable" }]);
	});

	it("does the same for a feed that somebody added, and keeps its key at the place it was given for", async () => {
		const own = { origin: app.url, cookie };
		const config = { format: "lines", category: "suspicious" };
		const fields = {
			name: "Ours",
			url: "https://feed.example.com/{key}",
			everyMinutes: "60",
			format: "lines",
			category: "suspicious",
			as: "any",
			lists: "snapshot",
			header: "row",
			delimiter: ",",
			intent: "save",
		};
		expect(await act("submitFeed", own, { fields: { ...fields, key: "s3cret" } })).toMatch(/^303|feed-10001/);
		expect(await act("enableSource", own, { args: [10_001, false] })).toContain('"ok":true');
		expect(await app.fresh.database.query("SELECT enabled FROM source_state WHERE source = 10001")).toEqual([{ enabled: 0 }]);
		expect(await act("enableSource", own, { args: [10_002, false] })).toMatch(/"ok":false,"message":"There is no source/);
		const elsewhere = await act("submitFeed", own, { args: [10_001, null, "$K1"], fields: { ...fields, url: "https://other.example.com/{key}", intent: "preview" } });
		expect(elsewhere).toMatch(/enter key and headers again/);
		expect(JSON.parse(String((await app.fresh.database.query<{ config: string }>("SELECT config FROM custom_feed"))[0]?.config)).config).toMatchObject(config);
	});

	/** With headers that fetch does not let through. */
	const raw = (path: string, headers: Record<string, string>, method = "GET") =>
		new Promise<{ status: number; location: string; body: string }>((resolve, reject) => {
			const { port } = new URL(app.url);
			const sent = rawRequest({ host: "127.0.0.1", port, path, method, headers }, (response) => {
				let body = "";
				response.setEncoding("utf8").on("data", (text: string) => {
					body += text;
				});
				response.on("end", () => resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? "", body }));
			});
			sent.on("error", reject).end();
		});

	it.each(HEADERS)("is not fooled by %s: %s", async (name, value) => {
		const asked = await raw("/api/reputation", { [name]: value });
		// A request for data is first sent to its own address with a checksum of its headers.
		const stranger = asked.location.includes("_rsc") ? await raw(asked.location, { [name]: value }) : asked;
		expect(stranger.status).toBe(401);
		expect(JSON.parse(stranger.body)).toMatchObject({ code: "unauthenticated" });
		const page = await raw("/reputation", { [name]: value });
		expect(page.status).toBeLessThan(500);
		expect(page.body).not.toContain("evil.example");
		if (page.location !== "") expect(new URL(page.location, app.url).origin).toBe(app.url);
		if (name === "cookie" || name === "authorization") return;
		const first = await raw("/api/", { [name]: value, cookie });
		const known = first.location.includes("_rsc") ? await raw(first.location, { [name]: value, cookie }) : first;
		expect([known.status, known.body]).toEqual([200, JSON.stringify(Object.fromEntries(trackers.map(({ resource }) => [resource, `${app.url}/api/${resource}`])))]);
	});

	it("dials nobody for an absolute address, upgraded or not, and has no image optimizer", async () => {
		let met = 0;
		const canary = createServer((socket) => {
			met++;
			socket.destroy();
		});
		await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
		const { port } = canary.address() as { port: number };
		const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
		for (const target of [`http://127.0.0.1:${port}/`, `ws://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`, `//127.0.0.1:${port}/`, `/http://127.0.0.1:${port}/`, `127.0.0.1:${port}`]) {
			for (const [method, extra] of [
				["GET", upgrade],
				["GET", "Connection: close\r\n"],
				["CONNECT", "Connection: close\r\n"],
			] as const) {
				await new Promise<void>((resolve) => {
					const socket = connect(Number(new URL(app.url).port), "127.0.0.1", () => socket.write(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${extra}\r\n`));
					socket.setTimeout(1500, () => socket.destroy());
					socket
						.resume()
						.on("error", () => {})
						.on("close", () => resolve());
				});
			}
		}
		for (const address of [`http://127.0.0.1:${port}/x.png`, "/favicon.svg"]) {
			expect((await fetch(`${app.url}/_next/image?url=${encodeURIComponent(address)}&w=64&q=75`)).status).toBe(404);
		}
		expect(met).toBe(0);
		// The canary does hear who dials it.
		await new Promise<void>((resolve) =>
			connect(port, "127.0.0.1")
				.resume()
				.on("close", () => resolve()),
		);
		expect(met).toBe(1);
		await new Promise((resolve) => canary.close(resolve));
	});

	it("takes a job's call with a fresh signature over its very body only", async () => {
		const body = JSON.stringify({ ctx: {}, event: {}, events: [{}], steps: {}, version: 2 });
		const sign = (text: string, at: number, key = app.signingKey) => {
			const stamp = String(Math.round(at / 1000));
			return `t=${stamp}&s=${createHmac("sha256", key.replace(/^signkey-\w+-/, ""))
				.update(text)
				.update(stamp)
				.digest("hex")}`;
		};
		const status = async (signature: string, sent = body) =>
			(await fetch(`${app.url}/api/inngest?fnId=exist-unknown&stepId=step`, { method: "POST", headers: { "content-type": "application/json", "x-inngest-signature": signature }, body: sent })).status;
		expect(await status(sign(body, Date.now()))).not.toBe(401);
		expect(await status(sign(body, Date.now() - 10 * 60_000))).toBe(401);
		expect(await status(sign(body, Date.now()), body.replace("2}", "1}"))).toBe(401);
		expect(await status(sign(body, Date.now(), `signkey-test-${"0".repeat(32)}`))).toBe(401);
		for (const method of ["PATCH", "DELETE", "OPTIONS"]) expect((await (await fetch(`${app.url}/api/inngest`, { method })).text()).length).toBe(0);
	});

	it("takes a button of Slack with its signature only, whoever else is signed in", async () => {
		const body = `payload=${encodeURIComponent(JSON.stringify({ type: "block_actions", user: { id: "U1" }, actions: [{ action_id: "mute_day", value: "0".repeat(32) }] }))}`;
		const stamp = String(Math.floor(Date.now() / 1000));
		for (const headers of [{}, { cookie, origin: app.url }, { "x-slack-request-timestamp": stamp, "x-slack-signature": `v0=${"0".repeat(64)}` }] as ReadonlyArray<Record<string, string>>) {
			expect((await fetch(`${app.url}/api/slack/actions`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", ...headers }, body })).status).toBe(401);
		}
	});

	it.each(["/api/auth/callback/credentials", "/api/inngest", "/api/slack/actions"])("reads no endless body of a stranger at %s", async (path) => {
		let sent = 0;
		const body = new ReadableStream<Uint8Array>({
			pull(controller) {
				sent += 65_536;
				if (sent > 64 * 1024 * 1024) controller.close();
				else controller.enqueue(new Uint8Array(65_536).fill(0x20));
			},
		});
		const status = await fetch(`${app.url}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" } as RequestInit).then(
			(response) => response.status,
			() => 413,
		);
		expect(status).toBe(413);
		expect(sent).toBeLessThan(32 * 1024 * 1024);
	});
});
