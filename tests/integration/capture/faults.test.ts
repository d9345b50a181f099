import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { launch } from "@/lib/capture/browser";
import { groupMembers } from "@/lib/capture/processes";
import { startWorld, type World } from "./world";

const BUDGET = { totalMs: 15_000, answerMs: 5_000, loadMs: 2_500, settleMs: 500, stepMs: 3_000 };

let world: World;

beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world.close());

interface Process {
	pid: number;
	/** whole, for a process that names itself has no separate arguments */
	command: string;
	arguments: string[];
	environment: string;
	parent: number;
	group: number;
}

function processOf(pid: string): Process[] {
	try {
		const read = (name: string): string[] => readFileSync(`/proc/${pid}/${name}`, "latin1").split("\0").filter(Boolean);
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		const given = read("cmdline");
		return state === "Z" ? [] : [{ pid: Number(pid), command: given.join(" "), arguments: given, environment: read("environ").join("\n"), parent: Number(parent), group: Number(group) }];
	} catch {
		return [];
	}
}

/** Every process of every browser that this test started. */
function browsers(): Process[] {
	const all = readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.flatMap(processOf);
	const groups = new Set(all.filter(({ pid, group, parent, command }) => pid === group && parent === process.pid && command.includes("exist-capture-")).map(({ pid }) => pid));
	return all.filter(({ group }) => groups.has(group));
}

/** The folder a browser works in. */
const folderOf = ({ arguments: given }: Process): string => dirname(given.find((each) => each.startsWith("--user-data-dir="))?.slice("--user-data-dir=".length) ?? "/");
const descriptors = (): number => readdirSync("/proc/self/fd").length;

/** Does something to the processes of a visit when its page is asked for. */
function whenAsked(act: (group: Process[]) => void): void {
	let done = false;
	const known = new Set(browsers().map(({ pid }) => pid));
	world.serve = (request, response) => {
		response.writeHead(200, { "content-type": "text/html" }).end("<title>T</title><p>x<img src=/later>");
		if (request.url !== "/later" || done) return;
		done = true;
		act(browsers().filter(({ pid }) => !known.has(pid)));
	};
}

describe("how the browser is started", () => {
	test("by flags that keep the walls between sites, and with nothing of ours", async () => {
		vi.stubEnv("EXIST_TEST_SECRET", "do-not-tell");
		const running = await launch();
		try {
			const page = await running.browser.newPage();
			await page.goto("data:text/html,<title>x</title>");
			const all = browsers().filter(({ group }) => group === running.pid);
			const main = all.find(({ pid }) => pid === running.pid);
			expect(main?.arguments).toEqual(
				expect.arrayContaining([
					"--headless",
					"--remote-debugging-pipe",
					"--site-per-process",
					"--proxy-server=http://127.0.0.1:9",
					"--proxy-bypass-list=<-loopback>",
					"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
					"--disable-quic",
					"--disable-extensions",
					"--disable-background-networking",
					"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
					"--block-new-web-contents",
					`--user-data-dir=${running.folder}/profile`,
				]),
			);
			// A renderer of its own stands for a browser that is not one process.
			expect(all.some(({ command }) => /--type=renderer/.test(command))).toBe(true);
			for (const { command, environment } of all) {
				expect(command).not.toMatch(
					/--(?:disable-web-security|disable-site-isolation-trials|allow-running-insecure-content|single-process|remote-debugging-port|allow-file-access|ignore-certificate-errors|load-extension)/,
				);
				expect(environment).not.toMatch(/do-not-tell|SECRET|DATABASE|TOKEN|KEY/);
			}
			if (process.getuid?.() !== 0) expect(running.sandbox).toBe("namespaces");
		} finally {
			await running.end();
			vi.unstubAllEnvs();
		}
		expect(await groupMembers(running.pid)).toEqual([]);
		expect(existsSync(running.folder)).toBe(false);
	});

	test("nothing outside of a capture reaches the network, loopback neither", async () => {
		const running = await launch();
		try {
			const page = await running.browser.newPage();
			const tried = await page.goto(`http://127.0.0.1:${world.canary.port}/`).then(
				() => "reached",
				(error: Error) => error.message,
			);
			expect(tried).toMatch(/ERR_/);
			expect(world.canary.seen).toEqual([]);
		} finally {
			await running.end();
		}
	});

	test("a path that is none is said, with the way out", async () => {
		await expect(launch({ systemPath: "/nonexistent/chromium" })).rejects.toMatchObject({
			code: "unavailable",
			message: expect.stringMatching(/CHROMIUM_PATH="\/nonexistent\/chromium" does not exist/),
		});
		await expect(launch({ systemPath: "/bin/false" })).rejects.toMatchObject({ code: "unavailable" });
	});
});

describe("a browser that breaks down", () => {
	const send = (signal: NodeJS.Signals, all: Process[]): void => {
		for (const { pid } of all) process.kill(pid, signal);
	};

	test.each<[string, (all: Process[]) => void]>([
		[
			"is killed",
			(all) =>
				send(
					"SIGKILL",
					all.filter(({ pid, group }) => pid === group),
				),
		],
		[
			"loses its renderer",
			(all) =>
				send(
					"SIGKILL",
					all.filter(({ command }) => /--type=renderer/.test(command)),
				),
		],
		["is stopped", (all) => send("SIGSTOP", all)],
	])("one that %s: the capture says so, nothing is left, the next works", async (_what, act) => {
		let group = 0;
		whenAsked((all) => {
			group = all[0]?.group ?? 0;
			act(all);
		});
		const broken = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(group).toBeGreaterThan(0);
		expect(["failed", "timeout"]).toContain(broken.result.outcome);
		expect(broken.result.reason).not.toBeNull();
		expect(broken.result.tookMs).toBeLessThan(BUDGET.totalMs + 2_000);
		expect(broken.parts.map(({ kind }) => kind)).toContain("content");
		expect(await groupMembers(group)).toEqual([]);
		whenAsked(() => {});
		expect((await world.visit("http://public-a.example/", { budget: BUDGET })).result).toMatchObject({ outcome: "rendered", title: "T" });
	});

	test("too little memory: the page is ended, not the machine", async () => {
		world.serve = (_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<body><script>const a=[];setInterval(()=>a.push(new Uint8Array(2e7).fill(1)),5)</script>");
		const { result } = await world.visit("http://public-a.example/", { budget: { ...BUDGET, settleMs: 4_000, loadMs: 6_000, memoryBytes: 300_000_000 } });
		expect(result).toMatchObject({ outcome: "failed", reason: "the page took more than 300 MB of memory" });
	});

	test("a page of endless elements ends in time", async () => {
		world.serve = (_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<body><script>for(;;)document.body.append(document.createElement('div'))</script>");
		const { result } = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(["failed", "timeout"]).toContain(result.outcome);
	});
});

test("twenty captures leave nothing behind", async () => {
	world.serve = ({ url }, response) => {
		if (url === "/file") return void response.writeHead(200, { "content-type": "application/octet-stream" }).end("MZ");
		response.writeHead(200, { "content-type": "text/html" }).end("<title>T</title><script>new Worker(URL.createObjectURL(new Blob(['1'])));new WebSocket('ws://public-b.example/')</script>");
	};
	// The first one unpacks, connects and loads what stays.
	await world.visit("http://public-a.example/", { budget: BUDGET });
	const before = descriptors();
	const leaders: Process[] = [];
	for (let turn = 0; turn < 20; turn++) {
		const visiting = world.visit(`http://public-a.example/${turn % 4 === 3 ? "file" : ""}`, { budget: { ...BUDGET, settleMs: 100 } });
		await vi.waitFor(() => expect(browsers().length).toBeGreaterThan(0), { timeout: 5_000, interval: 20 });
		leaders.push(...browsers().filter(({ pid, group }) => pid === group));
		expect((await visiting).result.outcome).toBe(turn % 4 === 3 ? "fetched" : "rendered");
	}
	expect(new Set(leaders.map(({ pid }) => pid)).size).toBe(20);
	for (const leader of leaders) {
		expect(await groupMembers(leader.pid)).toEqual([]);
		expect(folderOf(leader)).toMatch(/exist-capture-/);
		expect(existsSync(folderOf(leader))).toBe(false);
	}
	await vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(before + 1), { timeout: 5_000 });
});
