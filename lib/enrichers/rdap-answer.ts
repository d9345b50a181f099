import { z } from "zod";
import { ProviderFailure } from "./define";

/**
 * What RDAP servers really send (RFC 9083 with everything that breaks it): members that should be lists come as one object or one
 * text, contacts are nested in contacts, vCards hold lists in lists. Whatever is not understood is left out.
 */

const anything = z.looseObject({});
type Member = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 6;

/** A list, whatever came in place of one. */
function listOf(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	return value === undefined || value === null ? [] : [value];
}

function membersOf(value: unknown): Member[] {
	return listOf(value).filter((one): one is Member => anything.safeParse(one).success && !Array.isArray(one));
}

function textOf(value: unknown): string | undefined {
	return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function textsOf(value: unknown): string[] {
	return listOf(value).flatMap((one) => textOf(one) ?? []);
}

/** Every contact with its roles, those inside contacts included. */
function contacts(value: unknown, depth = 0): Member[] {
	if (depth > MAX_DEPTH) return [];
	return membersOf(value).flatMap((contact) => [contact, ...contacts(contact.entities, depth + 1)]);
}

/** First value of a vCard property, however deep the card lies: `["email", {}, "text", "abuse@example.com"]` */
function cardValue(card: unknown, property: string, depth = 0): string | undefined {
	if (!Array.isArray(card) || depth > MAX_DEPTH) return undefined;
	if (typeof card[0] === "string" && card[0].toLowerCase() === property && card.length >= 4) return textsOf(card.slice(3).flat(3))[0];
	for (const part of card) {
		const found = cardValue(part, property, depth + 1);
		if (found !== undefined) return found;
	}
	return undefined;
}

function named(contact: Member | undefined): string | undefined {
	if (contact === undefined) return undefined;
	return cardValue(contact.vcardArray, "fn") ?? cardValue(contact.vcardArray, "org") ?? textOf(contact.handle);
}

export interface Registration {
	registrar: string | undefined;
	registrant: string | undefined;
	abuse: string | undefined;
	registered: string | undefined;
	changed: string | undefined;
	expires: string | undefined;
	status: string[];
	nameservers: string[];
	/** of networks */
	network: { name: string | undefined; handle: string | undefined; range: string | undefined; country: string | undefined; kind: string | undefined };
	signed: boolean | undefined;
}

function range(answer: Member): string | undefined {
	const blocks = membersOf(answer.cidr0_cidrs).flatMap((block) => {
		const prefix = textOf(block.v4prefix) ?? textOf(block.v6prefix);
		return prefix === undefined ? [] : [`${prefix}/${Number(block.length)}`];
	});
	if (blocks.length > 0) return blocks.join(", ");
	const [from, to] = [textOf(answer.startAddress), textOf(answer.endAddress)];
	return from === undefined || to === undefined ? undefined : `${from} – ${to}`;
}

/** An RDAP answer as what it says; null where the registry says by an error of its own, with status 200, that it has no such entry. Throws `ProviderFailure` for its other errors. */
export function readRdap(raw: unknown): Registration | null {
	const answer: Member = anything.parse(raw);
	if (answer.errorCode !== undefined) {
		const code = Number(answer.errorCode);
		if (code === 404) return null;
		throw new ProviderFailure(code === 429 ? "limited" : "failed", `the registry answered with its error ${Number.isFinite(code) ? code : "of no number"}`);
	}
	const people = contacts(answer.entities);
	const withRole = (role: string): Member | undefined => people.find((contact) => textsOf(contact.roles).some((one) => one.toLowerCase() === role));
	const events = membersOf(answer.events);
	const event = (...actions: string[]): string | undefined =>
		events.flatMap(({ eventAction, eventDate }) => (actions.includes(textOf(eventAction)?.toLowerCase() ?? "") ? (textOf(eventDate) ?? []) : []))[0];
	const abuse = withRole("abuse");
	return {
		registrar: named(withRole("registrar")),
		registrant: named(withRole("registrant")),
		abuse: abuse === undefined ? undefined : cardValue(abuse.vcardArray, "email"),
		registered: event("registration"),
		changed: event("last changed"),
		expires: event("expiration", "registrar expiration"),
		status: textsOf(answer.status),
		nameservers: membersOf(answer.nameservers).flatMap(({ ldhName, unicodeName }) => textOf(ldhName) ?? textOf(unicodeName) ?? []),
		network: { name: textOf(answer.name), handle: textOf(answer.handle), range: range(answer), country: textOf(answer.country), kind: textOf(answer.type) },
		signed: membersOf(answer.secureDNS).map(({ delegationSigned }) => (typeof delegationSigned === "boolean" ? delegationSigned : undefined))[0],
	};
}
