import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZodError } from "zod";
import { canonicalise, type Indicator } from "@/lib/domain";
import { type EnricherDefinition, ProviderFailure } from "@/lib/enrichers/define";
import { fitEnrichment, fitRaw, masker } from "@/lib/lookup/fit";
import { enricherFixture, type FakeProvider, MISBEHAVIOURS, startFakeProvider } from "../fakes/enrichers";
import { enrich, indicator, testTools } from "./enrich";

/** A key as tests set it; it must show up nowhere but where the provider wants it. */
export const KEY = "canary-0123456789abcdef";

export interface Contract {
	/** a value that the fixture is about */
	value: string;
	/** file below `tests/fixtures/enrichers` */
	file: string;
	/** what must be asked: `host/path?query` as it stands in the request */
	path: string;
	method?: "GET" | "POST";
	headers?: Readonly<Record<string, string>>;
	body?: string;
	/** the provider takes its key in the query and nowhere else */
	keyInQuery?: true;
	/** members that say what kind of answer it is: those stay as they are when everything else is turned into rubbish */
	keeps?: readonly string[];
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const HOSTILE = "<script>alert(1)</script>\u0000\u001b[31m\u202e\ud800javascript:alert(2)";
const RUBBISH: readonly Json[] = [null, 42, "text", true, [], [null], {}, [[]], -1.5];

/** A copy with every text replaced but those of members to keep. */
function withTexts(value: Json, text: string, keeps: readonly string[], name = ""): Json {
	if (typeof value === "string") return keeps.includes(name) ? value : text;
	if (Array.isArray(value)) return value.map((one) => withTexts(one, text, keeps, name));
	if (value === null || typeof value !== "object") return value;
	return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTexts(member, text, keeps, key)]));
}

/** Copies in each of which one member, however deep, is something else or missing. */
function* damaged(value: Json): Generator<Json> {
	yield* RUBBISH;
	if (Array.isArray(value)) {
		for (const inner of value.length === 0 ? [] : damaged(value[0] as Json)) yield [inner, ...value.slice(1)];
	} else if (value !== null && typeof value === "object") {
		for (const name of Object.keys(value)) {
			const { [name]: member, ...rest } = value;
			yield rest;
			for (const inner of damaged(member as Json)) yield { ...rest, [name]: inner };
		}
	}
}

function* indicatorsIn(value: unknown): Generator<Indicator> {
	if (Array.isArray(value)) for (const one of value) yield* indicatorsIn(one);
	else if (value !== null && typeof value === "object") {
		const { indicator: one, indicators } = value as { indicator?: Indicator; indicators?: Indicator[] };
		if (one !== undefined) yield one;
		if (indicators !== undefined) yield* indicators;
		for (const member of Object.values(value)) yield* indicatorsIn(member);
	}
}

/** What every enricher that asks a provider must do, whoever the provider is. */
export function keepsContract(definition: EnricherDefinition, contract: Contract): void {
	const { value, file, path, method = "GET", headers = {}, body = "", keyInQuery, keeps = [] } = contract;
	const secret = definition.secret === undefined ? {} : { secret: KEY };
	const fixture = (): Json => JSON.parse(enricherFixture(file)) as Json;
	/** The answer as pages get it, from a body that the provider is said to have sent. */
	const answering = async (sent: Json) => {
		const found = await definition.ask(indicator(value), { ...testTools("http://127.0.0.1:9", secret), json: async () => sent });
		const mask = masker([KEY]);
		return found === null ? null : { enrichment: fitEnrichment(found.enrichment, mask), raw: fitRaw(found.raw, mask) };
	};

	describe(`${definition.name} and ${value}`, () => {
		let provider: FakeProvider;
		const asked: Array<{ url: string; method: string; headers: Record<string, unknown>; body: string }> = [];
		beforeAll(async () => {
			provider = await startFakeProvider();
		});
		afterAll(() => provider.stop());
		const reply = (how: object) => {
			provider.replies = {
				[path.split("?")[0] as string]: (request) => {
					asked.push({ url: request.url.pathname.slice(1) + request.url.search, method: request.method, headers: request.headers, body: request.body });
					return how;
				},
			};
		};

		it("asks one thing, in the way the provider documents, its key in no URL", async () => {
			reply({ file });
			asked.length = 0;
			provider.asked.length = 0;
			const found = await enrich(definition, value, provider.url, secret);
			expect(found).not.toBeNull();
			expect(provider.asked).toHaveLength(1);
			expect(asked[0]).toMatchObject({ url: path, method, headers, body });
			if (keyInQuery !== true) expect(asked[0]?.url).not.toContain(KEY);
			expect(JSON.stringify(found)).not.toContain(KEY);
			expect(new URL(found?.enrichment.link ?? "").protocol).toBe("https:");
		});

		it.each(["unauthorised", "forbidden", "limited", "broken", "html", "halfJson", "empty", "tooLarge"] as const)("says what is wrong when the provider is %s, without the key", async (how) => {
			reply(MISBEHAVIOURS[how]);
			const error = await enrich(definition, value, provider.url, secret).then(
				() => undefined,
				(failure: unknown) => failure,
			);
			expect(error).toBeInstanceOf(ProviderFailure);
			expect((error as ProviderFailure).kind).toBe({ unauthorised: "refused", forbidden: "refused", limited: "limited" }[how as string] ?? "failed");
			expect((error as ProviderFailure).message).not.toContain(KEY);
		});

		it("takes 404 for nothing known", async () => {
			reply(MISBEHAVIOURS.unknown);
			expect(await enrich(definition, value, provider.url, secret)).toBeNull();
		});

		it.each([["markup and control characters", HOSTILE, 200_000] as const, ["a megabyte of text", "x".repeat(1_000_000), 1_000_000] as const])(
			"shows %s as plain, bounded text",
			async (_what, text, most) => {
				const found = await answering(withTexts(fixture(), text, keeps));
				expect(found).not.toBeNull();
				const shown = JSON.stringify(found?.enrichment);
				expect(shown.length).toBeLessThan(most);
				expect(shown).not.toMatch(/\\u0000|\\u001b|\u202e|\\ud800/);
				expect(JSON.stringify(found?.raw).length).toBeLessThanOrEqual(100_000);
				// The page is the provider's own, whatever its answer calls one.
				expect(new URL(found?.enrichment.link ?? "").host.split(".").slice(-2)).toEqual(new URL(definition.homepage).host.split(".").slice(-2));
				for (const one of indicatorsIn(found?.enrichment)) expect(canonicalise(one.value, one.type)).toEqual({ ok: true, indicator: one });
			},
		);

		it("survives any member that is missing or of another type", async () => {
			let answered = 0;
			for (const sent of damaged(fixture())) {
				try {
					const found = await answering(sent);
					if (found !== null) answered++;
					for (const one of indicatorsIn(found?.enrichment)) expect(canonicalise(one.value, one.type)).toEqual({ ok: true, indicator: one });
				} catch (error) {
					if (!(error instanceof ZodError) && !(error instanceof ProviderFailure)) throw error;
				}
			}
			// Most members are no reason to have no answer at all.
			expect(answered).toBeGreaterThan(20);
		});

		it("gives only canonical indicators", async () => {
			const found = await answering(fixture());
			for (const one of indicatorsIn(found?.enrichment)) expect(canonicalise(one.value, one.type)).toEqual({ ok: true, indicator: one });
		});
	});
}
