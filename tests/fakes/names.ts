import { createSocket, type RemoteInfo } from "node:dgram";
import type { AddressInfo } from "node:net";
import { addressBytes } from "@/lib/domain";

/** A name server on loopback UDP that knows what it is told (RFC 1035, as much of it as a resolver asks for). */

const TYPES: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, CAA: 257 };
const CODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** Records of a name in their usual text form, or how asking for it fails; `silent`: no answer ever. */
export type Zone = Readonly<Record<string, Readonly<Partial<Record<string, readonly string[]>>> | keyof typeof CODES | "silent">>;

function nameBytes(name: string): Buffer {
	const labels = name.split(".").filter((label) => label !== "");
	return Buffer.concat([...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")])), Buffer.from([0])]);
}

function numbers(values: readonly number[], width: 2 | 4): Buffer {
	const bytes = Buffer.alloc(values.length * width);
	for (const [at, value] of values.entries()) bytes.writeUIntBE(value, at * width, width);
	return bytes;
}

/** A TXT's text in parts of 255 bytes. */
function textBytes(text: string): Buffer {
	const bytes = Buffer.from(text, "utf8");
	const parts: Buffer[] = [];
	for (let at = 0; at === 0 || at < bytes.length; at += 255) {
		const part = bytes.subarray(at, at + 255);
		parts.push(Buffer.from([part.length]), part);
	}
	return Buffer.concat(parts);
}

function dataOf(type: string, text: string): Buffer {
	const words = text.split(" ");
	if (type === "A") return Buffer.from(addressBytes(text).slice(12));
	if (type === "AAAA") return Buffer.from(addressBytes(text));
	if (type === "MX") return Buffer.concat([numbers([Number(words[0])], 2), nameBytes(words[1] ?? "")]);
	if (type === "TXT") return textBytes(text);
	if (type === "SOA") return Buffer.concat([nameBytes(words[0] ?? ""), nameBytes(words[1] ?? ""), numbers(words.slice(2).map(Number), 4)]);
	return nameBytes(text);
}

/** Name, type and end of the first question of a packet. */
function questionOf(packet: Buffer): { name: string; type: string | undefined; end: number } {
	const labels: string[] = [];
	let at = 12;
	for (let length = packet[at] ?? 0; length !== 0; length = packet[at] ?? 0) {
		labels.push(packet.subarray(at + 1, at + 1 + length).toString("latin1"));
		at += length + 1;
	}
	const number = packet.readUInt16BE(at + 1);
	return { name: labels.join(".").toLowerCase(), type: Object.keys(TYPES).find((one) => TYPES[one] === number), end: at + 5 };
}

function replyTo(packet: Buffer, zone: Zone): Buffer | null {
	const { name, type, end } = questionOf(packet);
	const known = Object.hasOwn(zone, name) ? zone[name] : "NXDOMAIN";
	if (known === "silent" || known === undefined) return null;
	const code = typeof known === "string" ? CODES[known] : 0;
	const found = typeof known === "string" || type === undefined ? [] : (known[type] ?? []).map((text) => dataOf(type, text));
	const header = Buffer.alloc(12);
	packet.copy(header, 0, 0, 2);
	header.writeUInt16BE(0x8180 | code, 2);
	header.writeUInt16BE(1, 4);
	header.writeUInt16BE(found.length, 6);
	const rows = found.flatMap((data) => [Buffer.from([0xc0, 12]), numbers([TYPES[type ?? ""] ?? 0, 1], 2), numbers([60], 4), numbers([data.length], 2), data]);
	return Buffer.concat([header, packet.subarray(12, end), ...rows]);
}

export interface NameServer {
	address: string;
	/** `name type` of every question that came */
	asked: string[];
	stop: () => Promise<void>;
}

/** Starts it on a port (0: any) of loopback. */
export async function startNameServer(zone: Zone, port = 0): Promise<NameServer> {
	const socket = createSocket("udp4");
	const asked: string[] = [];
	socket.on("message", (packet: Buffer, from: RemoteInfo) => {
		const { name, type } = questionOf(packet);
		asked.push(`${name} ${type}`);
		const reply = replyTo(packet, zone);
		if (reply !== null) socket.send(reply, from.port, from.address);
	});
	await new Promise<void>((resolve, reject) => {
		socket.once("error", reject);
		socket.bind(port, "127.0.0.1", resolve);
	});
	return { address: `127.0.0.1:${(socket.address() as AddressInfo).port}`, asked, stop: () => new Promise((resolve) => socket.close(() => resolve())) };
}
