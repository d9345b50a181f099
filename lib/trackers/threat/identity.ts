import { hash } from "node:crypto";

/**
 * Identity of what MISP knows by UUID. Events: a hash of the UUID, whichever way they came. Their parts: the UUID's own 16 bytes,
 * below the event.
 */

function hash16(text: string): Buffer {
	return hash("sha256", text, "buffer").subarray(0, 16);
}

export function eventId(uuid: string): Buffer {
	return hash16(`threat\0${uuid}`);
}

export function uuidBytes(uuid: string): Buffer {
	return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

export function uuidText(bytes: Buffer): string {
	const hex = bytes.toString("hex");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether a text is written as a UUID. */
export function isUuid(text: string): boolean {
	return UUID.test(text);
}

/**
 * The number of something that no server numbered: from its UUID, from 2^52 to 2^53, so that it is a whole number to every JSON
 * reader and never one of a server's.
 */
export function derivedNumber(uuid: string): number {
	return 2 ** 52 + Number(hash("sha256", `number\0${uuid}`, "buffer").readBigUInt64BE(0) >> 12n);
}

export function tagId(name: string): Buffer {
	return hash16(`tag\0${name}`);
}

/** An organisation by its UUID; by its name where it has none. */
export function orgId(org: { uuid?: string; name: string }): Buffer {
	return hash16(org.uuid === undefined ? `org-name\0${org.name}` : `org\0${org.uuid}`);
}

/** What an exact look-up of a value goes by, whatever its length and case. */
export function valueKey(value: string): Buffer {
	return hash("sha256", value.toLowerCase(), "buffer").subarray(0, 8);
}

/**
 * Nothing equals it. A part that is marked so is written again when it comes back; an event that carries it and is not deleted is
 * not whole: it is being written in portions, or that was interrupted.
 */
export const NO_DIGEST = Buffer.alloc(8);
