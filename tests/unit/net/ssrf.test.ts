import { afterEach, describe, expect, test, vi } from "vitest";
import { isPublicAddress } from "@/lib/net";
import { refusal, resolvePublic } from "@/lib/net/guard";
import { guardedFetch } from "@/lib/net/guarded-fetch";
import { addressRows, answered, zoneResolver } from "../../harness/addresses";
import { type Dial, fixtureJson, type Listener, listen, onRequest, outcome, watchConnects } from "./helpers";

const blocked = addressRows.filter(({ label }) => label === "must-block");
const allowed = addressRows.filter(({ label }) => label === "must-allow");
const resolver = zoneResolver();

let restore = (): void => {};
afterEach(() => restore());

/** Every connection is noted and refused. */
function watch(): Dial[] {
	const watched = watchConnects(() => null);
	restore = watched.restore;
	return watched.dials;
}

describe("addresses others chose", () => {
	test("the corpus is whole", () => {
		expect([blocked.length, allowed.length]).toEqual([300, 57]);
	});

	test.each(blocked)("$url ($reason) is never dialled", async ({ url }) => {
		const dials = watch();
		const { failure } = await outcome(guardedFetch(url, { policy: { resolver }, timeoutMs: 400, idleMs: 300 }));
		// A resolver's silence uses up the time of the whole fetch here.
		expect(failure?.kind).toMatch(url.includes("timeout.example") ? /^timeout$/ : /^(?:blocked|dns)$/);
		expect(dials).toEqual([]);
	});

	test.each(blocked.filter(({ url }) => URL.canParse(url) && !url.includes("timeout")))("$url is refused by the parts a capture uses", async ({ url }) => {
		const parsed = new URL(url);
		expect(refusal(parsed) !== null || !(await resolvePublic(parsed, { resolver })).ok).toBe(true);
	});

	test.each(allowed)("$url is dialled at $host alone", async ({ url, host }) => {
		const dials = watch();
		const { failure } = await outcome(guardedFetch(url, { policy: { resolver }, timeoutMs: 2000, idleMs: 500 }));
		expect(failure?.kind).toBe("connect");
		const name = host.replace(/\.$/, "").replace(/^\[|\]$/g, "");
		const answer = resolver.zone[name];
		expect(dials).toHaveLength(1);
		expect([dials[0]?.host.replace(/\.$/, ""), dials[0]?.address]).toEqual([name, Array.isArray(answer) ? answer[0] : name]);
		expect(dials[0]?.secure).toBe(url.trim().startsWith("https"));
	});

	test("nothing but loopback opens with the switch for tests", () => {
		expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].map((address) => isPublicAddress(address, { allowLoopback: true }))).toEqual([true, true, true, true]);
		expect(["10.0.0.1", "169.254.169.254", "0.0.0.0", "::", "fe80::1", "evil.com", ""].some((address) => isPublicAddress(address, { allowLoopback: true }))).toBe(false);
	});

	describe("hosts the operator configured", () => {
		const trusted = (host: string, ...addresses: string[]) => ({ trustedHosts: [host], resolver: async () => addresses });

		test.each([
			["https://misp.corp.example/", "misp.corp.example", "10.1.2.3"],
			["https://MISP.corp.example./", "misp.corp.example", "192.168.7.1"],
			["https://misp/", "misp", "172.16.0.9"],
			["https://localhost:8443/", "localhost", "127.0.0.1"],
			["https://misp.corp.example/", "misp.corp.example", "fd12:3456::1"],
			["https://10.1.2.3/", "10.1.2.3", "10.1.2.3"],
			["https://[fd12:3456::1]/", "fd12:3456::1", "fd12:3456::1"],
		])("%s may be in a private network", async (url, host, address) => {
			const parsed = new URL(url);
			const policy = trusted(host, address);
			expect(refusal(parsed, policy)).toBeNull();
			expect(await resolvePublic(parsed, policy)).toMatchObject({ ok: true });
		});

		test.each(["169.254.169.254", "169.254.1.1", "100.100.100.200", "168.63.129.16", "0.0.0.0", "::", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254", "224.0.0.1"])(
			"are never %s",
			async (address) => {
				expect(await resolvePublic(new URL("https://misp.corp.example/"), trusted("misp.corp.example", address))).toMatchObject({ ok: false, kind: "blocked" });
				expect(await resolvePublic(new URL("https://misp.corp.example/"), trusted("misp.corp.example", "10.0.0.1", address))).toMatchObject({ ok: false });
			},
		);

		test.each(["https://other.corp.example/", "https://evil.misp.corp.example/", "https://misp.corp.example.evil.example/", "https://10.0.0.1/"])("say nothing about %s", async (url) => {
			expect(await resolvePublic(new URL(url), trusted("misp.corp.example", "10.0.0.1"))).toMatchObject({ ok: false, kind: "blocked" });
		});

		test("a redirect from there leads to no other private host", async () => {
			const server = await listen((socket) => onRequest(socket, () => socket.end("HTTP/1.1 302 Found\r\nLocation: http://intranet.corp.example/\r\nContent-Length: 0\r\n\r\n")));
			const watched = watchConnects(() => server.port);
			restore = () => watched.restore();
			const { failure } = await outcome(
				guardedFetch("http://misp.corp.example/", { policy: { trustedHosts: ["misp.corp.example"], resolver: async () => ["10.0.0.1"] }, timeoutMs: 2000, idleMs: 1000 }),
			);
			await server.close();
			expect(failure?.kind).toBe("blocked");
			expect(watched.dials).toHaveLength(1);
		});
	});

	test("a resolver that stays silent is given five seconds at most", async () => {
		const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => AbortSignal.abort(new DOMException("late", "TimeoutError")));
		try {
			expect(await resolvePublic(new URL("http://slow-dns.example/"), { resolver: () => answered("TIMEOUT") })).toMatchObject({ ok: false, kind: "dns" });
			expect(timeout.mock.calls.every(([ms]) => ms <= 5000)).toBe(true);
		} finally {
			timeout.mockRestore();
		}
	});
});

interface Scenario {
	id: string;
	host: string;
	answers: Array<string[] | string>;
	forbidden: string[];
	connect?: Record<string, string>;
	redirect?: string;
	page?: string;
	expect?: string;
}

describe("names that change their answer", () => {
	const { scenarios } = fixtureJson<{ scenarios: Scenario[] }>("security/dns-rebinding.json");

	test.each(scenarios)("$id", async (scenario) => {
		let queries = 0;
		let requests = 0;
		const server: Listener = await listen((socket) =>
			onRequest(socket, () => {
				const location = requests++ === 0 ? scenario.redirect : undefined;
				socket.end(location === undefined ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" : `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
			}),
		);
		const watched = watchConnects(({ address }) => (scenario.connect?.[address] === undefined ? server.port : null));
		restore = () => watched.restore();
		const given: Array<string[] | string> = [];
		const scripted = (): Promise<string[]> => {
			const answer = scenario.answers[Math.min(queries++, scenario.answers.length - 1)] as string[] | string;
			given.push(answer);
			return answered(answer);
		};
		const before: number[] = [];
		for (let turn = 0; turn <= scenario.answers.length; turn++) {
			before.push(watched.dials.length);
			const { value, failure } = await outcome(guardedFetch(`http://${scenario.host}/`, { policy: { resolver: scripted }, timeoutMs: 400, idleMs: 300 }));
			if (value !== null) for await (const _ of value.body);
			if (turn === 0 && (scenario.expect ?? "").startsWith("blocked")) expect(failure?.kind).toBe("blocked");
		}
		await server.close();
		expect(watched.dials.filter(({ address }) => address.split(" ").some((one) => scenario.forbidden.includes(one)))).toEqual([]);
		// One question a hop, one address a question: the one that was checked.
		const usable = given.filter((answer): answer is string[] => Array.isArray(answer) && answer.every((address) => isPublicAddress(address)));
		expect(watched.dials.map(({ address }) => address)).toEqual(usable.map(([address]) => address));
	});
});
