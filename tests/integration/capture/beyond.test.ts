import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "@/lib/capture/browser";
import { groupMembers } from "@/lib/capture/processes";
import type { CaptureResult, PartKind } from "@/lib/capture/result";
import { startWorld, type World } from "./world";

const BUDGET = { totalMs: 20_000, answerMs: 8_000, loadMs: 5_000, settleMs: 2_000, stepMs: 4_000 };

let world: World;

beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world.close());

/** The page, and what happens when it asks for one of its other addresses. */
function page(body: string, others: Record<string, () => void> = {}, headers: Record<string, string> = {}): void {
	world.serve = ({ url = "" }, response) => {
		if (url === "/") return void response.writeHead(200, { "content-type": "text/html", ...headers }).end(body);
		if (url === "/never") return;
		others[url]?.();
		response.writeHead(404, { "content-length": "0" }).end();
	};
}

describe("what is beyond a cap is counted", () => {
	const seen = async (body: string, headers?: Record<string, string>): Promise<CaptureResult> => {
		page(body, {}, headers);
		return (await world.visit("http://public-a.example/", { budget: BUDGET })).result;
	};

	test.each<[what: "popups" | "console" | "cookies", shown: number, more: number, body: string]>([
		["popups", 50, 950, "<script>for(let i=0;i<1000;i++)open('http://pop'+i+'.example/')</script>"],
		["console", 200, 800, "<script>for(let i=0;i<1000;i++)console.log(i)</script>"],
		["cookies", 100, 20, "<script>for(let i=0;i<120;i++)document.cookie='c'+i+'=1'</script>"],
	])("%s: %i shown, %i more", async (what, shown, more, body) => {
		const result = await seen(body);
		expect([result[what].length, result.more[what]]).toEqual([shown, more]);
		expect(Object.entries(result.more).filter(([, count]) => count > 0)).toEqual([[what, more]]);
	});

	test("requests", async () => {
		const { requests, more } = await seen("<script>for(let i=0;i<800;i++)fetch('/r'+i)</script>");
		expect(requests).toHaveLength(500);
		// The page itself is one of them.
		expect(requests.length + more.requests).toBe(801);
	});

	test("headers", async () => {
		const { response, more } = await seen("x", Object.fromEntries(Array.from({ length: 230 }, (_, at) => [`x-${at}`, "1"])));
		expect(response?.headers).toHaveLength(200);
		expect(more.headers).toBeGreaterThanOrEqual(30);
	});

	test("a dialog too many is left standing, and counted", async () => {
		const result = await seen("<script>for(let i=0;i<60;i++)alert(i)</script>");
		expect(result).toMatchObject({ outcome: "timeout", dialogs: { length: 50 }, more: { dialogs: 1 } });
	});

	test("downloads", async () => {
		// The browser lets ten begin at once, and others in the seconds after.
		const result = await seen(
			"<body><script>let i=0;setInterval(()=>{for(let k=0;k<4;k++){const a=document.createElement('a');a.download='f'+i++;a.href=URL.createObjectURL(new Blob(['MZ']));document.body.append(a);a.click()}},200);fetch('/never')</script>",
		);
		expect(result.downloads).toHaveLength(10);
		expect(result.more.downloads).toBeGreaterThan(0);
	});
});

describe("a page made so that its long picture fails", () => {
	const long = (onresize: string): string => `<title>long</title><body style="height:3000px"><script>addEventListener("resize",()=>{${onresize}})</script>words`;
	const kinds = (parts: ReadonlyArray<{ kind: PartKind }>): PartKind[] => parts.map(({ kind }) => kind);

	test("100,000 pixels: the first 8,000, and so it says", async () => {
		page("<body style='height:100000px;margin:0'>x");
		const { result, parts } = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(result).toMatchObject({ outcome: "rendered", reason: null, fullPage: { height: 100_000, shown: 8_000, lost: null } });
		const png = parts.find(({ kind }) => kind === "full-page")?.bytes as Buffer;
		expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1366, 8_000]);
	});

	test("too wide as well: its area is bounded", async () => {
		page("<body style='height:100000px;width:100000px;margin:0'>x");
		const { result, parts } = await world.visit("http://public-a.example/", { budget: BUDGET });
		const png = parts.find(({ kind }) => kind === "full-page")?.bytes as Buffer;
		const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
		expect(width).toBe(2 * 1366);
		expect(width * height).toBeLessThanOrEqual(12_500_000);
		expect(result.fullPage).toMatchObject({ height: 100_000, shown: height });
	});

	test("one that packs badly is cut until it may be kept", async () => {
		page(
			"<body style='margin:0'><script>const c=document.createElement('canvas');c.width=1366;c.height=6000;document.body.append(c);const x=c.getContext('2d'),d=x.createImageData(1366,6000),u=new Uint32Array(d.data.buffer);let s=1;for(let i=0;i<u.length;i++){s=Math.imul(s,1664525)+1013904223|0;u[i]=s|0xff000000}x.putImageData(d,0,0)</script>",
		);
		const { result, parts } = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(result.fullPage?.lost).toBeNull();
		expect(result.fullPage?.shown).toBeLessThan(6_000);
		expect(parts.find(({ kind }) => kind === "full-page")?.bytes.length).toBeLessThanOrEqual(8_000_000);
	});

	test("the browser's process ends while it draws: everything else is kept, the loss is said", async () => {
		const running = await launch();
		try {
			// The page is told of the height it is drawn at, and we of it by the page: the step is met exactly.
			const killed = { drawing: false };
			page(long("const x=new XMLHttpRequest();x.open('GET','/drawn',false);x.send()"), {
				"/drawn": () => {
					killed.drawing = true;
					process.kill(-running.pid, "SIGKILL");
				},
			});
			const { result, parts } = await world.visit("http://public-a.example/", { budget: BUDGET, browser: running });
			expect(killed.drawing).toBe(true);
			expect(result).toMatchObject({
				outcome: "rendered",
				reason: null,
				title: "long",
				response: { status: 200 },
				fullPage: { shown: 0, lost: "the browser broke down" },
			});
			expect(result.fullPage?.height).toBeGreaterThanOrEqual(3_000);
			expect(kinds(parts)).toEqual(["content", "markup", "text", "screenshot"]);
		} finally {
			await running.end();
		}
		expect(await groupMembers(running.pid)).toEqual([]);
	});

	test("it takes all memory while it is drawn: the browser is ended, the capture is not lost", async () => {
		page(long("const a=[];for(;;)a.push(new Uint8Array(2e7).fill(1))"));
		const { result, parts } = await world.visit("http://public-a.example/", { budget: { ...BUDGET, memoryBytes: 400_000_000 } });
		expect(result).toMatchObject({ outcome: "rendered", reason: null, fullPage: { shown: 0, lost: "the page took more than 400 MB of memory" } });
		expect(kinds(parts)).toEqual(["content", "markup", "text", "screenshot"]);
	});

	test("it never lets go: the time of one step is lost, no more", async () => {
		page(long("for(;;);"));
		const { result, parts } = await world.visit("http://public-a.example/", { budget: BUDGET });
		expect(result).toMatchObject({ outcome: "rendered", fullPage: { shown: 0, lost: "it could not be drawn in time" } });
		expect(result.tookMs).toBeLessThan(BUDGET.totalMs);
		expect(kinds(parts)).toContain("screenshot");
	});

	test("a page of one window has one picture", async () => {
		page("<body style='margin:0'>short");
		const { result, parts } = await world.visit("http://public-a.example/", { profile: "phone", budget: BUDGET });
		expect(result.fullPage?.lost).toBeNull();
		expect(result.fullPage?.shown).toBe(result.fullPage?.height);
		expect(kinds(parts)).toContain("full-page");
	});
});
