import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TweetPage } from "@/lib/sources/x-tweets";
import { fixturePath } from "./fixtures";
import { answerX, type FakeTweet, type FakeUser, fakeX } from "./twitter";

/** X of the demonstration: an account's home timeline and a list, with posts of these days, and short links that lead somewhere. */

const DEMO_USER = "7";
const DEMO_LIST = "1001";
const EPOCH_MS = 1_288_834_974_657n;
const HOUR_MS = 3_600_000;
const SHORTENER = "/bit.ly/";
const WINDOW_S = 900;

const USERS: readonly FakeUser[] = [
	{ id: "101", name: "Sample Hunter 🦠", username: "sample_hunter" },
	{ id: "102", name: "Sample CERT", username: "sample_cert" },
	{ id: "103", name: "見本 太郎", username: "mihon_taro" },
];

interface Post {
	author: string;
	text: string;
	/** where its links lead, as X says */
	links?: readonly string[];
}

const POSTS: readonly Post[] = [
	{ author: "101", text: "#Emotet C2 up again 🔥\n62.84.75[.]50:80\nhxxp://216.126.225[.]121/bins/arm7\n\nSample: LINK", links: ["https://www.virustotal.com/gui/ip-address/62.84.75.50"] },
	{ author: "102", text: "⚠️ CVE-2025-53770 is used against servers that were patched too late. Details: LINK", links: ["https://bit.ly/sample-advisory"] },
	{ author: "103", text: "フィッシング 🎣 resona-card.qmyz88[.]com カード会社を装うメール LINK", links: ["https://bit.ly/sample-phish"] },
	{ author: "101", text: "Seen in the wild: 4da14224452c1fe61f46b1112c43ecfd9f322c82 👀 @sample_cert &amp; friends" },
	{ author: "102", text: "No indicators today, only advice: use passkeys 🔑👍🏽 LINK LINK", links: ["https://www.cisa.gov/secure-our-world", "https://bit.ly/sample-advisory"] },
];

/** A post at a time; ids carry the time, as X's do. */
function tweetAt(post: Post, time: number, serial: number): FakeTweet {
	const id = String(((BigInt(time) - EPOCH_MS) << 22n) | BigInt(serial));
	const urls = (post.links ?? []).map((expanded, at) => ({ start: 0, end: 0, url: `https://t.co/${id.slice(-9)}${at}`, expanded_url: expanded, display_url: expanded.slice(8).slice(0, 30) }));
	let next = 0;
	const text = post.text.replaceAll("LINK", () => urls[next++]?.url ?? "");
	return {
		id,
		text,
		author_id: post.author,
		created_at: new Date(time).toISOString(),
		lang: post.author === "103" ? "ja" : "en",
		entities: { urls },
		public_metrics: { like_count: serial * 3, retweet_count: serial, reply_count: 0, quote_count: 0 },
	};
}

/** One post every five hours of the last twelve days, and the two pages of X's own documentation. */
function timelines(now: number): { home: FakeTweet[]; list: FakeTweet[]; users: FakeUser[] } {
	const step = 5 * HOUR_MS;
	const last = Math.floor(now / step);
	const posts = Array.from({ length: 58 }, (_, at) => tweetAt(POSTS[(last - at) % POSTS.length] as Post, (last - at) * step + ((last - at) % 50) * 60_000 - HOUR_MS, (last - at) % 900));
	const pages = ["x-home", "x-lists"].map((name) => JSON.parse(readFileSync(fixturePath(name) as string, "utf8")) as TweetPage);
	const [home, list] = pages.map((page) => (page.data ?? []) as unknown as FakeTweet[]) as [FakeTweet[], FakeTweet[]];
	const users = pages.flatMap((page) => (page.includes?.users ?? []) as FakeUser[]);
	return { home: [...posts, ...home], list: [...posts.filter(({ author_id }) => author_id !== "101"), ...list], users: [...USERS, ...users] };
}

const fake = fakeX({
	credentials: [{ token: "demo-account", signing: { appSecret: "demo-app-secret", accessSecret: "demo-account-secret" }, userId: DEMO_USER }, { token: "demo-bearer" }],
});

/** Answers where the path is one of X's, or of the shortener that its posts use. */
export function answerTwitter(request: IncomingMessage, response: ServerResponse): boolean {
	const path = request.url ?? "/";
	if (path.startsWith(SHORTENER)) {
		response.writeHead(301, { location: path.includes("phish") ? "https://resona-card.qmyz88.com/eaywrtxx/" : "https://www.cisa.gov/news-events/cybersecurity-advisories" }).end();
		return true;
	}
	if (!path.startsWith("/api.x.com/")) return false;
	const now = Date.now();
	const { home, list, users } = timelines(now);
	const window = Math.floor(now / 1000 / WINDOW_S);
	if (fake.resetAt !== (window + 1) * WINDOW_S) for (const credential of fake.credentials) delete credential.remaining;
	fake.resetAt = (window + 1) * WINDOW_S;
	fake.asked.length = 0;
	Object.assign(fake, { home: { [DEMO_USER]: home }, lists: { [DEMO_LIST]: list }, posts: [...home].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1)), users });
	answerX(fake, request, response, new URL(path.slice("/api.x.com".length), "https://api.x.com"));
	return true;
}
