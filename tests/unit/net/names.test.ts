import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveRecords } from "@/lib/net";
import { type NameServer, startNameServer } from "../../fakes/names";

let server: NameServer;
beforeAll(async () => {
	server = await startNameServer({
		"example.org": {
			A: ["93.184.216.34", "93.184.216.35"],
			AAAA: ["2606:2800:220:1::1"],
			MX: ["20 b.example.org", "10 a.example.org"],
			TXT: ["v=spf1 -all", `long ${"x".repeat(600)}`, "naughty \u0000 <script>"],
			SOA: ["ns.example.org host.example.org 7 1 2 3 4"],
		},
		"broken.example.org": "SERVFAIL",
		"refusing.example.org": "REFUSED",
		"quiet.example.org": "silent",
	});
});
afterAll(() => server.stop());
const ask = (name: string, type: Parameters<typeof resolveRecords>[1]) => resolveRecords(name, type, { servers: [server.address], timeoutMs: 200 });

describe("the name service", () => {
	it("gives records in their usual text form", async () => {
		expect((await ask("example.org", "A")).sort()).toEqual(["93.184.216.34", "93.184.216.35"]);
		expect(await ask("example.org", "AAAA")).toEqual(["2606:2800:220:1::1"]);
		expect(await ask("example.org", "MX")).toEqual(["10 a.example.org", "20 b.example.org"]);
		expect(await ask("example.org", "TXT")).toEqual(["v=spf1 -all", `long ${"x".repeat(600)}`, "naughty \u0000 <script>"]);
		expect(await ask("example.org", "SOA")).toEqual(["ns.example.org host.example.org 7 1 2 3 4"]);
	});

	it("tells nothing there from no answer", async () => {
		expect(await ask("example.org", "NS")).toEqual([]);
		expect(await ask("nowhere.example.org", "A")).toEqual([]);
		await expect(ask("broken.example.org", "A")).rejects.toMatchObject({ name: "NameFailure", code: "SERVFAIL", message: expect.stringContaining("broken.example.org") });
		await expect(ask("refusing.example.org", "A")).rejects.toMatchObject({ code: "REFUSED" });
		await expect(ask("quiet.example.org", "A")).rejects.toMatchObject({ code: "TIMEOUT" });
	});

	it("stops when its caller does", async () => {
		const end = new AbortController();
		const answer = resolveRecords("quiet.example.org", "A", { servers: [server.address], timeoutMs: 60_000, signal: end.signal });
		end.abort();
		await expect(answer).rejects.toMatchObject({ code: "CANCELLED" });
		await expect(resolveRecords("example.org", "A", { servers: [server.address], signal: end.signal })).rejects.toMatchObject({ code: "CANCELLED" });
	});
});
