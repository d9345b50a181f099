import { z } from "zod";
import { CATEGORIES } from "@/lib/domain/category";
import { INDICATOR_TYPES } from "@/lib/domain/indicator";
import { type Answer, BULK_KINDS, type BulkAnswer, EXPOSURES } from "@/lib/lookup";

/** Answers of lookups as the API describes them; `lib/lookup/states.ts` has the same for the code. */

const indicator = z.object({ type: z.string(), value: z.string() });
const tone = z.enum(["bad", "warn", "none"]);
const label = z.string();

const fact = z.discriminatedUnion("kind", [
	z.object({ label, kind: z.literal("text"), text: z.string(), tone: tone.optional() }),
	z.object({ label, kind: z.literal("share"), part: z.number(), of: z.number(), tone: tone.optional() }),
	z.object({ label, kind: z.literal("number"), value: z.number(), tone: tone.optional() }),
	z.object({ label, kind: z.literal("indicators"), indicators: z.array(indicator), more: z.number().optional() }),
	z.object({ label, kind: z.literal("time"), at: z.string(), youngDays: z.number().optional() }),
	z.object({ label, kind: z.literal("tags"), tags: z.array(z.string()), tone: tone.optional() }),
	z.object({ label, kind: z.literal("link"), text: z.string(), href: z.string() }),
]);
const cell = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("text"), text: z.string(), tone: tone.optional() }),
	z.object({ kind: z.literal("indicator"), indicator }),
	z.object({ kind: z.literal("time"), at: z.string() }),
	z.object({ kind: z.literal("number"), value: z.number() }),
]);
const enrichment = z.object({
	summary: z.string(),
	tone,
	facts: z.array(fact),
	tables: z.array(z.object({ title: z.string(), columns: z.array(z.string()), rows: z.array(z.array(cell)), more: z.number() })).optional(),
	link: z.string().optional().describe("page at the provider"),
	downloads: z.array(z.object({ label: z.string(), id: z.string() })).optional(),
});
const held = z.discriminatedUnion("why", [
	z.object({ why: z.literal("not-configured"), variable: z.string().describe("to be set by the operator") }),
	z.object({ why: z.literal("reach") }),
	z.object({ why: z.literal("off"), reason: z.string() }),
]);

export const offerShape = z.object({
	id: z.string(),
	name: z.string(),
	homepage: z.string(),
	exposure: z.enum(EXPOSURES).describe("who sees the value: nobody outside, the provider, the target as well"),
	held: held.nullable().describe("why it will not be asked"),
	left: z.object({ calls: z.number(), of: z.number(), resetAt: z.string() }).nullable().describe("calls left in the tightest window, where any were counted"),
});

const asked = { askedAt: z.string(), keptUntil: z.string(), kept: z.boolean().describe("an answer of earlier") };

const states = z.discriminatedUnion("state", [
	z.object({ state: z.literal("found"), enrichment, raw: z.unknown().describe("what the provider sent, cut where it is long"), ...asked }),
	z.object({ state: z.literal("unknown"), ...asked }),
	z.object({ state: z.literal("off"), held }),
	z.object({
		state: z.literal("limited"),
		by: z.enum(["provider", "quota", "share"]).describe("the provider's own limit, what this installation keeps to, or the share of it that is yours"),
		until: z.string(),
		reason: z.string().optional().describe("with `share`: how large it is"),
	}),
	z.object({ state: z.literal("failed"), reason: z.string(), again: z.string() }),
	z.object({ state: z.literal("timeout"), afterMs: z.number(), again: z.string() }),
]);

/** Lists that may not be changed and values that are canonical are the code's own words; on the wire they are the same. A test reads real answers with it. */
export const answerShape = states as unknown as z.ZodType<Answer>;

const bulkSource = z.object({ number: z.int(), name: z.string() });

const bulkAnswer = z.object({
	line: z.int().describe("of the body, or place in its list, from 1"),
	value: z.string().describe("as it was given; cut where it has more than 10,000 characters, which is no indicator"),
	indicator: z
		.object({ type: z.enum(INDICATOR_TYPES), value: z.string().describe("in canonical form"), port: z.int().nullable().describe("that stood beside the address") })
		.nullable()
		.describe("null where it is none"),
	kind: z.enum(BULK_KINDS).describe("listed by a source now; known: listed once, or what contains it is listed, or a record names it; not listed, which is no verdict; invalid"),
	reason: z.string().describe("in words"),
	category: z.enum(CATEGORIES).nullable().describe("the worst that a source says of it, or else of what contains it, now"),
	sources: z.array(bulkSource.extend({ category: z.enum(CATEGORIES), listed: z.boolean().describe("still") })),
	firstSeen: z.iso.datetime().nullable(),
	lastSeen: z.iso.datetime().nullable(),
	containing: z
		.array(
			z.object({
				relation: z.enum(["host", "parent", "block"]).describe("its host, a domain above, a block around"),
				type: z.enum(INDICATOR_TYPES),
				value: z.string(),
				category: z.enum(CATEGORIES),
				sources: z.array(bulkSource),
				warning: z.string().nullable(),
			}),
		)
		.describe("what contains it and is listed now"),
	records: z.record(z.string(), z.int()).describe("records of the other resources that name it, by resource's tracker"),
	warning: z.string().nullable().describe("list of well-known values it stands on"),
	page: z.url().nullable().describe("its page"),
}) satisfies z.ZodType<BulkAnswer & { line: number }>;

export const bulkShape = z.object({
	answers: z.array(bulkAnswer),
	summary: z.object({ values: z.int(), listed: z.int(), known: z.int(), notListed: z.int(), invalid: z.int() }),
});
