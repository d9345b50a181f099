import { z } from "zod";
import { integerParameter, listParameter, textParameter } from "@/lib/trackers";
import { defineEndpoint, definePost, type Endpoint } from "./endpoint";
import { backtestShape, checkShape, hitShape, hunterShape, KIND_IDS } from "./hunter-shapes";

const hunter = { id: "`id` of a hunter" };
const kind = z.enum(KIND_IDS, `say which records are looked at, one of ${KIND_IDS.join(", ")}`).describe("kind of hunter");
const query = z.string("write what to look for").max(20_000, "is longer than 20,000 characters; 2,000 are read").describe("as the form of a hunter takes it");

export const huntersEndpoint = defineEndpoint({
	path: "/api/hunters",
	title: "Hunters",
	says: "Saved queries that new and changed records are held against, by kind and name.",
	parameters: { kinds: listParameter("kind", KIND_IDS, { description: "only hunters of these kinds", example: "news,threat" }) },
	answer: z.object({ results: z.array(hunterShape) }),
	cost: "read",
});

export const oneHunterEndpoint = defineEndpoint({
	path: "/api/hunters/{id}",
	title: "One hunter",
	says: "What it looks for, how it does, where its hits are told.",
	parameters: {},
	segments: hunter,
	answer: hunterShape,
	cost: "read",
});

export const hitsEndpoint = defineEndpoint({
	path: "/api/hunters/{id}/hits",
	title: "Hits of a hunter",
	says: "Records it found, newest first, each once. As `csv` all of them.",
	parameters: {
		most: { ...integerParameter("limit", { min: 1, max: 200 }, { description: "hits of a page, 50 unless given", example: "100" }), fallback: 50 },
		from: textParameter("cursor", { description: "where the page begins: opaque, from `next` of another answer", example: "1764000000000-0f8fad5bd9cb469fa165708677289501" }),
		format: listParameter("format", ["json", "csv"], { description: "json unless given", example: "csv" }),
	},
	segments: hunter,
	answer: z.object({ next: z.url().nullable().describe("address of the next page"), results: z.array(hitShape) }),
	cost: "read",
	costs: "a page of JSON",
});

export const checkEndpoint = definePost({
	path: "/api/hunters/check",
	title: "Check a query",
	says: "How a query is read: what is wrong with it and where, or what each term is taken for. Nothing is stored or searched.",
	parameters: {},
	body: z.object({ kind, query, name: z.string().max(1000).default("").describe("of the hunter, for the channel"), channel: z.string().max(1000).default("").describe("a channel of one's own") }),
	answer: checkShape,
	cost: "read",
});

export const backtestEndpoint = definePost({
	path: "/api/hunters/backtest",
	title: "Backtest",
	says: "Holds a query against the records of the last 30 days, newest first, and answers while it goes: one JSON a line. `progress` lines, `sample` lines with the first hits, and at the end `done`; where that is missing the answer is not whole. Nothing is stored or told.",
	parameters: {},
	body: z.object({
		kind,
		query,
		digestOver: z
			.int("is a whole number from 1 to 1000")
			.min(1, "is a whole number from 1 to 1000")
			.max(1000, "is a whole number from 1 to 1000")
			.default(10)
			.describe("more hits than this at a time would be told in one message"),
	}),
	answer: backtestShape,
	also: { bodies: {}, answers: { "application/x-ndjson": "one line of these shapes after the other" } },
	role: "analyst",
	scope: "run",
	cost: "export",
});

export const hunterEndpoints: readonly Endpoint[] = [huntersEndpoint, oneHunterEndpoint, hitsEndpoint, checkEndpoint, backtestEndpoint];
