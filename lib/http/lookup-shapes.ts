import { z } from "zod";
import { type Answer, EXPOSURES } from "@/lib/lookup";

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
	z.object({ state: z.literal("limited"), by: z.enum(["provider", "quota"]), until: z.string() }),
	z.object({ state: z.literal("failed"), reason: z.string(), again: z.string() }),
	z.object({ state: z.literal("timeout"), afterMs: z.number(), again: z.string() }),
]);

/** Lists that may not be changed and values that are canonical are the code's own words; on the wire they are the same. A test reads real answers with it. */
export const answerShape = states as unknown as z.ZodType<Answer>;
