import { describe, expect, it } from "vitest";
import { Judge } from "@/lib/capture/judge";

const at = (host: string): URL => new URL(`http://${host}.example/`);

/** A resolver whose lookups end when they are told to. */
function held() {
	const asked: string[] = [];
	const open: Array<(addresses: string[] | null) => void> = [];
	const resolver = (host: string): Promise<string[]> => {
		asked.push(host);
		return new Promise((resolve, reject) => open.push((addresses) => (addresses === null ? reject(new Error("NXDOMAIN")) : resolve(addresses))));
	};
	/** Ends the oldest lookup and lets what follows from it happen. */
	const end = async (addresses: string[] | null): Promise<void> => {
		open.shift()?.(addresses);
		await settled();
	};
	return { asked, end, resolver, running: () => open.length };
}

/** A resolver with one answer for every name. */
function always(address: string) {
	const asked: string[] = [];
	const resolver = async (host: string): Promise<string[]> => {
		asked.push(host);
		return [address];
	};
	return { asked, resolver };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const nobody = (): Promise<string[]> => Promise.reject(new Error("NXDOMAIN"));

describe("lookups of one capture", () => {
	it("are two at once, the others in their order", async () => {
		const { asked, end, resolver, running } = held();
		const judge = new Judge({ resolver });
		const verdicts = Promise.all(["a", "b", "c", "d", "e"].map((host) => judge.judge(at(host))));
		await settled();
		expect(asked).toEqual(["a.example", "b.example"]);
		const most: number[] = [];
		for (let turn = 0; turn < 5; turn++) {
			most.push(running());
			await end(["93.184.216.34"]);
		}
		expect(most).toEqual([2, 2, 2, 2, 1]);
		expect(asked).toEqual(["a.example", "b.example", "c.example", "d.example", "e.example"]);
		expect((await verdicts).every(({ ok }) => ok)).toBe(true);
	});

	it("end after eight names without an address: who waits is told, nobody hangs", async () => {
		const { asked, end, resolver, running } = held();
		const judge = new Judge({ resolver });
		const verdicts = Promise.all(Array.from({ length: 20 }, (_, number) => judge.judge(at(`n${number}`))));
		await settled();
		while (running() > 0) await end(null);
		const kinds = (await verdicts).map((verdict) => (verdict.ok ? "ok" : verdict.kind));
		// Nine were asked: two run at once, and one was on its way when the eighth had no answer.
		expect(asked).toHaveLength(9);
		expect(kinds.filter((kind) => kind === "dns")).toHaveLength(9);
		expect(kinds.filter((kind) => kind === "budget")).toHaveLength(11);
		expect(await judge.judge(at("late"))).toMatchObject({ ok: false, kind: "budget", reason: expect.stringMatching(/^8 names .* no others are looked up$/) });
		expect(asked).toHaveLength(9);
	});

	it("answer for what was looked up before the end", async () => {
		const judge = new Judge({ resolver: (host) => (host === "good.example" ? Promise.resolve(["93.184.216.34"]) : nobody()) });
		expect(await judge.judge(at("good"))).toMatchObject({ ok: true });
		for (let number = 0; number < 9; number++) await judge.judge(at(`n${number}`));
		expect(await judge.judge(at("good"))).toMatchObject({ ok: true, target: { address: "93.184.216.34", port: 80 } });
		expect(await judge.judge(at("other"))).toMatchObject({ ok: false, kind: "budget" });
	});

	it("count silence alone: an address that is refused is an answer", async () => {
		const { asked, resolver } = always("10.0.0.1");
		const judge = new Judge({ resolver });
		for (let number = 0; number < 12; number++) expect(await judge.judge(at(`n${number}`))).toMatchObject({ ok: false, kind: "blocked" });
		expect(asked).toHaveLength(12);
	});

	it("are one for a name, whatever its port and however often it is asked", async () => {
		const { asked, end, resolver } = held();
		const judge = new Judge({ resolver });
		const verdicts = Promise.all(["http://a.example/", "https://a.example/x", "http://a.example.:8080/", "http://A.EXAMPLE/"].map((url) => judge.judge(new URL(url))));
		await settled();
		await end(["93.184.216.34"]);
		expect(asked).toEqual(["a.example"]);
		expect((await verdicts).map((verdict) => verdict.ok && verdict.target.port)).toEqual([80, 443, 8080, 80]);
	});

	it("are of 300 hosts at most", async () => {
		const { asked, resolver } = always("93.184.216.34");
		const judge = new Judge({ resolver });
		for (let number = 0; number < 300; number++) expect((await judge.judge(at(`n${number}`))).ok).toBe(true);
		expect(await judge.judge(at("n300"))).toMatchObject({ ok: false, kind: "budget", reason: "more than 300 hosts were asked for" });
		expect((await judge.judge(at("n0"))).ok).toBe(true);
		expect(asked).toHaveLength(300);
	});
});
