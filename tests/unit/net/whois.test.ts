import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askWhois } from "@/lib/net";
import { startWhois } from "../../fakes/whois";

let server: Awaited<ReturnType<typeof startWhois>>;
beforeAll(async () => {
	server = await startWhois({
		"example.com": "Domain Name: EXAMPLE.COM\n",
		latin: { bytes: Buffer.from("descr: B\xfcro\r\n", "latin1") },
		utf8: "descr: Büro 💥\n",
		huge: { bytes: Buffer.alloc(400_000, 120) },
		quiet: { silent: true },
	});
});
afterAll(() => server.stop());
const ask = (query: string, more = {}) => askWhois("whois.example.net", query, { policy: { allowLoopback: true }, route: () => ({ host: "127.0.0.1", port: server.port }), timeoutMs: 3000, ...more });

describe("a whois server", () => {
	it("is asked one line and read until it closes, in UTF-8 or Latin-1", async () => {
		expect(await ask("example.com")).toBe("Domain Name: EXAMPLE.COM\r\n");
		expect(server.asked.at(-1)).toBe("example.com");
		expect(await ask("latin")).toBe("descr: Büro\r\n");
		expect(await ask("utf8")).toBe("descr: Büro 💥\r\n");
	});

	it("is left when it says too much or nothing", async () => {
		await expect(ask("huge")).rejects.toMatchObject({ kind: "too-large" });
		await expect(ask("quiet", { timeoutMs: 150 })).rejects.toMatchObject({ kind: "timeout" });
	});

	it("is asked nothing but a query", async () => {
		const before = server.asked.length;
		for (const query of ["a\r\nb", "a\u0000", "x".repeat(301)]) await expect(ask(query)).rejects.toMatchObject({ kind: "blocked" });
		expect(server.asked.length).toBe(before);
	});

	it.each(["127.0.0.1", "10.0.0.1", "169.254.169.254", "localhost", "whois", "evil.example/x", "a b.example", "[::1]", "whois.example:25", ""])("is never %s", async (host) => {
		await expect(askWhois(host, "example.com", { timeoutMs: 500 })).rejects.toMatchObject({ kind: "blocked" });
	});

	it("is judged by all of its addresses", async () => {
		const resolver = async () => ["93.184.216.34", "10.0.0.5"];
		await expect(askWhois("whois.example.net", "example.com", { policy: { resolver }, timeoutMs: 500 })).rejects.toMatchObject({ kind: "blocked" });
	});
});
